"""The record on paper: US Letter across, with the facility, the day and the page on every sheet."""

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings

from lms.compliance.packet_models import InspectionPacket
from lms.compliance.packets.entries import Entry, in_parts
from lms.compliance.record import Record
from lms.core.pdf import NotDrawable, draw, join, unprintable_letters
from lms.core.time import long_date, new_york_date

# A piece of the paper has at most so many rows; each is laid out by itself (core.pdf.join).
ROWS_AT_ONCE = 100
INSTEAD = "(cannot be printed here; see record.csv)"
SAMPLE = "SAMPLE"
# Symbols, control characters and what no font has: categories of Unicode.
_NOT_TEXT = {"So", "Sk", "Cc", "Cf", "Cn", "Co", "Cs"}


def draw_record(
    *, packet: InspectionPacket, record: Record, entries: list[Entry], made_at: datetime
) -> bytes:
    """The record as PDF, in English. What cannot be printed right is left out, and said so.

    Raises DrawingError where the site itself lacks something.
    """
    try:
        return _drawn(packet, record, printable(entries), made_at)
    except NotDrawable:  # some letter that the fonts lack against all expectation
        return _drawn(packet, record, printable(entries, plain=True), made_at)


def _drawn(
    packet: InspectionPacket, record: Record, entries: list[Entry], made_at: datetime
) -> bytes:
    place = record.facility
    address = [place.street, place.city, f"{place.state} {place.postcode}".strip()]
    corrected = [entry for entry in entries if entry["corrected"]]
    blocks = [_Block(part.heading, part.entries, part.none) for part in in_parts(entries)]
    if corrected:
        heading = f"Corrected after {long_date(record.as_of)}"
        blocks.append(_Block(heading, corrected, is_corrected=True))
    context = {
        "packet": packet,
        "facility": printable(place.name),
        "address": printable(", ".join(part for part in address if part)),
        "record": record,
        "rule": record.rule,
        "made_at": made_at,
        "is_past": record.as_of < new_york_date(made_at),
        "corrected_count": len(corrected),
        "site": settings.SITE_ORIGIN.partition("://")[2],
    }
    pieces = _in_pieces(blocks)
    drawn = [
        draw(
            "inspection/record_paper.html",
            {
                **context,
                "blocks": piece,
                "is_first": at == 0,
                "is_last": at == len(pieces) - 1,
            },
            language="en",
            watermark=SAMPLE if settings.TRIAL else "",
        )
        for at, piece in enumerate(pieces)
    ]
    return join(drawn, label="page {page} of {pages}")


@dataclass(frozen=True)
class _Block:
    """Rows under a heading; a long part of the record goes on in a block of the next piece."""

    heading: str
    entries: list[Entry]
    none: str = ""
    is_corrected: bool = False
    goes_on: bool = False
    count: int = -1

    @property
    def total(self) -> int:
        """How many rows the part has in all its blocks."""
        return len(self.entries) if self.count < 0 else self.count


def _in_pieces(blocks: list[_Block]) -> list[list[_Block]]:
    """The blocks, cut so that no piece has more than ROWS_AT_ONCE rows."""
    pieces: list[list[_Block]] = [[]]
    room = ROWS_AT_ONCE
    for block in blocks:
        rest, goes_on = block.entries, False
        while True:
            if not room:
                pieces.append([])
                room = ROWS_AT_ONCE
            taken, rest = rest[:room], rest[room:]
            part = replace(block, entries=taken, goes_on=goes_on, count=len(block.entries))
            pieces[-1].append(part)
            room, goes_on = room - len(taken), True
            if not rest:
                break
    return pieces


def printable(value: Any, *, plain: bool = False) -> Any:
    """The value with each text replaced that our fonts print wrong; `plain`: all but ASCII."""
    if isinstance(value, dict):
        return {key: printable(each, plain=plain) for key, each in value.items()}
    if isinstance(value, list):
        return [printable(each, plain=plain) for each in value]
    if not isinstance(value, str) or value.isascii():
        return value
    wrong = plain or unprintable_letters(value) or any(map(_is_no_text, value))
    return INSTEAD if wrong else value


def _is_no_text(character: str) -> bool:
    return unicodedata.category(character) in _NOT_TEXT
