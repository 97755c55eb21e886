"""What a session asks for, whether somebody met it, and in words which part is missing."""

import math
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


@dataclass(frozen=True)
class Rule:
    """Minutes to be there for, perhaps the code that is shown, perhaps when to join at the latest.

    0 minutes: being there is enough. Whoever was checked in at the door has the code: somebody of
    the office saw them. `grace` is how many minutes after the start one may join; None: any.
    """

    min_minutes: int
    asks_code: bool = False
    grace: int | None = None

    def is_met(self, minutes: int, *, has_code: bool, late: int = 0) -> bool:
        """Whether so many minutes (whole ones), with or without the code, are enough.

        `late`: the whole minutes after the start at which somebody joined first.
        """
        there = minutes >= self.min_minutes and (has_code or not self.asks_code)
        return there and not self.too_late(late)

    def too_late(self, late: int) -> bool:
        """Whether somebody who joined so many minutes after the start missed the beginning."""
        return self.grace is not None and late > self.grace

    def in_words(self, minutes: int, *, has_code: bool, late: int = 0) -> str:
        """As `_in_words`, and where it is so, that somebody joined too late."""
        text = self._in_words(minutes, has_code=has_code)
        if not self.too_late(late):
            return text
        joined = ngettext(
            " Joined %(count)s minute after the start; the rule asks to join within %(grace)s.",
            " Joined %(count)s minutes after the start; the rule asks to join within %(grace)s.",
            late,
        )
        return text + joined % {"count": late, "grace": self.grace}

    def _in_words(self, minutes: int, *, has_code: bool) -> str:
        """The end of a sentence: what is asked, and what of it is missing; "." where nothing is.

        As in: ; the rule asks for 160 and the check-in code. Missing: 20 minutes and the code.
        """
        text = self._asked()
        short = max(self.min_minutes - minutes, 0)
        missing_minutes = ngettext("%(count)s minute", "%(count)s minutes", short) % {
            "count": short
        }
        if not self.asks_code:
            return text + "."
        if has_code:
            missing = _(". Missing: %(minutes)s.") if short else _(", which was given.")
        elif short:
            missing = _(". Missing: %(minutes)s and the code.")
        else:
            missing = _(". Missing: the code.")
        return text + missing % {"minutes": missing_minutes}

    def _asked(self) -> str:
        if self.asks_code and self.min_minutes:
            return _("; the rule asks for %(rule)s and the check-in code") % {
                "rule": self.min_minutes
            }
        if self.asks_code:
            return _("; the rule asks for the check-in code")
        if self.min_minutes:
            return _("; the rule asks for %(rule)s") % {"rule": self.min_minutes}
        return ""


def minutes_of(percent: int, planned: int) -> int:
    """How many minutes a share of a session's length is, rounded up: less would be less than it."""
    return math.ceil(planned * percent / 100)
