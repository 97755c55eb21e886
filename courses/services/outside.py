"""What is taken elsewhere, a step of a course or a part of a plan: proofs sent and decided."""

import hashlib
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.enums import EnrolmentStatus, ProofStatus, StepKind
from courses.models import Enrolment, OutsideProof, PlanEnrolment
from courses.plan_selectors import months_before, plan_standing
from courses.querysets import OutsideProofQuerySet
from courses.selectors import where
from courses.services.enrolments import evaluate
from courses.services.plans import follow_person
from courses.services.steps import demand_open, note_done
from lms.completions.enums import SourceKind
from lms.completions.models import Completion
from lms.completions.services import record_completion
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.files import check_upload
from lms.core.locking import lock
from lms.core.mail import send_mail_later
from lms.core.time import long_date, new_york_date
from lms.people.models import Person
from lms.trainings.access import why_not
from lms.trainings.models import Training
from lms.trainings.selectors import version_in_force
from lms.trainings.services.outside import bare_version

KINDS = ("pdf", "png", "jpg", "jpeg")
MAX_BYTES = 15 * 1024 * 1024


def check_proof(upload: "UploadedFile[bytes]") -> None:
    """Refuse what is no PDF or picture, is too large, or is not what its name says."""
    ending = PurePath(upload.name or "").suffix.lower().lstrip(".")
    if ending not in KINDS:
        raise Refused(
            _("Choose a PDF or a picture: its name ends in .pdf, .png or .jpg."), code="kind"
        )
    if upload.size and upload.size > MAX_BYTES:
        raise Refused(
            _("The file is larger than 15 MB. Take a smaller picture, or save it as a PDF."),
            code="too_large",
        )
    check_upload(upload)


@transaction.atomic
def send_proof(
    *,
    enrolment: Enrolment,
    step_key: str,
    upload: "UploadedFile[bytes]",
    finished_on: date,
    actor: Person | None,
    now: datetime | None = None,
) -> OutsideProof:
    """Keep the proof for the office to look at; one that still waits is taken back for it.

    The same file sent twice is sent once. `finished_on` is the day the course was completed, not
    after today in New York. Raises Refused for a file that cannot be taken, for a locked step, and
    where a proof is accepted already.
    """
    now = now or timezone.now()
    _check(upload, finished_on, now)
    locked = lock(enrolment)
    step = demand_open(where(locked), step_key)
    if step.kind != StepKind.OUTSIDE:
        raise Refused(_("This step asks for no proof."), code="no_outside")
    if step.is_done:
        raise Refused(_("Your proof is accepted already."), code="accepted")
    there = OutsideProof.objects.filter(enrolment=locked, step_key=step_key)
    proof = OutsideProof(enrolment=locked, step_key=step_key)
    return _keep(proof, upload, finished_on, there, actor=actor, now=now)


@transaction.atomic
def send_part_proof(
    *,
    enrolment: PlanEnrolment,
    training: Training,
    upload: "UploadedFile[bytes]",
    finished_on: date,
    actor: Person | None,
    now: datetime | None = None,
) -> OutsideProof:
    """The same for an outside training that is a part of a plan.

    A proof of it that waits for the sake of another plan is taken back for this one. Raises Refused
    "not_active" for a plan that is left or completed, "no_outside" for what is no such part,
    "accepted" where it is done, "too_old" for a day that the plan no longer counts, and why not
    where the plan is no longer for the person.
    """
    now = now or timezone.now()
    _check(upload, finished_on, now)
    locked = lock(enrolment)
    if not locked.is_active:
        raise Refused(
            _("You do not follow this plan at the moment. Join it, then send your proof."),
            code="not_active",
        )
    if outside := why_not(locked.person, locked.training, now):
        raise outside
    today = new_york_date(now)
    standing = plan_standing(locked.person, locked.version, today)
    part = standing.part(training)
    if part is None or not part.is_outside:
        raise Refused(_("This part of the plan asks for no proof."), code="no_outside")
    if part.is_done:
        raise Refused(_("This part of the plan is done already."), code="accepted")
    months = locked.version.spec.get("valid_months")
    if months and finished_on < months_before(today, months):
        raise Refused(
            ngettext(
                "In this plan a training counts for %(count)s month, and this day is longer ago. "
                "Take it again, then send the new proof.",
                "In this plan a training counts for %(count)s months, and this day is longer ago. "
                "Take it again, then send the new proof.",
                months,
            )
            % {"count": months},
            code="too_old",
        )
    there = OutsideProof.objects.of(locked.person).filter(training=training)
    proof = OutsideProof(plan_enrolment=locked, training=training)
    return _keep(proof, upload, finished_on, there, actor=actor, now=now)


def _check(upload: "UploadedFile[bytes]", finished_on: date, now: datetime) -> None:
    check_proof(upload)
    if finished_on > new_york_date(now):
        raise Refused(_("The day you completed the course lies ahead."), code="future")


def _keep(
    proof: OutsideProof,
    upload: "UploadedFile[bytes]",
    finished_on: date,
    there: OutsideProofQuerySet,
    *,
    actor: Person | None,
    now: datetime,
) -> OutsideProof:
    """Write the proof with its file; of those `there`, one that waits gives way or is the same."""
    content = upload.read()
    upload.seek(0)
    digest = hashlib.sha256(content).hexdigest()
    for waiting in there.waiting():
        same_place = waiting.place == proof.place
        if same_place and (waiting.sha256, waiting.finished_on) == (digest, finished_on):
            return waiting
        _decide(waiting, ProofStatus.TAKEN_BACK, actor=actor, now=now)
    proof.name = PurePath(upload.name or "").name[-200:]
    proof.sha256, proof.finished_on, proof.sent_at = digest, finished_on, now
    # Under a name of our own: what the file is called may name somebody.
    ending = PurePath(upload.name or "").suffix.lower()
    of = f"{proof.place.pk}" if proof.enrolment else f"plan-{proof.place.pk}"
    proof.file.save(f"{of}-{digest[:16]}{ending}", upload, save=False)
    proof.save()
    audit.record("proof.sent", proof, actor=actor, now=now)
    return proof


