"""A facility accepts one scan for many people, and takes out who was named wrongly."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.completions.enums import SourceKind
from lms.completions.services import record_completion, revoke_completion
from lms.compliance.proof_models import FacilityProof, ProofPerson
from lms.compliance.proofs.selectors import ListedProgram
from lms.compliance.services import attest_conditions
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.file_contents import SCANS, Content, look_into
from lms.core.locking import lock
from lms.core.time import long_date, new_york_today
from lms.people.models import Employment, Organization, Person


@transaction.atomic
def accept_proof(
    *,
    facility: Organization,
    program: ListedProgram,
    held_on: date,
    place: str,
    on_premises: bool,
    paid_time: bool,
    language: str,
    employments: Sequence[Employment],
    upload: "UploadedFile[bytes]",
    actor: Person,
    now: datetime | None = None,
) -> FacilityProof:
    """Keep the scan, and record the program for each person in it with the facility's word.

    All or none. Raises Refused for a file that is no PDF or picture, is too large or carries a
    script; for a day to come, or after the program's last; for nobody; for somebody who did not
    work here on that day; and for somebody who has this program of this day already.
    """
    now = now or timezone.now()
    if held_on > new_york_today(now):
        raise Refused(_("Record a training on its day or later."), code="in_future")
    if program.approval.last_day and held_on > program.approval.last_day:
        raise Refused(
            _("This program was withdrawn: it counts for trainings through %(day)s.")
            % {"day": long_date(program.approval.last_day)},
            code="withdrawn",
        )
    people = list({employment.pk: employment for employment in employments}.values())
    if not people:
        raise Refused(_("Tick at least one person."), code="nobody")
    content = look_into(upload, kinds=SCANS)
    lock(facility)
    _demand_here(facility, people, held_on)
    _demand_new(program, people, held_on)
    proof = FacilityProof(
        facility=facility,
        version=program.version,
        held_on=held_on,
        place=place.strip(),
        on_premises=on_premises,
        paid_time=paid_time,
        language=language,
        name=PurePath(upload.name or "").name[-200:],
        kind=content.kind,
        size=content.size,
        sha256=content.sha256,
        accepted_by=actor,
        accepted_at=now,
    )
    proof.words = _words(proof, program, len(people))
    # Under a name of our own: what the file is called may name somebody.
    proof.file.save(f"{content.sha256[:24]}.{content.kind}", upload, save=False)
    proof.save()
    audit.record("proof.accepted_here", proof, actor=actor, now=now, people=len(people))
    for employment in sorted(people, key=lambda row: row.pk):
        _record(proof, employment, content, actor=actor, now=now)
    return proof


def _demand_here(facility: Organization, people: list[Employment], day: date) -> None:
    for employment in people:
        here = employment.organization_id == facility.pk and employment.started_on <= day
        if not here or (employment.ended_on is not None and employment.ended_on < day):
            raise Refused(
                _("%(name)s did not work here on %(day)s.")
                % {"name": employment.person, "day": long_date(day)},
                code="not_here",
            )


def _demand_new(program: ListedProgram, people: list[Employment], day: date) -> None:
    known = (
        ProofPerson.objects.filter(
            employment__in=people,
            proof__version__training=program.version.training_id,
            proof__held_on=day,
            completion__revocation__isnull=True,
        )
        .select_related("employment__person")
        .first()
    )
    if known:
        raise Refused(
            _("%(name)s has this program of %(day)s already. Untick the name.")
            % {"name": known.employment.person, "day": long_date(day)},
            code="recorded",
        )


def _words(proof: FacilityProof, program: ListedProgram, people: int) -> str:
    """What the manager accepts, in words that stay."""
    lines = [
        ngettext(
            "I accept the file “%(file)s” for %(facility)s as proof that %(count)s person took “%(program)s” on %(day)s.",  # noqa: E501
            "I accept the file “%(file)s” for %(facility)s as proof that %(count)s people took “%(program)s” on %(day)s.",  # noqa: E501
            people,
        )
        % {
            "file": proof.name,
            "facility": proof.facility.name,
            "count": people,
            "program": program.title,
            "day": long_date(proof.held_on),
        },
        _("I have looked at it: it names each of them, the program and the day."),
        _("Why the program counts: %(basis)s.") % {"basis": program.approval.words},
    ]
    return "\n".join(lines)


def _record(
    proof: FacilityProof, employment: Employment, content: Content, *, actor: Person, now: datetime
) -> None:
    evidence: dict[str, Any] = {
        "why": "Took an outside program; the facility looked at a proof of it and accepted it.",
        "proof": proof.pk,
        "sha256": content.sha256,
        "facility": proof.facility_id,
        "place": proof.place,
        "accepted": {"by": actor.get_full_name(), "for": proof.facility.name},
        "accepted_by": actor.pk,
    }
    completion = record_completion(
        person=employment.person,
        version=proof.version,
        source_kind=SourceKind.OUTSIDE_PROOF,
        source_key=f"facility:{proof.pk}:{employment.pk}",
        occurred_on=proof.held_on,
        evidence=evidence,
        language=proof.language,
        actor=actor,
        now=now,
    )
    attest_conditions(
        employment=employment,
        completion=completion,
        on_premises=proof.on_premises,
        paid_time=proof.paid_time,
        actor=actor,
        now=now,
    )
    ProofPerson.objects.create(proof=proof, employment=employment, completion=completion)


@transaction.atomic
def take_out(
    *, person: ProofPerson, reason: str, actor: Person, now: datetime | None = None
) -> None:
    """Somebody was named wrongly: the completion is revoked with the reason, and stays to be seen.

    Raises Refused without a reason. Taking out twice is once.
    """
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise Refused(_("Say why."), code="no_reason")
    revoke_completion(completion=person.completion, reason=reason, actor=actor, now=now)
