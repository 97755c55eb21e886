"""Letters the PDF library cannot put together itself: shaped here, and given to it as a small font.

The library draws one glyph per character and places none of them. Bengali vowels then stand on the
wrong side and conjuncts fall apart, Hebrew points and Nastaliq drift off their letters, all without
a word. So HarfBuzz shapes these scripts, and each cluster of letters (what cannot be drawn apart)
becomes one glyph of a font made for this document alone. In the document the cluster stands as one
character: of the private use area, or, where it is read from the right, of a script of the same
direction that nobody writes here, so that the order of words stays the library's business. What a
reader of the PDF copies or hears is the text as it was written (`Letters.spoken`).
"""

import base64
import html as html_module
import io
import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

WEIGHTS = {"normal": "400Regular", "bold": "700Bold"}
UNITS = 1000
# Line height around the letters and the space between words: those of Noto Sans.
ASCENT, DESCENT = 1069, -293
SPACE = 260

BENGALI, HEBREW, HAN, KOREAN, URDU = "bengali", "hebrew", "han", "korean", "urdu"
FACES = {
    BENGALI: "noto-sans-bengali/{0}/NotoSansBengali_{0}.ttf",
    HEBREW: "noto-sans-hebrew/{0}/NotoSansHebrew_{0}.ttf",
    HAN: "noto-sans-sc/{0}/NotoSansSC_{0}.ttf",
    KOREAN: "noto-sans-kr/{0}/NotoSansKR_{0}.ttf",
    URDU: "noto-nastaliq-urdu/{0}/NotoNastaliqUrdu_{0}.ttf",
}
FILES = [face.format(weight) for face in FACES.values() for weight in WEIGHTS.values()]
# Scripts as Unicode names their letters and signs.
_SCRIPTS = {"BENGALI": BENGALI, "HEBREW": HEBREW, "HANGUL": KOREAN}
_SCRIPTS |= dict.fromkeys(
    ["CJK", "IDEOGRAPHIC", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "FULLWIDTH", "HALFWIDTH"],
    HAN,
)
LETTERED = frozenset(_SCRIPTS)
_FROM_THE_RIGHT = {HEBREW, URDU}
# Nastaliq slopes, and needs more room above and below the line than others.
_SIZE = {URDU: 0.72}
_LANGUAGES = {BENGALI: "bn", HEBREW: "he", HAN: "zh-Hans", KOREAN: "ko", URDU: "ur"}
_DANDAS = "\u0964\u0965"
_JOINERS = "\u200c\u200d"

_NOT_TEXT = re.compile(
    r"<style.*?</style>|<title.*?</title>|<script.*?</script>|<!--.*?-->|<[^>]*>",
    re.DOTALL | re.IGNORECASE,
)


class NoLetterError(Exception):
    """A font of ours lacks a letter, or there are too many for one document; says which."""


@dataclass(frozen=True)
class _Placed:
    """A glyph of a cluster, and where it stands from the cluster's beginning, in units."""

    glyph: int
    x: float
    y: float


@dataclass(frozen=True)
class _Cluster:
    """Letters that are drawn as one: in each weight their glyphs and their width."""

    face: str
    text: str
    glyphs: tuple[tuple[_Placed, ...], ...]
    widths: tuple[float, ...]


@dataclass
class Letters:
    """What one document needs besides the library's own fonts."""

    family: str
    codes: dict[_Cluster, str] = field(default_factory=dict)

    @property
    def spoken(self) -> dict[str, str]:
        """The text that each character of the document stands for."""
        return {code: cluster.text for cluster, code in self.codes.items()}

    def font_faces(self) -> str:
        """The @font-face rules, with the fonts in them; nothing where no such letter occurs."""
        if not self.codes:
            return ""
        return "\n".join(
            f'@font-face {{ font-family: "{self.family}"; font-weight: {weight}; '
            f'src: url("data:font/ttf;base64,{base64.b64encode(self._font(place)).decode()}"); }}'
            for place, weight in enumerate(WEIGHTS)
        )

    def _font(self, weight: int) -> bytes:
        return _font_of(self.family, weight, self.codes)


