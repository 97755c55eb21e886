"""What is known about employments, read in six queries and turned into the facts `standing` judges.

Every row carries the moment it was recorded, so that "as known then" can be told apart from "as
corrected since". When the end of an employment was recorded, the audit says; what a hire date, an
employee number or a post was before it was corrected, the corrections say (`with_history`). As they
are now are names, so that nobody's former name follows them, and what a facility said about itself.
"""

import copy
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any

from django.db.models import F, Q
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from lms.completions.enums import SourceKind
from lms.completions.models import Completion
from lms.compliance.enums import Basis
from lms.compliance.facts import (
    ApprovalFact,
    ExemptionFact,
    Facts,
    PeriodFact,
    SignatureFact,
    TrainingFact,
)
from lms.compliance.models import ConditionAttestation, Exemption, ProgramApproval
from lms.compliance.rules import Applicability, Rule
from lms.core.models import AuditEntry
from lms.core.prepared import Prepared, any_given
from lms.core.time import new_york_date
from lms.people.correction_models import EmploymentCorrection
from lms.people.enums import Corrected
from lms.people.models import Employment, EmploymentPeriod, Person

Row = dict[str, Any]
# When it was recorded, and the last day of work it gave; None where the leaving was taken back.
End = tuple[datetime, date | None]

_periods = Prepared(lambda: EmploymentPeriod.objects.filter(employment=any_given("employments")))
_attestations = Prepared(
    lambda: (
        ConditionAttestation.objects.filter(employment=any_given("employments"))
        .select_related("attested_by")
        .order_by("id")
    )
)
_approvals = Prepared(
    lambda: ProgramApproval.objects.filter(training=any_given("trainings")).order_by("id")
)
_exemptions = Prepared(
    lambda: Exemption.objects.filter(employment=any_given("employments")).order_by("id")
)


@cache
def _completions_about(topics: tuple[str, ...]) -> Prepared[Row]:
    """Of the person and of rows merged into the person; other trainings are not the employer's.

    That somebody need not take a training says nothing of what the law asks for. Whose rows are
    asked for is said by people, not by `whose`: an index leads from there to theirs.
    """
    merged = Q(pk=any_given("people")) | Q(canonical_person=any_given("people"))
    about = Completion.objects.annotate(
        whose=Coalesce("person__canonical_person", "person"),
        approval=KeyTransform("approval", "version__spec"),
        title=KeyTextTransform("title", "version__spec"),
        revoked_at=F("revocation__revoked_at"),
        shared_device=KeyTransform("shared_device", "evidence"),
        accepted=KeyTransform("accepted", "evidence"),
        place=KeyTextTransform("place", "evidence"),
        trainer=KeyTextTransform("trainer", "evidence"),
    )
    found: Any = (
        about.filter(
            person__in=Person.objects.filter(merged).values("pk"), topics__has_any_keys=list(topics)
        )
        .exclude(source_kind=SourceKind.WAIVER)
        .order_by("occurred_on", "recorded_at")
    )
    columns = [
        "id", "whose", "training_id", "version_id", "occurred_on", "recorded_at", "topics", "title",
        "approval", "revoked_at", "language", "version__number", "source_kind", "shared_device",
        "place", "trainer", "accepted", "minutes",
    ]  # fmt: skip
    return Prepared(lambda: found.values(*columns))


def _frozen_approval(spec: Any) -> ApprovalFact | None:
    """The approval a frozen version names ({basis, by, link, checked_on}), if it names one.

    A worksheet's also has valid_until and gaps.
    """
    if not isinstance(spec, dict) or not spec.get("basis"):
        return None
    checked, until = spec.get("checked_on"), spec.get("valid_until")
    return ApprovalFact(
        basis=str(spec["basis"]),
        approved_by=str(spec.get("by") or ""),
        link=str(spec.get("link") or ""),
        checked_on=date.fromisoformat(str(checked)) if checked else None,
        valid_until=date.fromisoformat(str(until)) if until else None,
        gaps=frozenset(spec.get("gaps") or ()),
    )


