"""What is known about one employment, as plain records that `standing` judges."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from lms.compliance.enums import Basis
from lms.compliance.rules import Applicability
from lms.core.time import short_date

COVERED = Applicability(applies=True, why="")


@dataclass(frozen=True)
class PeriodFact:
    """A post held within an employment, first to last day."""

    guest_contact: bool
    reason: str
    starts_on: date
    ends_on: date | None
    post: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether the post is held on `day`."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True)
class ApprovalFact:
    """Why a program counts: who made or approved it, where that stands, when somebody looked.

    A facility's own program counts from the day its worksheet was attested (`checked_on`) through
    `valid_until`, and the worksheet names the topics it leaves out (`gaps`, by code). Where a
    facility took a paper for a training nobody here saw, `taken_by` says who did, for whom. A
    program that was withdrawn from a day on counts through `last_day`; `ended_because` says why.
    """

    basis: str
    approved_by: str = ""
    link: str = ""
    checked_on: date | None = None
    valid_until: date | None = None
    gaps: frozenset[str] = frozenset()
    taken_by: str = ""
    last_day: date | None = None
    ended_because: str = ""

    @property
    def accepted(self) -> bool:
        """A listed program needs link and date; the others need somebody who stands for them."""
        if self.basis == Basis.STATE_LISTED:
            return bool(self.link) and self.checked_on is not None
        known = {Basis.STATE_MADE, Basis.OWN_WITH_WORKSHEET, Basis.OTHER}
        return self.basis in known and bool(self.approved_by)

    @property
    def words(self) -> str:
        """The basis as a phrase: "On the state's list of programs (checked Nov. 3, 2026)"."""
        if self.basis not in Basis.values:
            return ""
        if self.valid_until and self.checked_on:
            own = {
                "who": self.approved_by,
                "day": short_date(self.checked_on),
                "last": short_date(self.valid_until),
            }
            return (
                _("Own program, worksheet attested by %(who)s on %(day)s, good until %(last)s")
                % own
            )
        label = str(Basis(self.basis).label)
        notes = [self.approved_by] if self.approved_by else []
        if self.checked_on:
            notes.append(_("checked %(day)s") % {"day": short_date(self.checked_on)})
        if self.last_day:
            notes.append(
                _("withdrawn, counts through %(day)s") % {"day": short_date(self.last_day)}
            )
        words = f"{label} ({', '.join(notes)})" if notes else label
        return f"{words}; {self.taken_by}" if self.taken_by else words


def approval_lacks(approval: ApprovalFact | None, day: date) -> str:
    """What the approval of a program lacks for a training on `day`, in words; empty for nothing."""
    if approval is None or approval.basis not in Basis.values:
        return _("who established or approved the program")
    if not approval.accepted:
        lacks = {
            Basis.WITHDRAWN: _("an accepted program: this one was withdrawn"),
            Basis.STATE_LISTED: _("the link to the state's list and the day it was checked"),
        }
        return lacks.get(Basis(approval.basis), _("who approved the program"))
    if approval.last_day and day > approval.last_day:
        return _(
            "an accepted program: this one was withdrawn and counts through %(day)s (%(reason)s)"
        ) % {"day": short_date(approval.last_day), "reason": approval.ended_because.rstrip(".")}
    since, until = approval.checked_on, approval.valid_until
    if since and until and day < since:
        return _("a worksheet from before the training: it was attested on %(day)s") % {
            "day": short_date(since)
        }
    if until and day > until:
        return _("a worksheet good on that day: it ran out on %(day)s") % {"day": short_date(until)}
    return ""


@dataclass(frozen=True)
class SignatureFact:
    """What the facility's manager signed about one training of one employee."""

    on_premises: bool
    paid_time: bool
    signed_on: date
    signed_by: str = ""


@dataclass(frozen=True)
class TrainingFact:
    """A completion, with what is known about its program, place and pay."""

    completion_id: str
    occurred_on: date
    program: str
    topics: frozenset[str]
    approval: ApprovalFact | None = None
    signature: SignatureFact | None = None
    version: int = 1
    language: str = "en"
    source: str = ""  # a completions.enums.SourceKind
    place: str = ""
    trainer: str = ""
    minutes: int = 0  # the program's length; 0 where nobody said it

    @property
    def gaps(self) -> frozenset[str]:
        """The topics that the program's worksheet says it leaves out."""
        return self.approval.gaps if self.approval else frozenset()


@dataclass(frozen=True)
class ExemptionFact:
    """An exemption with its reason, first to last day."""

    reason: str
    starts_on: date
    ends_on: date | None

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on `day`."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True)
class Facts:
    """All that is known about one employment."""

    hired_on: date
    ended_on: date | None
    periods: tuple[PeriodFact, ...]
    trainings: tuple[TrainingFact, ...] = ()
    exemption: ExemptionFact | None = None
    facility: Applicability = COVERED
