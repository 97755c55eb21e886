"""Scripts the PDF library cannot set: what is drawn is what a browser draws of the same text."""

import base64
import io
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template import engines
from PIL import Image, ImageChops, ImageFilter
from playwright.sync_api import Browser
from pypdf import PdfReader
from reportlab.pdfbase import pdfmetrics
from xhtml2pdf import pisa

from lms.core import lettering
from lms.core.pdf import DrawingError, NotDrawable, draw

# By face: the font file, and names and titles whose letters change place, join or carry marks.
SAMPLES = {
    "noto-sans-bengali/400Regular/NotoSansBengali_400Regular.ttf": [
        "কি", "ক্ষ", "রকিবুল হাসান", "শ্রী প্রতিক্রিয়া", "মোহাম্মদ কৌশিক",
    ],
    "noto-sans-hebrew/400Regular/NotoSansHebrew_400Regular.ttf": ["יעקבֿ כּהן", "האַנדל ייִדיש"],
    "noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf": ["李明王小龙", "歐陽健龍"],
    "noto-sans-kr/400Regular/NotoSansKR_400Regular.ttf": ["김민준"],
    "noto-nastaliq-urdu/400Regular/NotoNastaliqUrdu_400Regular.ttf": ["محمد", "ٹیپو", "پہچان"],
}  # fmt: skip
ALL = [(file, text) for file, texts in SAMPLES.items() for text in texts]
SIZE = 60  # points, on a sheet at 96 dots an inch
LIKE = 0.96


@pytest.fixture
def paper(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A template of one line: `{{ text }}`, regular, in the site's fonts."""
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "line.html").write_text(
        "<html lang='{{ language }}' dir='{{ dir }}'><head><title>{{ text }}</title><style>"
        "{{ font_faces|safe }} @page { size: 700pt 300pt; margin: 30pt; }"
        'html, p { font-family: "Noto Sans", "Noto Sans Arabic"; }'
        "p { font-size: 60pt; line-height: 2; margin: 0; }"
        "</style></head><body><p>{{ text }}</p></body></html>"
    )
    settings.TEMPLATES = [
        {**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], folder]}
    ]
    yield folder
    engines.__dict__.pop("templates", None)


def drawn(text: str, language: str = "en") -> bytes:
    context = {"text": text, "language": language, "dir": "rtl" if language in "ur yi" else "ltr"}
    return draw("line.html", context, language=language)


def unshaped(text: str, file: str) -> bytes:
    """What the library itself makes of the same font and text."""
    font = Path(settings.FONT_DIR) / file
    out = io.BytesIO()
    pisa.CreatePDF(
        f'<html><head><style>@font-face {{ font-family: "One"; src: url("{font}"); }}'
        "@page { size: 700pt 300pt; margin: 30pt; }"
        f'p {{ font-family: "One"; font-size: {SIZE}pt; line-height: 2; margin: 0; }}'
        f"</style></head><body><p>{text}</p></body></html>",
        dest=out,
        encoding="utf-8",
    )
    return out.getvalue()


def ink(picture: Image.Image) -> Image.Image:
    """What is dark, cut out."""
    dark = ImageChops.invert(picture.convert("L")).point(lambda value: 255 if value > 110 else 0)
    return dark.crop(dark.getbbox() or (0, 0, 1, 1))


def on_paper(document: bytes) -> Image.Image:
    command = ["pdftoppm", "-r", "96", "-png", "-singlefile", "-"]
    done = subprocess.run(command, input=document, capture_output=True, check=True)
    return ink(Image.open(io.BytesIO(done.stdout)))


def in_browser(browser: Browser, text: str, file: str) -> Image.Image:
    font = base64.b64encode((Path(settings.FONT_DIR) / file).read_bytes()).decode()
    page = browser.new_page(viewport={"width": 940, "height": 270})
    page.set_content(
        "<style>@font-face { font-family: One; src: url(data:font/ttf;base64," + font + "); }"
        f"body {{ margin: 30pt; font: {SIZE}pt/2 One; }}</style><p lang='x' dir='auto'>{text}</p>"
    )
    page.evaluate("document.fonts.ready")
    picture = ink(Image.open(io.BytesIO(page.screenshot())))
    page.close()
    return picture