def _decide(
    proof: OutsideProof,
    status: ProofStatus,
    *,
    actor: Person | None,
    now: datetime,
    reason: str = "",
) -> None:
    """Move a waiting proof on; whoever comes second is refused."""
    changed = OutsideProof.objects.filter(pk=proof.pk, status=ProofStatus.WAITING).update(
        status=status, decided_at=now, decided_by=actor, reason=reason
    )
    if changed != 1:
        raise Refused(
            _("Somebody has decided on this proof meanwhile, or it was taken back."), code="decided"
        )
    proof.refresh_from_db()
    audit.record(f"proof.{status.value}", proof, actor=actor, now=now)


@transaction.atomic
def accept_proof(
    *, proof: OutsideProof, actor: Person, now: datetime | None = None
) -> OutsideProof:
    """The proof shows what it should: the step or the part is done, which may complete the whole.

    A part of a plan is a completion of the outside training, of the day it was completed there.
    Tells the learner by mail. Accepting twice is accepting once. Raises Refused for one's own proof
    and one that was refused or taken back.
    """
    now = now or timezone.now()
    _not_ones_own(proof, actor)
    place = lock(proof.place)
    proof.refresh_from_db()
    if proof.status == ProofStatus.ACCEPTED:
        return proof
    _decide(proof, ProofStatus.ACCEPTED, actor=actor, now=now)
    if isinstance(place, Enrolment):
        note_done(place, proof.step_key, now)
        evaluate(enrolment=place, actor=actor, now=now)
    else:
        _record_part(proof, actor=actor, now=now)
        follow_person(person=proof.person, now=now)
    _tell(proof)
    return proof


def _record_part(proof: OutsideProof, *, actor: Person, now: datetime) -> None:
    """The outside training is completed; one that is in the record for that day is not repeated."""
    training = proof.training
    assert training is not None  # noqa: S101 - a constraint says so
    known = Completion.objects.of(proof.person).standing().exclude(source_kind=SourceKind.WAIVER)
    if known.filter(training=training, occurred_on=proof.finished_on).exists():
        return
    version = version_in_force(training) or bare_version(training=training, actor=actor, now=now)
    with translation.override(settings.LANGUAGE_CODE):
        why = _("Proved “%(title)s” of %(day)s (accepted by %(who)s).") % {
            "title": training.title,
            "day": long_date(proof.finished_on),
            "who": actor.get_full_name() or _("the office"),
        }
    record_completion(
        person=proof.person,
        version=version,
        source_kind=SourceKind.OUTSIDE_PROOF,
        source_key=f"proof-{proof.pk}",
        occurred_on=proof.finished_on,
        evidence={
            "why": why,
            "proof": {
                "id": proof.pk,
                "sha256": proof.sha256,
                "finished_on": proof.finished_on.isoformat(),
                "accepted_at": now.isoformat(),
                "accepted_by": actor.pk,
            },
        },
        language=proof.place.language,
        actor=actor,
        now=now,
    )


@transaction.atomic
def refuse_proof(
    *, proof: OutsideProof, reason: str, actor: Person, now: datetime | None = None
) -> OutsideProof:
    """The proof does not do; the learner is told why by mail and can send another.

    Raises Refused without a reason, for one's own proof, and one that is decided already.
    """
    now = now or timezone.now()
    _not_ones_own(proof, actor)
    if not reason.strip():
        raise Refused(_("Say why, so that the learner knows what to send."), code="no_reason")
    lock(proof.place)
    _decide(proof, ProofStatus.REFUSED, actor=actor, now=now, reason=reason.strip())
    _tell(proof)
    return proof


def _not_ones_own(proof: OutsideProof, actor: Person) -> None:
    if proof.person.canonical == actor.canonical:
        raise Refused(_("Somebody else has to look at your own proof."), code="own")


def _tell(proof: OutsideProof) -> None:
    """The news by mail, to whoever has an address."""
    person = proof.person.canonical
    if not person.email:
        return
    place = type(proof.place).objects.select_related("version", "training").get(pk=proof.place.pk)
    context: dict[str, Any] = {
        "person": person,
        "course": _title_of(place),
        "title": proof.title,
        "proof": proof,
        "office": proof.office,
        "completed": place.status == EnrolmentStatus.COMPLETED,
        "is_plan": isinstance(place, PlanEnrolment),
        "path": _path_of(proof),
    }
    send_mail_later(
        key=f"proof-{proof.status}-{proof.pk}",
        to=person.email,
        template="proof_decided",
        context=context,
        language=person.preferred_language,
    )


def _title_of(place: Enrolment | PlanEnrolment) -> str:
    if isinstance(place, Enrolment):
        return where(place).title
    return str(place.version.spec["title"])


def _path_of(proof: OutsideProof) -> str:
    """Where one sees how the proof stands."""
    if proof.training:
        return reverse("courses:plan_part", args=[proof.place.training.key, proof.training.key])
    return reverse("courses:step", args=[proof.place.pk, proof.step_key])