@dataclass(frozen=True)
class Known:
    """The rows about some employments, by what they are about; lists run from old to new."""

    employments: Sequence[Employment]
    periods: dict[int, list[EmploymentPeriod]] = field(default_factory=dict)
    completions: dict[int, list[Row]] = field(default_factory=dict)
    attestations: dict[tuple[int, str], list[ConditionAttestation]] = field(default_factory=dict)
    approvals: dict[int, list[ProgramApproval]] = field(default_factory=dict)
    exemptions: dict[int, list[Exemption]] = field(default_factory=dict)
    exempted: list[Exemption] = field(default_factory=list)  # from any rule
    made: dict[tuple[int, datetime | None], tuple[TrainingFact, ...]] = field(default_factory=dict)
    ends: dict[int, list[End]] = field(default_factory=dict)
    corrections: dict[int, list[EmploymentCorrection]] = field(default_factory=dict)

    @classmethod
    def load(cls, employments: Sequence[Employment], rule: Rule) -> "Known":
        """Read all rows about `employments` (their people loaded) that matter to `rule`."""
        known = cls(
            employments,
            defaultdict(list),
            defaultdict(list),
            defaultdict(list),
            defaultdict(list),
            defaultdict(list),
        )
        ids = [employment.pk for employment in employments]
        people = list({_canonical(employment) for employment in employments})
        for period in _periods(employments=ids):
            known.periods[period.employment_id].append(period)
        rows = _completions_about(tuple(sorted(rule.topic_codes)))(people=people)
        for row in rows:
            known.completions[row["whose"]].append(row)
        for signed in _attestations(employments=ids):
            known.attestations[signed.employment_id, str(signed.completion_id)].append(signed)
        trainings = list({row["training_id"] for row in rows})
        for approval in _approvals(trainings=trainings) if trainings else ():
            known.approvals[approval.training_id].append(approval)
        known.exempted.extend(_exemptions(employments=ids))
        return known.under(rule)

    def under(self, rule: Rule) -> "Known":
        """The same rows for another rule on the same topics: who is exempt is each rule's own."""
        exemptions: dict[int, list[Exemption]] = defaultdict(list)
        for row in self.exempted:
            if row.rule == rule.id:
                exemptions[row.employment_id].append(row)
        return replace(self, exemptions=exemptions)

    def with_history(self) -> "Known":
        """The same, with when ends were recorded and what was corrected: two queries more."""
        ids = [employment.pk for employment in self.employments]
        ends: dict[int, list[End]] = defaultdict(list)
        told = AuditEntry.objects.filter(
            object_type=Employment._meta.label_lower,  # noqa: SLF001 - Django's documented name
            object_id__in=[str(pk) for pk in ids],
            action__in=["employment.ended", "employment.reopened"],
        )
        for entry in told.order_by("at", "id"):
            ended = entry.action == "employment.ended"
            day = date.fromisoformat(entry.data["ended_on"]) if ended else None
            ends[int(entry.object_id)].append((entry.at, day))
        corrections: dict[int, list[EmploymentCorrection]] = defaultdict(list)
        for fixed in EmploymentCorrection.objects.filter(employment__in=ids):
            corrections[fixed.employment_id].append(fixed)
        return replace(self, ends=ends, corrections=corrections)

    def _later(self, employment: Employment, known_by: datetime) -> list[EmploymentCorrection]:
        """What was corrected after a moment, new to old: taken back in this order."""
        fixed = self.corrections.get(employment.pk, [])
        return [row for row in reversed(fixed) if row.corrected_at > known_by]

    def as_known(self, employment: Employment, known_by: datetime | None) -> Employment:
        """The employment with the days and the number that were known by a moment; a copy."""
        if known_by is None:
            return employment
        told, later = self.ends.get(employment.pk, []), self._later(employment, known_by)
        if not told and not later:
            return employment
        then = copy.copy(employment)
        if told:
            by_then = [day for at, day in told if at <= known_by]
            then.ended_on = by_then[-1] if by_then else None
        for fixed in later:
            if fixed.kind == Corrected.HIRED:
                then.started_on = date.fromisoformat(fixed.was["started_on"])
            elif fixed.kind == Corrected.NUMBER:
                then.number = fixed.was["number"]
        return then

    def posts(
        self, employment: Employment, known_by: datetime | None = None
    ) -> list[EmploymentPeriod]:
        """The posts held, old to new; those known by a moment, the last of them open again."""
        held = self.periods.get(employment.pk, [])
        if known_by is None:
            return held
        by_then = [copy.copy(row) for row in held if _then(row.recorded_at, known_by)]
        if not by_then:
            return []
        then = self.as_known(employment, known_by)
        by_pk = {row.pk: row for row in by_then}
        for fixed in self._later(employment, known_by):
            if row := by_pk.get(fixed.period_id or 0):
                row.post, row.guest_contact = fixed.was["post"], fixed.was["guest_contact"]
                row.no_contact_reason = fixed.was["no_contact_reason"]
                row.starts_on = date.fromisoformat(fixed.was["starts_on"])
        by_then[0].starts_on = then.started_on
        for row, after in pairwise(by_then):
            row.ends_on = after.starts_on - timedelta(days=1)
        by_then[-1].ends_on = then.ended_on
        return by_then

    def period_on(
        self, employment: Employment, day: date, known_by: datetime | None = None
    ) -> EmploymentPeriod | None:
        """The post held on `day`; before the first day the first, after the last day the last."""
        held = self.posts(employment, known_by)
        begun = [period for period in held if period.starts_on <= day]
        if begun:
            return begun[-1]
        return held[0] if held else None

    def facts(
        self, employment: Employment, facility: Applicability, known_by: datetime | None = None
    ) -> Facts:
        """The facts about one employment, all of them or those recorded by a moment."""
        exemption = next(
            (
                row
                for row in reversed(self.exemptions[employment.pk])
                if _then(row.recorded_at, known_by)
            ),
            None,
        )
        then = self.as_known(employment, known_by)
        return Facts(
            hired_on=then.started_on,
            ended_on=then.ended_on,
            periods=tuple(
                PeriodFact(
                    row.guest_contact, row.no_contact_reason, row.starts_on, row.ends_on, row.post
                )
                for row in self.posts(employment, known_by)
            ),
            trainings=self.trainings(employment, known_by),
            exemption=ExemptionFact(exemption.reason, exemption.starts_on, exemption.ends_on)
            if exemption
            else None,
            facility=facility,
        )

    def trainings(
        self, employment: Employment, known_by: datetime | None = None
    ) -> tuple[TrainingFact, ...]:
        """The trainings of the employee that stand, old to new, with what is known about each.

        Made once, for however many rules judge them.
        """
        key = (employment.pk, known_by)
        if key not in self.made:
            self.made[key] = self._trainings(employment, known_by)
        return self.made[key]

    def _trainings(
        self, employment: Employment, known_by: datetime | None
    ) -> tuple[TrainingFact, ...]:
        return tuple(
            TrainingFact(
                completion_id=str(row["id"]),
                occurred_on=row["occurred_on"],
                program=_program(row),
                topics=frozenset(row["topics"]),
                approval=self._approval(row, known_by),
                signature=self._signature(employment, row, known_by),
                version=row["version__number"],
                language=row["language"],
                source=row["source_kind"],
                place=row["place"] or "",
                trainer=row["trainer"] or "",
                minutes=row["minutes"],
            )
            for row in self.completions[_canonical(employment)]
            if _then(row["recorded_at"], known_by)
            and not (row["revoked_at"] and _then(row["revoked_at"], known_by))
        )

    def _signature(
        self, employment: Employment, row: Row, known_by: datetime | None
    ) -> SignatureFact | None:
        """The newest signature for this employment and completion."""
        for signed in reversed(self.attestations[employment.pk, str(row["id"])]):
            if _then(signed.attested_at, known_by):
                return SignatureFact(
                    signed.on_premises,
                    signed.paid_time,
                    new_york_date(signed.attested_at),
                    str(signed.attested_by or ""),
                )
        return None

    def _approval(self, row: Row, known_by: datetime | None) -> ApprovalFact | None:
        """The newest for the version, else for the training, else what the version froze."""
        recorded = [
            approval
            for approval in self.approvals[row["training_id"]]
            if _then(approval.recorded_at, known_by)
        ]
        found = approval_of(row["version_id"], row["approval"], recorded)
        said = row["accepted"]
        if found is None or not isinstance(said, dict):
            return found
        words = _("accepted by %(who)s for %(place)s") % {"who": said["by"], "place": said["for"]}
        return replace(found, taken_by=words)