def likeness(one: Image.Image, other: Image.Image) -> float:
    """How much of the ink of each, laid over the other, lies where the other has some.

    A dot more or less is neither here nor there: two programs round differently.
    """
    one = one.resize(other.size).point(lambda value: 255 if value > 127 else 0)
    return min(_covered(one, other), _covered(other, one))


def _covered(one: Image.Image, other: Image.Image) -> float:
    there = ImageChops.multiply(one, other.filter(ImageFilter.MaxFilter(5)))
    return there.histogram()[255] / max(one.histogram()[255], 1)


def language_of(file: str) -> str:
    return "ur" if "nastaliq" in file else "en"


@pytest.mark.browser
@pytest.mark.parametrize(("file", "text"), ALL)
def test_drawn_as_a_browser_draws_it(paper: Path, chromium: Browser, file: str, text: str) -> None:
    wanted = in_browser(chromium, text, file)
    found = on_paper(drawn(text, language_of(file)))
    # Width against height: nothing is missing, doubled or drawn beside the others.
    assert abs(found.width / found.height - wanted.width / wanted.height) < 0.12
    assert likeness(found, wanted) > LIKE


@pytest.mark.browser
@pytest.mark.parametrize(
    ("file", "text"), [(file, text) for file, text in ALL if "bengali" in file or "urdu" in file]
)
def test_the_comparison_finds_letters_that_were_not_shaped(
    chromium: Browser, file: str, text: str
) -> None:
    wanted = in_browser(chromium, text, file)
    assert likeness(on_paper(unshaped(text, file)), wanted) < LIKE


@pytest.mark.parametrize(
    "text", ["রকিবুল হাসান", "李明", "《识别（一）》，「二」。", "김민준", "কি (Ki) & ক্ষ <Ana>"]
)
def test_text_is_read_as_it_was_written(paper: Path, text: str) -> None:
    reader = PdfReader(io.BytesIO(drawn(text)))
    assert "".join(reader.pages[0].extract_text().split()) == "".join(text.split())
    assert reader.metadata is not None
    assert reader.metadata.title == text


def test_right_to_left_words_stand_in_their_order(paper: Path) -> None:
    """The first word of a Yiddish name stands on the right, also within English."""
    first, second = on_paper(drawn("יעקב")), on_paper(drawn("כהן"))
    both = on_paper(drawn("יעקב כהן"))
    right = both.crop((both.width - first.width, 0, both.width, both.height))
    left = both.crop((0, 0, second.width, both.height))
    assert likeness(right.crop(right.getbbox()), first) > LIKE
    assert likeness(left.crop(left.getbbox()), second) > LIKE


def test_urdu_is_set_in_nastaliq_in_urdu_documents_only(paper: Path) -> None:
    assert "letters" in fonts(drawn("محمد علی", "ur"))
    assert "letters" not in fonts(drawn("محمد علی", "ar"))


def fonts(document: bytes) -> str:
    page = PdfReader(io.BytesIO(document)).pages[0]
    return " ".join(
        str(font.get_object()["/BaseFont"]) for font in page["/Resources"]["/Font"].values()
    )


def test_document_without_such_letters_gets_no_font_of_its_own(paper: Path) -> None:
    assert "letters" not in fonts(drawn("Łucja Зоя"))


def test_font_of_one_document_is_forgotten(paper: Path) -> None:
    drawn("রকিবুল")
    assert not [name for name in pdfmetrics.getRegisteredFontNames() if "letters" in name]


def test_lost_font_is_the_sites_fault_and_a_lost_letter_is_said(paper: Path, settings: Any) -> None:
    with pytest.raises(NotDrawable):
        drawn("\u09d8")  # not a letter of Bengali, nor of any other script
    lettering._font.cache_clear()
    settings.FONT_DIR = "/nowhere"
    try:
        with pytest.raises(DrawingError):
            drawn("রকিবুল")
    finally:
        lettering._font.cache_clear()
