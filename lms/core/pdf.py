"""Documents on paper: a template becomes a PDF with our own fonts, or fails aloud.

xhtml2pdf only warns when a glyph is missing or a file cannot be read, and then prints a box; here
every warning is a failure. It puts letters in order for right-to-left scripts
and joins Arabic ones, but does no shaping: scripts that need it would come out wrong without a
word. `core.lettering` sets those, and only scripts whose print somebody has looked at are let
through.
"""

import html as html_module
import io
import logging
import re
import threading
import unicodedata
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from lms.core import lettering

# Family, weight, file below FONT_DIR. The order in a template's font-family is the order of search.
FONTS = [
    ("Noto Sans", "normal", "noto-sans/400Regular/NotoSans_400Regular.ttf"),
    ("Noto Sans", "bold", "noto-sans/700Bold/NotoSans_700Bold.ttf"),
    ("Noto Sans Arabic", "normal", "noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf"),
    ("Noto Sans Arabic", "bold", "noto-sans-arabic/700Bold/NotoSansArabic_700Bold.ttf"),
]
# Scripts as Unicode names their letters; these were drawn and looked at. Noto Sans has Devanagari
# too, and would print it unshaped.
SCRIPTS = {"LATIN", "GREEK", "CYRILLIC", "ARABIC", "COMBINING", "MODIFIER", "MICRO"}
SCRIPTS |= {"FEMININE", "MASCULINE"} | lettering.LETTERED

# Said when a long office name makes the foot a little smaller; that is what it should do.
_HARMLESS = "The content of the static frame"
_NO_GLYPH = "No font this document has can draw"
_library = logging.getLogger("xhtml2pdf")
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_TAG = re.compile(r"<style.*?</style>|<[^>]*>", re.DOTALL)


class NotDrawable(Exception):  # noqa: N818 - what the document is, not an error of the code
    """Some letters of the document cannot be printed as they should be read; says which."""


class DrawingError(Exception):
    """Something about the site keeps it from drawing: a font or a picture that is not there."""


def draw(
    template: str,
    context: dict[str, Any],
    *,
    language: str,
    watermark: str = "",
    backdrop: bytes = b"",
) -> bytes:
    """The PDF of `template`, rendered in `language`, with `watermark` across every page.

    The one page of `backdrop`, if given, lies below the text of every page.

    The template begins with `<html lang>`, a `<title>` and a `<meta name="author">`, which become
    the document's own, and takes `{{ font_faces }}` into its style. Nothing is read but the fonts
    and what the template carries itself. Raises NotDrawable for a glyph no font has and for a
    script that would come out wrong, DrawingError for anything else the library merely warns of.
    """
    # Loading these takes a second, which a process that draws nothing should not wait for.
    from xhtml2pdf import pisa  # noqa: PLC0415
    from xhtml2pdf.config.resources import ResourceAccessPolicy  # noqa: PLC0415

    with translation.override(language):
        page = render_to_string(template, {**context, "font_faces": font_faces()})
    html = unicodedata.normalize("NFC", page)
    if unprintable := unprintable_letters(html):
        raise NotDrawable(f"No way to print these letters yet: {' '.join(sorted(unprintable))}")
    # The policy, not a link_callback, guards files: the library reads some without asking one.
    policy = ResourceAccessPolicy.server(base_dir=_font_folder(), allow_remote=False)
    drawn = io.BytesIO()
    with _lettered(html, language) as (lettered, written), _listening() as warnings:
        pisa.CreatePDF(lettered, dest=drawn, encoding="utf-8", resource_policy=policy)
    if any(not warning.startswith(_NO_GLYPH) for warning in warnings):
        raise DrawingError("; ".join(warnings))
    if warnings:
        raise NotDrawable("; ".join(warnings))
    if written:
        drawn = _say(drawn, written)
    if backdrop:
        drawn = _with_backdrop(drawn, backdrop)
    return _with_watermark(drawn, watermark) if watermark else drawn.getvalue()


