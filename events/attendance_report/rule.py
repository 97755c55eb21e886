"""What a session asks for, whether somebody met it, and in words which part is missing."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


@dataclass(frozen=True)
class Rule:
    """Minutes to be there for, and perhaps the code that is shown during the session.

    0 minutes: being there is enough. Whoever was checked in at the door has the code: somebody of
    the office saw them.
    """

    min_minutes: int
    asks_code: bool = False

    def is_met(self, minutes: int, *, has_code: bool) -> bool:
        """Whether so many minutes (whole ones), with or without the code, are enough."""
        return minutes >= self.min_minutes and (has_code or not self.asks_code)

    def in_words(self, minutes: int, *, has_code: bool) -> str:
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
