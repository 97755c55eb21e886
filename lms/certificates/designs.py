"""The forms a certificate can take: a layout, its version, and the sheet it is drawn on.

A layout is a template `certificates/designs/<id>_<version>.html`. One that has been used is never
changed: a changed layout is a new file with the next version, so that a revision that is drawn
late is drawn as it was issued.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

USUAL_COLOUR = "#0f4a4a"
# Text on white, and white on the colour, must be readable (WCAG 2.2, 1.4.3).
LEAST_CONTRAST = 4.5


@dataclass(frozen=True)
class Design:
    """A layout in force."""

    id: str
    version: int
    label: str | Promise
    about: str | Promise


@dataclass(frozen=True)
class Sheet:
    """A sheet of paper lying on its side; sizes in points."""

    id: str
    label: str | Promise
    width: int
    height: int

    @property
    def inner(self) -> int:
        """Width between margins of 60 points."""
        return self.width - 120

    @property
    def body(self) -> int:
        """Height left for the facts above the foot."""
        return self.height - 198

    @property
    def foot(self) -> int:
        """Where the foot begins, from the top."""
        return self.height - 150

    @property
    def foot_framed(self) -> int:
        """The same inside a frame."""
        return self.height - 160

    @property
    def issued(self) -> int:
        """Width of the words on when and by whom, beside who signs and the QR code."""
        return self.inner - 302

    @property
    def beside(self) -> int:
        """Width of the text beside a column."""
        return self.width - 226

    @property
    def issued_beside(self) -> int:
        """As `issued`, beside a column."""
        return self.beside - 274

    @property
    def column(self) -> int:
        """Height of a column's text."""
        return self.height - 92

    @property
    def far_column(self) -> int:
        """Where a column on the right has its text."""
        return self.width - 136


DESIGNS = {
    design.id: design
    for design in [
        Design("band", 1, _("Band"), _("Text on the left below a colored band.")),
        Design("frame", 1, _("Frame"), _("Text in the middle, in a double frame.")),
        Design("side", 1, _("Side"), _("A colored column with the office, the text beside it.")),
    ]
}
SHEETS = {
    sheet.id: sheet
    for sheet in [
        Sheet("letter", _("US Letter"), 792, 612),
        Sheet("a4", _("A4"), 842, 595),
    ]
}
USUAL_DESIGN, USUAL_SHEET = "band", "letter"


def contrast_with_white(colour: str) -> float:
    """How much `colour` (#rrggbb) stands out from white, from 1 to 21, by the rule of WCAG."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