def join(pieces: Sequence[bytes], *, label: str) -> bytes:
    """One document of several on sheets of one size, with its page at the foot on the right.

    Laying out takes ever longer as a document grows, and the library gives up after a minute: what
    may be long is drawn in pieces. `label` has {page} and {pages}, in letters of Latin-1.
    """
    from pypdf import PdfReader, PdfWriter  # noqa: PLC0415 - as above
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pieces[0])))
    for piece in pieces[1:]:
        writer.append(PdfReader(io.BytesIO(piece)))
    feet = io.BytesIO()
    first = writer.pages[0].mediabox
    width, height = float(first.width), float(first.height)
    canvas = Canvas(feet, pagesize=(width, height))
    for number in range(1, len(writer.pages) + 1):
        canvas.setFont("Helvetica", 7.5)
        words = label.format(page=number, pages=len(writer.pages))
        canvas.drawRightString(width - 36, 24, words)
        canvas.showPage()
    canvas.save()
    for page, foot in zip(writer.pages, PdfReader(feet).pages, strict=True):
        page.merge_page(foot)
    joined = io.BytesIO()
    writer.write(joined)
    return joined.getvalue()


@dataclass(frozen=True)
class _Written:
    """What a document with set letters says: its title, and the text each of them stands for."""

    title: str
    spoken: dict[str, str]


@contextmanager
def _lettered(html: str, language: str) -> Iterator[tuple[str, "_Written | None"]]:
    """The document with its letters set (`core.lettering`), and what it says in writing.

    Afterwards the libraries forget its font again, which no other document can use. Raises
    NotDrawable for letters our fonts lack, DrawingError for a font that is not there.
    """
    if not lettering.needs_lettering(html, language=language):
        yield html, None
        return
    family = f"letters{uuid.uuid4().hex}"
    try:
        # The library looks for glyphs of the title, too, which is drawn nowhere.
        title = _TITLE.search(html)
        untitled = _TITLE.sub("", html, count=1)
        lettered, letters = lettering.letter(untitled, family=family, language=language)
        faces = letters.font_faces()
    except lettering.NoLetterError as problem:
        raise NotDrawable(f"{_NO_GLYPH}: {problem}") from problem
    except FileNotFoundError as problem:
        raise DrawingError(str(problem)) from problem
    try:
        lettered = lettered.replace("<style>", f"<style>{faces}", 1)
        words = html_module.unescape(title[1]).strip() if title else ""
        yield lettered, _Written(title=words, spoken=letters.spoken)
    finally:
        _forget_font(family)


def _forget_font(family: str) -> None:
    """Fonts are registered for good in these libraries; one of a single document must go again."""
    from reportlab.lib import fonts  # noqa: PLC0415 - as above
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415
    from xhtml2pdf import context, util  # noqa: PLC0415

    for name in [name for name in pdfmetrics.getRegisteredFontNames() if family in name]:
        pdfmetrics.getFont(name).unregister()
    for book in (
        fonts._tt2ps_map,  # noqa: SLF001 - there is no other way to take a font back
        fonts._ps2tt_map,  # noqa: SLF001
        context._embedded_font_source,  # noqa: SLF001
        util._font_coverage,  # noqa: SLF001
    ):
        for key in [key for key in list(book) if family in str(key)]:
            book.pop(key, None)


_MEANS = re.compile(rb"<([0-9A-F]{2})> <([0-9A-F]{4,6})>")


