"""When a test may be started and until when it runs. The server's clock alone counts.

A test step freezes what an editor set, nothing else: {time_limit (minutes), cool_down (hours),
last_start, hard_end (instants as ISO text), review}; an attempt's rule has the same keys, and
`extra_minutes` where its person has more time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING, Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.blocks import StructValue

from courses.enums import Review
from lms.core.time import NEW_YORK, zone_label

if TYPE_CHECKING:
    from courses.models import Attempt

# An answer on its way when the time runs out still counts if it reaches us within this.
GRACE = timedelta(seconds=30)
# The longest that a try runs which takes the place of one an outage ended, without a time limit.
LONGEST_ANEW = timedelta(days=1)


@dataclass(frozen=True)
class Timing:
    """A test's rule about time and about what is shown afterwards."""

    time_limit: int | None = None
    cool_down: int | None = None
    last_start: datetime | None = None
    hard_end: datetime | None = None
    extra_minutes: int = 0
    review: Review = Review.EVERYTHING

    @property
    def asks_first(self) -> bool:
        """Whether starting has consequences that one must know of."""
        return bool(self.time_limit or self.last_start or self.hard_end or self.cool_down)

    @property
    def start_by(self) -> datetime | None:
        """From when on no try can be started."""
        return min((end for end in (self.last_start, self.hard_end) if end), default=None)

    def deadline(self, started_at: datetime) -> datetime | None:
        """When a try must be over; extra time is added to the limit and to the hard end alike."""
        extra = timedelta(minutes=self.extra_minutes)
        ends = []
        if self.time_limit:
            ends.append(started_at + timedelta(minutes=self.time_limit) + extra)
        if self.hard_end:
            ends.append(self.hard_end + extra)
        return min(ends, default=None)

    def free_again(self, attempts: "list[Attempt]") -> datetime | None:
        """When the cool-down after the last try that counts ends, if there is one.

        It runs from when the try should have ended: its deadline where there is a time limit.
        """
        last = attempts[-1] if attempts else None
        if last is None or not self.cool_down:
            return None
        ended = last.deadline_at if self.time_limit else last.handed_in_at
        return ended + timedelta(hours=self.cool_down) if ended else None

    def anew(self, ended: "Attempt") -> "Timing":
        """The rule for the try that takes the place of `ended`, which an outage ended.

        The last start and the hard end do not hold for it, else it could not be taken. It has its
        time limit from its own start; where there is none, as long as the try that was ended had,
        at most a day, because its answers are given anew from the first.
        """
        had = ended.deadline_at - ended.started_at if ended.deadline_at else LONGEST_ANEW
        minutes = ceil(min(had, LONGEST_ANEW) / timedelta(minutes=1))
        return replace(self, last_start=None, hard_end=None, time_limit=self.time_limit or minutes)

    @property
    def lines(self) -> list[str]:
        """The rule in sentences, for who is about to take the test."""
        found = []
        if self.time_limit:
            found.append(f"{limit_in_words(self.time_limit, self.extra_minutes)} {_runs_on()}")
        if self.start_by and self.start_by != self.hard_end:
            found.append(_("Start it before %(when)s.") % {"when": moment(self.start_by)})
        if self.hard_end:
            extra = timedelta(minutes=self.extra_minutes)
            found.append(
                _("It ends on %(when)s for everybody.") % {"when": moment(self.hard_end)}
                if not extra
                else _("It ends on %(when)s for you.") % {"when": moment(self.hard_end + extra)}
            )
        if self.cool_down:
            wording = ngettext(
                "After a try, wait %(count)s hour before the next.",
                "After a try, wait %(count)s hours before the next.",
                self.cool_down,
            )
            found.append(wording % {"count": self.cool_down})
        if self.review != Review.EVERYTHING:
            found.append(_("After handing in you see: %(what)s.") % {"what": self.review.label})
        return found


# Of a step whose editor set nothing, and of what is no test.
NO_LIMITS = Timing()


def _runs_on() -> str:
    return _("The time runs on when you close the page, and stops for nothing.")


def freeze(value: StructValue) -> dict[str, Any]:
    """What a version keeps of the step's rule; nothing for what is not set."""
    kept: dict[str, Any] = {
        key: value[key] for key in ("time_limit", "cool_down") if value.get(key)
    }
    for key in ("last_start", "hard_end"):
        if value.get(key):
            kept[key] = value[key].astimezone(UTC).isoformat()
    if value.get("review") and value["review"] != Review.EVERYTHING:
        kept["review"] = value["review"]
    return kept


def rule_of(timing: Timing) -> dict[str, Any]:
    """What an attempt's rule keeps of the timing it starts with; `timing_of` reads it."""
    kept = {
        "time_limit": timing.time_limit,
        "cool_down": timing.cool_down,
        "last_start": timing.last_start and timing.last_start.isoformat(),
        "hard_end": timing.hard_end and timing.hard_end.isoformat(),
        "review": timing.review.value if timing.review != Review.EVERYTHING else None,
        "extra_minutes": timing.extra_minutes,
    }
    return {key: value for key, value in kept.items() if value}


def timing_of(rule: Mapping[str, Any]) -> Timing:
    """The timing in a frozen step or an attempt's rule."""
    return Timing(
        time_limit=rule.get("time_limit"),
        cool_down=rule.get("cool_down"),
        last_start=_instant(rule.get("last_start")),
        hard_end=_instant(rule.get("hard_end")),
        extra_minutes=rule.get("extra_minutes", 0),
        review=Review(rule.get("review", Review.EVERYTHING)),
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def is_over(attempt: "Attempt", now: datetime, *, grace: timedelta = timedelta()) -> bool:
    """Whether the attempt's time has run out, with `grace` for what is on its way."""
    return attempt.deadline_at is not None and now >= attempt.deadline_at + grace


def limit_in_words(minutes: int, extra: int) -> str:
    """The time limit, with a person's extra time shown as such."""
    limit = ngettext("You have %(count)s minute", "You have %(count)s minutes", minutes) % {
        "count": minutes
    }
    if not extra:
        return f"{limit}."
    return _("%(limit)s + %(extra)s extra for you.") % {"limit": limit, "extra": extra}


def moment(instant: datetime) -> str:
    """A day and time in New York: "Nov. 22, 2026, 10:42 a.m. Eastern (EST)"."""
    local = instant.astimezone(NEW_YORK)
    return f"{formats.date_format(local, 'DATETIME_FORMAT')} {zone_label(instant)}"