def approval_of(
    version: int, frozen: Any, recorded: Sequence[ProgramApproval]
) -> ApprovalFact | None:
    """Of a training's approvals, old to new: the version's newest, the training's, the frozen.

    A withdrawal with a last day says until when what was approved before it counts.
    """
    for wanted in (version, None):
        for approval in reversed(recorded):
            if approval.version_id == wanted:
                if approval.last_day:
                    others = [row for row in recorded if row.basis != Basis.WITHDRAWN]
                    if before := approval_of(version, frozen, others):
                        return replace(
                            before, last_day=approval.last_day, ended_because=approval.reason
                        )
                return ApprovalFact(
                    approval.basis, approval.approved_by, approval.link, approval.checked_on
                )
    return _frozen_approval(frozen)


def _program(row: Row) -> str:
    """The training's title; of one that its office entered, that too, wherever it counts."""
    title = str(row["title"] or "")
    if row["source_kind"] == SourceKind.STAFF_ENTRY:
        return _("%(title)s (entered by the office)") % {"title": title}
    return title


def _canonical(employment: Employment) -> int:
    return employment.person.canonical_person_id or employment.person_id


def _then(recorded_at: datetime, known_by: datetime | None) -> bool:
    """Whether it was recorded by that moment; without one, everything was."""
    return known_by is None or recorded_at <= known_by
