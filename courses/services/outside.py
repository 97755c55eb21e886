"""Courses taken elsewhere: a proof is sent, and the office accepts or refuses it."""

import hashlib
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.enums import ProofStatus, StepKind
from courses.models import Enrolment, OutsideProof
from courses.selectors import where
from courses.services.enrolments import evaluate
from courses.services.steps import demand_open, note_done
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.files import check_upload
from lms.core.locking import lock
from lms.core.mail import send_mail_later
from lms.core.time import new_york_date
from lms.people.models import Person

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
    check_proof(upload)
    if finished_on > new_york_date(now):
        raise Refused(_("The day you completed the course lies ahead."), code="future")
    locked = lock(enrolment)
    step = demand_open(where(locked), step_key)
    if step.kind != StepKind.OUTSIDE:
        raise Refused(_("This step asks for no proof."), code="no_outside")
    if step.is_done:
        raise Refused(_("Your proof is accepted already."), code="accepted")
    content = upload.read()
    upload.seek(0)
    digest = hashlib.sha256(content).hexdigest()
    mine = OutsideProof.objects.filter(enrolment=locked, step_key=step_key)
    waiting = mine.waiting().first()
    if waiting:
        if (waiting.sha256, waiting.finished_on) == (digest, finished_on):
            return waiting
        _decide(waiting, ProofStatus.TAKEN_BACK, actor=actor, now=now)
    proof = OutsideProof(
        enrolment=locked,
        step_key=step_key,
        name=PurePath(upload.name or "").name[-200:],
        sha256=digest,
        finished_on=finished_on,
        sent_at=now,
    )
    # Under a name of our own: what the file is called may name somebody.
    ending = PurePath(upload.name or "").suffix.lower()
    proof.file.save(f"{locked.pk}-{digest[:16]}{ending}", upload, save=False)
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
    """The proof shows what it should: the step is done, which may complete the course.

    Tells the learner by mail. Accepting twice is accepting once. Raises Refused for one's own proof
    and one that was refused or taken back.
    """
    now = now or timezone.now()
    _not_ones_own(proof, actor)
    enrolment = lock(proof.enrolment)
    proof.refresh_from_db()
    if proof.status == ProofStatus.ACCEPTED:
        return proof
    _decide(proof, ProofStatus.ACCEPTED, actor=actor, now=now)
    note_done(enrolment, proof.step_key, now)
    enrolment = evaluate(enrolment=enrolment, actor=actor, now=now)
    _tell(proof, enrolment)
    return proof


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
    enrolment = lock(proof.enrolment)
    _decide(proof, ProofStatus.REFUSED, actor=actor, now=now, reason=reason.strip())
    _tell(proof, enrolment)
    return proof


def _not_ones_own(proof: OutsideProof, actor: Person) -> None:
    if proof.enrolment.person.canonical == actor.canonical:
        raise Refused(_("Somebody else has to look at your own proof."), code="own")


def _tell(proof: OutsideProof, enrolment: Enrolment) -> None:
    """The news by mail, to whoever has an address."""
    person = enrolment.person.canonical
    if not person.email:
        return
    outline = where(Enrolment.objects.get(pk=enrolment.pk))
    step = outline.step(proof.step_key)
    context: dict[str, Any] = {
        "person": person,
        "course": outline.title,
        "title": step.title if step else outline.title,
        "proof": proof,
        "office": enrolment.training.owner,
        "completed": not enrolment.is_active,
        "path": reverse("courses:step", args=[enrolment.pk, proof.step_key]),
    }
    send_mail_later(
        key=f"proof-{proof.status}-{proof.pk}",
        to=person.email,
        template="proof_decided",
        context=context,
        language=person.preferred_language,
    )