def _say(drawn: io.BytesIO, written: _Written) -> io.BytesIO:
    """The same document, which is read, copied and found as it was written."""
    from pypdf import PdfReader, PdfWriter  # noqa: PLC0415 - as above
    from pypdf.generic import (  # noqa: PLC0415
        DictionaryObject,
        NameObject,
        StreamObject,
        TextStringObject,
    )

    letters = str.maketrans(written.spoken)

    def meaning(found: re.Match[bytes]) -> bytes:
        text = written.spoken.get(chr(int(found[2], 16)))
        if text is None:
            return found[0]
        return b"<%s> <%s>" % (found[1], text.encode("utf-16-be").hex().upper().encode())

    writer = PdfWriter(clone_from=PdfReader(drawn))
    for one in list(writer._objects):  # noqa: SLF001 - every object: fonts, and marks in the outline
        if not isinstance(one, DictionaryObject):
            continue
        table = one.get("/ToUnicode")
        table = table.get_object() if table is not None else None
        if isinstance(table, StreamObject):
            table.set_data(_MEANS.sub(meaning, table.get_data()))
        if isinstance(one.get("/Title"), str):
            said = str(one["/Title"]).translate(letters)
            one[NameObject("/Title")] = TextStringObject(said)
    writer.add_metadata({"/Title": written.title})
    saying = io.BytesIO()
    writer.write(saying)
    saying.seek(0)
    return saying


class _Ears(logging.Handler):
    """Hears what the library warns of in this thread; others may be drawing, too."""

    def __init__(self, heard: list[str]) -> None:
        super().__init__(logging.WARNING)
        self.heard = heard
        self.thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self.thread and not str(record.msg).startswith(_HARMLESS):
            self.heard.append(record.getMessage().partition("\n")[0])


@contextmanager
def _listening() -> Iterator[list[str]]:
    heard: list[str] = []
    ears = _Ears(heard)
    _library.addHandler(ears)
    try:
        yield heard
    finally:
        _library.removeHandler(ears)


def unprintable_letters(html: str) -> set[str]:
    """The letters of the document's text whose script we cannot print right."""
    text = html_module.unescape(_TAG.sub(" ", html))
    return {
        character
        for character in set(text)
        if unicodedata.category(character)[0] in "LM"
        and unicodedata.name(character, "UNKNOWN").split()[0] not in SCRIPTS
    }


def font_faces() -> str:
    """The @font-face rules for our fonts, by file."""
    folder = _font_folder()
    return "\n".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; '
        f'src: url("{folder / name}"); }}'
        for family, weight, name in FONTS
    )


def _font_folder() -> Path:
    return Path(settings.FONT_DIR).resolve()


def _with_backdrop(drawn: io.BytesIO, backdrop: bytes) -> io.BytesIO:
    """The same document with the page of `backdrop` below each of its pages."""
    from pypdf import PdfReader, PdfWriter  # noqa: PLC0415 - as above

    below = PdfReader(io.BytesIO(backdrop)).pages[0]
    writer = PdfWriter(clone_from=PdfReader(drawn))
    for page in writer.pages:
        page.merge_page(below, over=False)
    laid = io.BytesIO()
    writer.write(laid)
    laid.seek(0)
    return laid


def _with_watermark(drawn: io.BytesIO, words: str) -> bytes:
    """The same document with `words` across each page, over its text, pale enough to read below."""
    from pypdf import PdfReader, PdfWriter  # noqa: PLC0415 - as above
    from reportlab.lib.colors import Color  # noqa: PLC0415
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415

    writer = PdfWriter(clone_from=PdfReader(drawn))
    for page in writer.pages:
        width, height = float(page.mediabox.width), float(page.mediabox.height)
        layer = io.BytesIO()
        canvas = Canvas(layer, pagesize=(width, height))
        canvas.setFillColor(Color(0.45, 0.4, 0.35, alpha=0.13))
        canvas.translate(width / 2, height / 2)
        canvas.rotate(28)
        size = 1.1 * width / max(len(words), 4)
        canvas.setFont("Helvetica-Bold", size)
        canvas.drawCentredString(0, -size / 3, words)
        canvas.save()
        page.merge_page(PdfReader(layer).pages[0])
    marked = io.BytesIO()
    writer.write(marked)
    return marked.getvalue()