def letter(html: str, *, family: str, language: str) -> tuple[str, Letters]:
    """The document with the letters of these scripts set, and what it needs to be drawn.

    `family` names the font and must be the document's own. In an Urdu document Arabic letters are
    set in Nastaliq. Raises NoLetterError for letters no font has.
    """
    letters = Letters(family)
    free = {False: _private_codes(), True: _codes_from_the_right()}
    pieces: list[str] = []
    end = 0
    for tag in _NOT_TEXT.finditer(html):
        pieces += [_set(html[end : tag.start()], letters, free, language), tag.group()]
        end = tag.end()
    pieces.append(_set(html[end:], letters, free, language))
    return "".join(pieces), letters


def needs_lettering(html: str, *, language: str) -> bool:
    """Whether there is anything for `letter` to do."""
    return any(_face_of(character, language) for character in set(html_module.unescape(html)))


def _face_of(character: str, language: str) -> str:
    """The face a character is set in; empty for what the library draws by itself."""
    if len(character) != 1 or character < "\u0530":
        return ""
    if character in _DANDAS:
        return BENGALI
    if "\u3000" <= character <= "\u303f" or "\uff00" <= character <= "\uffef":
        return (
            KOREAN if language == "ko" else HAN
        )  # commas, brackets and broad signs of Chinese text
    script = unicodedata.name(character, "").partition(" ")[0]
    if script == "ARABIC" and language == "ur":
        return URDU
    face = _SCRIPTS.get(script, "")
    # Chinese characters within Korean text look as they do in Korea.
    return KOREAN if face == HAN and language == "ko" else face


def _set(text: str, letters: Letters, free: dict[bool, Iterator[str]], language: str) -> str:
    """A piece of text between two tags, its runs of these scripts set in the document's font."""
    plain = html_module.unescape(text)
    if plain.isascii():
        return text
    pieces = []
    for face, run in _runs(plain, language):
        if not face:
            pieces.append(html_module.escape(run))
            continue
        words = [_word(face, word, letters, free) for word in run.split(" ")]
        style = f"font-family: '{letters.family}'; overflow-wrap: break-word"
        pieces.append(f'<span style="{style}">{" ".join(words)}</span>')
    return "".join(pieces)


def _word(face: str, word: str, letters: Letters, free: dict[bool, Iterator[str]]) -> str:
    """The word's clusters, each as the one character it has in this document."""
    codes = []
    for cluster in _clusters(face, word):
        if cluster not in letters.codes:
            code = next(free[face in _FROM_THE_RIGHT], None)
            if code is None:
                raise NoLetterError("more different letters than one document can have")
            letters.codes[cluster] = code
        codes.append(letters.codes[cluster])
    return "".join(codes)


def _runs(text: str, language: str) -> Iterator[tuple[str, str]]:
    """The text cut where the face changes.

    Accents and joiners stay with the letter before, and so does the space between two words of one
    face: lines from the right are measured wrongly by the library where a space has another font.
    """
    runs: list[tuple[str, list[str]]] = []
    for place, character in enumerate(text):
        follows = unicodedata.category(character).startswith("M") or character in _JOINERS
        if character == " " and place and runs[-1][0]:
            follows = _face_of(text[place + 1 : place + 2], language) == runs[-1][0]
        face = runs[-1][0] if follows and runs else _face_of(character, language)
        if not runs or runs[-1][0] != face:
            runs.append((face, []))
        runs[-1][1].append(character)
    return ((face, "".join(run)) for face, run in runs)


def _clusters(face: str, run: str) -> list[_Cluster]:
    """The run in reading order, cut into what cannot be drawn apart, alike in all weights."""
    if face == HAN:
        try:
            return _cut(HAN, run)
        except NoLetterError:
            face = KOREAN  # which has characters that only older or Korean texts have
    return _cut(face, run)


def _cut(face: str, run: str) -> list[_Cluster]:
    shaped = [_shape(face, weight, run) for weight in WEIGHTS.values()]
    if any(list(one) != list(shaped[0]) for one in shaped):
        shaped = [_as_one(one) for one in shaped]
    starts = sorted(shaped[0])
    return [
        _Cluster(
            face=face,
            text=run[start:end],
            glyphs=tuple(one[start][0] for one in shaped),
            widths=tuple(one[start][1] for one in shaped),
        )
        for start, end in itertools.pairwise([*starts, len(run)])
    ]


_Shaped = dict[int, tuple[tuple[_Placed, ...], float]]


