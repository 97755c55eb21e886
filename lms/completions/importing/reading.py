"""A file's heading and the rows below it; some programs put a title or a date above the heading."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from lms.core.exceptions import Refused
from lms.core.table_files import read_table

LINES_BEFORE_HEADING = 10
MAX_ROWS = 50_000


@dataclass(frozen=True)
class Transcript:
    """A file as a table of texts. Rows are numbered as a spreadsheet numbers them, from 1."""

    heading: list[str]
    rows: list[tuple[int, list[str]]]


def read_transcript(content: bytes, name: str) -> Transcript:
    """The table in a file: of its first rows the first with the most cells is the heading.

    Rows are as long as the heading. Raises Refused as `read_table` does.
    """
    lines = read_table(content, name, max_rows=MAX_ROWS)
    top = lines[:LINES_BEFORE_HEADING]
    widest = max(sum(map(bool, cells)) for _number, cells in top)
    place = next(i for i, (_number, cells) in enumerate(top) if sum(map(bool, cells)) == widest)
    heading = lines[place][1]
    width = len(heading)
    rows = [(number, (cells + [""] * width)[:width]) for number, cells in lines[place + 1 :]]
    if not rows:
        raise Refused(_("The file holds no rows below its heading."), code="no_rows")
    return Transcript(heading, rows)
