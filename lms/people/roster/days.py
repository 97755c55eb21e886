"""Days as people write them. What can be read in two ways is asked, never guessed."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lms.people.fields import fold

MONTH_FIRST, DAY_FIRST = "mdy", "dmy"
_MONTHS = {
    1: "january jan enero ene janvier janv janvye gennaio stycznia",
    2: "february feb febrero fevrier fevr fevriye febbraio lutego",
    3: "march mar marzo mars marca",
    4: "april apr abril abr avril avr avril aprile kwietnia",
    5: "may mayo mai me maggio maja",
    6: "june jun junio juin jen giugno czerwca",
    7: "july jul julio juillet juil jiye luglio lipca",
    8: "august aug agosto ago aout out sierpnia",
    9: "september sept sep septiembre set septembre septanm settembre wrzesnia",
    10: "october oct octubre octobre oktob ottobre pazdziernika",
    11: "november nov noviembre novembre novanm listopada",
    12: "december dec diciembre dic decembre desanm dicembre grudnia",
}
_MONTH_OF = {word: month for month, words in _MONTHS.items() for word in words.split()}
_CLOCK = re.compile(r"[t ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[ap]\.?m\.?)?$")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_PACKED = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_NUMBERS = re.compile(r"(\d{1,2})[-/. ]+(\d{1,2})[-/. ]+(\d{4}|\d{2})")
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_EPOCH = date(1899, 12, 30)  # how spreadsheets count days


@dataclass(frozen=True)
class Day:
    """What a text says: a day, or why not ("impossible", "unreadable", "ambiguous")."""

    day: date | None = None
    fault: str = ""


def read_day(text: str, order: str = "") -> Day:
    """The day a text names. `order`, "mdy" or "dmy", decides where the text itself does not."""
    bare = _CLOCK.sub("", fold(text).strip()).strip()
    if not bare:
        return Day()
    if found := _ISO.fullmatch(bare) or _PACKED.fullmatch(bare):
        year, month, day = (int(part) for part in found.groups())
        return _made(year, month, day)
    if _SERIAL.fullmatch(bare):
        return Day(_EPOCH + timedelta(days=int(float(bare))))
    if found := _NUMBERS.fullmatch(bare):
        return _numbers(int(found[1]), int(found[2]), found[3], order)
    return _words(bare)


def order_shown(texts: list[str]) -> set[str]:
    """Which orders of day and month these texts prove: 04/13/2024 can only be month first."""
    shown = set()
    for text in texts:
        found = _NUMBERS.fullmatch(_CLOCK.sub("", fold(text).strip()).strip())
        if found and int(found[1]) <= 12 < int(found[2]) <= 31:
            shown.add(MONTH_FIRST)
        if found and int(found[2]) <= 12 < int(found[1]) <= 31:
            shown.add(DAY_FIRST)
    return shown


def _numbers(first: int, second: int, year: str, order: str) -> Day:
    full = _year(year)
    if first > 12 or (order == DAY_FIRST and second <= 12):
        return _made(full, second, first)
    if second > 12 or first == second or order == MONTH_FIRST:
        return _made(full, first, second)
    return Day(fault="ambiguous")


def _year(text: str) -> int:
    """26 is 2026, 98 is 1998; nobody is hired more than a year ahead."""
    if len(text) == 4:
        return int(text)
    this_year = datetime.now().year  # noqa: DTZ005 - only the century is asked
    year = 2000 + int(text)
    return year if year <= this_year + 1 else year - 100


def _words(bare: str) -> Day:
    """16-Jun-2025, June 16, 2025, Mon 16 June 25, 16 de junio de 2025."""
    parts = re.findall(r"\d+|[^\W\d_]+", bare)
    months = [_MONTH_OF[part] for part in parts if part in _MONTH_OF]
    numbers = [part for part in parts if part.isdigit()]
    if len(months) != 1 or len(numbers) != 2:
        return Day(fault="unreadable")
    first, second = numbers
    if len(first) == 4:
        first, second = second, first
    if len(first) > 2 or len(second) not in (2, 4):
        return Day(fault="unreadable")
    return _made(_year(second), months[0], int(first))


def _made(year: int, month: int, day: int) -> Day:
    try:
        return Day(date(year, month, day))
    except ValueError:
        return Day(fault="impossible")