def _shape(face: str, weight: str, run: str) -> _Shaped:
    """By place in the run: the glyphs of the cluster that begins there, and its width."""
    import uharfbuzz  # noqa: PLC0415 - only documents with such letters need it

    font = _font(face, weight)
    buffer = uharfbuzz.Buffer()
    buffer.add_str(run)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if face in _FROM_THE_RIGHT else "ltr"
    buffer.language = _LANGUAGES[face]
    uharfbuzz.shape(font, buffer)
    found: dict[int, tuple[list[_Placed], float]] = {}
    scale = _SIZE.get(face, 1) * UNITS / font.face.upem
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        if info.codepoint == 0:
            raise NoLetterError(run)
        placed, width = found.get(info.cluster, ([], 0.0))
        x, y = width + position.x_offset * scale, position.y_offset * scale
        placed.append(_Placed(info.codepoint, round(x, 2), round(y, 2)))
        found[info.cluster] = (placed, round(width + position.x_advance * scale, 2))
    return {start: (tuple(placed), width) for start, (placed, width) in found.items()}


def _as_one(shaped: _Shaped) -> _Shaped:
    """The whole run as one cluster, from the left as HarfBuzz gave it."""
    glyphs: list[_Placed] = []
    width = 0.0
    for placed, advance in shaped.values():
        glyphs += [_Placed(one.glyph, one.x + width, one.y) for one in placed]
        width += advance
    return {0: (tuple(glyphs), width)}


@cache
def _font(face: str, weight: str) -> Any:
    """The font as HarfBuzz reads it. Raises FileNotFoundError where it was never installed."""
    import uharfbuzz  # noqa: PLC0415 - as above

    file = Path(settings.FONT_DIR) / FACES[face].format(weight)
    if not file.is_file():
        raise FileNotFoundError(f"The font {file.name} is missing below FONT_DIR.")
    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(file))))


def _font_of(family: str, weight: int, codes: dict[_Cluster, str]) -> bytes:
    """A TrueType font in which each cluster is a glyph, at the code it stands for."""
    from fontTools.fontBuilder import FontBuilder  # noqa: PLC0415 - as above
    from fontTools.misc.transform import Transform  # noqa: PLC0415
    from fontTools.pens.transformPen import TransformPen  # noqa: PLC0415
    from fontTools.pens.ttGlyphPen import TTGlyphPen  # noqa: PLC0415

    names = {cluster: f"c{number}" for number, cluster in enumerate(codes)}
    blank = TTGlyphPen(None).glyph()
    drawn, widths = {".notdef": blank, "space": blank}, {".notdef": 0, "space": SPACE}
    for cluster, name in names.items():
        source = _font(cluster.face, list(WEIGHTS.values())[weight])
        scale = _SIZE.get(cluster.face, 1) * UNITS / source.face.upem
        pen = TTGlyphPen(None)
        for placed in cluster.glyphs[weight]:
            move = Transform(scale, 0, 0, scale, placed.x, placed.y)
            source.draw_glyph_with_pen(placed.glyph, TransformPen(pen, move))
        drawn[name] = pen.glyph()
        widths[name] = round(cluster.widths[weight])
    builder = FontBuilder(UNITS, isTTF=True)
    # Without a moment of its own in it, the same letters always come to the same bytes.
    builder.setupHead(unitsPerEm=UNITS, created=0, modified=0)
    builder.font.recalcTimestamp = False
    builder.setupGlyphOrder(list(drawn))
    places = {ord(codes[one]): name for one, name in names.items()}
    builder.setupCharacterMap({ord(" "): "space", **places})
    builder.setupGlyf(drawn)
    bounds = builder.font["glyf"]
    builder.setupHorizontalMetrics(
        {name: (width, getattr(bounds[name], "xMin", 0)) for name, width in widths.items()}
    )
    builder.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    style = list(WEIGHTS)[weight].capitalize()
    builder.setupNameTable(
        {"familyName": family, "styleName": style, "psName": f"{family}-{style}"}
    )
    builder.setupOS2(sTypoAscender=ASCENT, sTypoDescender=DESCENT)
    builder.setupPost()
    made = io.BytesIO()
    builder.save(made)
    return made.getvalue()


def _private_codes() -> Iterator[str]:
    return (chr(code) for code in range(0xE000, 0xF900))


def _codes_from_the_right() -> Iterator[str]:
    """Letters of old scripts that are read from the right; no font here has them."""
    blocks = itertools.chain(range(0x10800, 0x11000), range(0x1E800, 0x1EC70))
    return (
        chr(code)
        for code in blocks
        if unicodedata.bidirectional(chr(code)) == "R" and unicodedata.category(chr(code)) == "Lo"
    )
