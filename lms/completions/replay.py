"""Why a completion stands: its evidence gone through again under its own rule.

The rooms that record completions know their rules; each announces how it goes through one again
(`register`, called in AppConfig.ready()). What a person decided, or another system told, has no
rule to go through: it is as recorded, and says by whom. Nothing is changed here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lms.completions.enums import Answer, SourceKind
from lms.completions.models import Completion
from lms.core.canonical import digest
from lms.core.time import new_york_date
from lms.people.redaction_models import Redaction


@dataclass(frozen=True)
class Replayed:
    """What going through the evidence again came to; `rests_on`: the facts, a line each."""

    answer: Answer
    said: str
    rests_on: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Evidence:
    """Whether the evidence is what was recorded; `redacted_on`: words were wiped out since."""

    agrees: bool
    redacted_on: date | None = None


Replayer = Callable[[Completion], Replayed | None]
_replayers: dict[SourceKind, Replayer] = {}

# Whose word it is, where there is no rule to go through.
AS_RECORDED: dict[SourceKind, str | Promise] = {
    SourceKind.OUTSIDE_PROOF: later(
        "Somebody looked at the proof and accepted it. It is as they recorded it."
    ),
    SourceKind.GROUP_LOG: later(
        "The facility logged the group training and the person confirmed it. It is as they"
        " recorded it."
    ),
    SourceKind.STAFF_ENTRY: later(
        "The office entered it by hand. It is as the office recorded it."
    ),
    SourceKind.WAIVER: later("The office decided it. It is as the office recorded it."),
    SourceKind.IMPORT: later("Another system reported it. It is as that system recorded it."),
}


def register(kind: SourceKind, replayer: Replayer) -> None:
    """Say how completions of this kind are gone through again; None where the facts are gone."""
    _replayers[kind] = replayer


def kinds_with_a_rule() -> set[SourceKind]:
    """The kinds that are gone through again."""
    return set(_replayers)


def replay(completion: Completion) -> Replayed:
    """Go through the evidence again, under the rule of the version it was recorded for."""
    kind = SourceKind(completion.source_kind)
    if kind in AS_RECORDED:
        return Replayed(Answer.RECORDED, str(AS_RECORDED[kind]))
    found = _replayers[kind](completion) if kind in _replayers else None
    return found or Replayed(
        Answer.GONE,
        _("What it rests on in detail is not kept any more. The completion stands as recorded."),
    )


def check_evidence(completion: Completion) -> Evidence:
    """Whether the evidence agrees with its hash, or with that of its newest redaction."""
    now = digest(completion.evidence)
    if now == completion.evidence_hash:
        return Evidence(agrees=True)
    last = (
        Redaction.objects.filter(place="completions.evidence", row=str(completion.pk))
        .order_by("-redacted_at", "-pk")
        .first()
    )
    if last is None:
        return Evidence(agrees=False)
    return Evidence(now == last.evidence_hash, new_york_date(last.redacted_at))
