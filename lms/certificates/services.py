"""Issuing: a completion gets its certificate once; a correction is a new revision."""

import hashlib
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from lms.certificates import codes
from lms.certificates.credit import credit_papers, given_credit, with_kept
from lms.certificates.drawing import draw_certificate
from lms.certificates.facts import facts_of, printable_language
from lms.certificates.looks import snapshot_for
from lms.certificates.models import Certificate, CertificateRevision
from lms.certificates.selectors import (
    awaiting_certificate,
    deserves_certificate,
    newest_revision,
    revoked_mail_key,
    revoked_untold,
)
from lms.completions.models import Completion
from lms.core import audit
from lms.core.canonical import digest
from lms.core.exceptions import Refused
from lms.core.files import private_storage
from lms.core.locking import lock
from lms.core.mail import send_mail_later
from lms.core.models import OutboxMessage
from lms.core.pdf import DrawingError, NotDrawable
from lms.core.time import new_york_date
from lms.people.models import Person

logger = logging.getLogger("lms.certificates")

CLAIM = timedelta(minutes=2)
# News of a certificate for something older comes from making good what was missed: no mail then.
NEWS = timedelta(days=3)
DRAW_AT_ONCE = 200


@transaction.atomic
def issue_certificate(
    *, completion: Completion, actor: Person | None = None, now: datetime | None = None
) -> Certificate:
    """Give `completion` its certificate; a second call returns the first one.

    Writes the certificate with its first revision and an audit row, tells the person by mail, and
    after commit asks a worker to draw the document. The name is the person's name now. Raises
    Refused where we issue none (outside proof, imports, a revoked completion) and while the person
    has no name to print.
    """
    now = now or timezone.now()
    known = Certificate.objects.filter(completion=completion).first()
    if known:
        return known
    if not deserves_certificate(completion):
        raise Refused(_("There is no certificate of ours for this record."), code="not_ours")
    name = completion.person.canonical.get_full_name()
    if not name:
        raise Refused(
            _("Tell us your name first, as it should be printed on the certificate."),
            code="name_missing",
        )
    certificate, created = Certificate.objects.get_or_create(
        completion=completion, defaults={"code": codes.new_code(), "created_at": now}
    )
    if created:
        revision = _write_revision(
            certificate,
            credit=given_credit(completion),
            number=1,
            name=name,
            actor=actor,
            now=now,
        )
        audit.record("certificate.issued", certificate, actor=actor, now=now)
        if now - completion.recorded_at < NEWS:
            _tell(revision, key=f"certificate:{certificate.pk}")
    return certificate


@transaction.atomic
def reissue(
    *,
    certificate: Certificate,
    name: str,
    reason: str,
    actor: Person | None,
    tell: bool = True,
    now: datetime | None = None,
) -> CertificateRevision:
    """Issue the certificate again with another name or more credit, under the same code.

    The old revision stays as it was and counts as replaced; the reason is for the office, nobody
    else sees it. Credit that was stated stays; what the office has confirmed since is added. The
    name and credit that are already printed return the newest revision. Without `tell` whoever
    calls tells the person, of many at once. Raises Refused for
    an empty name or reason, and for a revoked completion.
    """
    now = now or timezone.now()
    name, reason = " ".join(name.split()), reason.strip()
    if not name:
        raise Refused(_("Say the name to print."), code="name_missing")
    if not reason:
        raise Refused(_("Say why the certificate is issued again."), code="reason_missing")
    certificate = lock(certificate)
    if not deserves_certificate(certificate.completion):
        raise Refused(
            _("This record was revoked, so its certificate cannot be issued again."), code="revoked"
        )
    newest = certificate.revisions.latest("number")
    said = newest.read_facts()
    credit = with_kept(given_credit(certificate.completion), said.credits)
    if said.name == name and said.credits == credit:
        return newest
    revision = _write_revision(
        certificate,
        credit=credit,
        number=newest.number + 1,
        name=name,
        reason=reason,
        actor=actor,
        now=now,
    )
    audit.record("certificate.reissued", certificate, actor=actor, now=now, number=revision.number)
    if tell:
        _tell(revision, key=f"certificate:{certificate.pk}:{revision.number}")
    return revision


def draw(*, revision_id: int, now: datetime | None = None) -> CertificateRevision:
    """Draw the revision's document if it is not there and nobody is at it; return the revision.

    The bytes are kept with their hash and never drawn again. Letters that cannot be drawn are
    noted, and the sweep tries again much later; what fails by our own fault is logged, and the
    next sweep tries again. Not atomic on purpose: the claim must be seen
    by other workers while this one draws.
    """
    now = now or timezone.now()
    mine = CertificateRevision.objects.filter(
        Q(claimed_until__isnull=True) | Q(claimed_until__lt=now),
        pk=revision_id,
        drawn_at__isnull=True,
    ).update(claimed_until=now + CLAIM)
    revision = CertificateRevision.objects.select_related("certificate").get(pk=revision_id)
    if mine != 1:
        return revision
    try:
        document = draw_certificate(revision)
    except NotDrawable as problem:
        revision.drawing_failed_at, revision.claimed_until = now, None
        revision.drawing_failure = str(problem)[:500]
        revision.save(update_fields=["drawing_failed_at", "drawing_failure", "claimed_until"])
        audit.record("certificate.not_drawable", revision, actor=None, now=now)
        return revision
    except DrawingError:
        logger.exception("Drawing certificate revision %s failed", revision_id)
        CertificateRevision.objects.filter(pk=revision_id).update(claimed_until=None)
        return revision
    return _keep(revision, document, now)


@transaction.atomic
def _keep(revision: CertificateRevision, document: bytes, now: datetime) -> CertificateRevision:
    """Store the document; whoever was too slow finds another's and drops their own."""
    name = f"certificates/{revision.issued_at:%Y}/{revision.certificate.code}-{revision.number}.pdf"
    storage = private_storage()
    saved = storage.save(name, ContentFile(document))
    first = CertificateRevision.objects.filter(pk=revision.pk, drawn_at__isnull=True).update(
        file=saved,
        file_hash=hashlib.sha256(document).hexdigest(),
        drawn_at=now,
        claimed_until=None,
        drawing_failed_at=None,
        drawing_failure="",
    )
    if first == 1:
        audit.record("certificate.drawn", revision, actor=None, now=now)
    else:
        storage.delete(saved)
    revision.refresh_from_db()
    return revision


@transaction.atomic
def tell_revoked(*, completion: Completion, now: datetime | None = None) -> bool:
    """Tell the person once that the certificate of a revoked completion no longer stands.

    The mail names the training and whom to ask; the reason stays with the office. Returns whether
    this call wrote the mail: nothing is written for what stands, what had no certificate, an old
    revocation, and somebody without an address.
    """
    now = now or timezone.now()
    certificate = Certificate.objects.filter(completion=completion).first()
    revocation = getattr(completion, "revocation", None)
    person = completion.person.canonical
    if not (certificate and revocation and person.email) or now - revocation.revoked_at >= NEWS:
        return False
    key = revoked_mail_key(str(completion.pk))
    if OutboxMessage.objects.filter(key=key).exists():
        return False
    send_mail_later(
        key=key,
        to=person.email,
        template="certificate_revoked",
        context={
            "title": newest_revision(certificate).read_facts().title,
            "revoked_on": new_york_date(revocation.revoked_at),
            "office": completion.training.owner,
            "path": reverse("my:transcript"),
        },
        language=printable_language(person.preferred_language),
    )
    return True


def tell_all_revoked(*, now: datetime | None = None) -> int:
    """Tell of late revocations whose doorbell was lost; returns how many mails were written."""
    now = now or timezone.now()
    told = 0
    for completion in revoked_untold(since=now - NEWS).iterator(200):
        try:
            told += tell_revoked(completion=completion, now=now)
        except Exception:
            logger.exception("Telling of revoked completion %s failed", completion.pk)
    return told


def issue_missing(*, recorded_since: datetime | None = None, now: datetime | None = None) -> int:
    """Issue what completions still lack and draw what is not drawn; returns how many were issued.

    Each completion is its own transaction; one that fails is logged and keeps none of the others
    waiting. People without a name are passed over until they have one.
    """
    now = now or timezone.now()
    issued = 0
    for completion in awaiting_certificate(recorded_since=recorded_since).iterator(200):
        try:
            issue_certificate(completion=completion, now=now)
            issued += 1
        except Exception:
            logger.exception("Issuing a certificate for completion %s failed", completion.pk)
    for revision_id in list(
        CertificateRevision.objects.to_draw(now)
        .order_by("issued_at")
        .values_list("pk", flat=True)[:DRAW_AT_ONCE]
    ):
        try:
            draw(revision_id=revision_id)
        except Exception:
            logger.exception("Drawing certificate revision %s failed", revision_id)
    return issued


def _write_revision(
    certificate: Certificate,
    *,
    credit: Sequence[dict[str, Any]],
    number: int,
    name: str,
    reason: str = "",
    actor: Person | None,
    now: datetime,
) -> CertificateRevision:
    """Write the facts down; a worker is asked to draw them after commit."""
    completion = certificate.completion
    with translation.override(printable_language(completion.language)):
        papers = credit_papers(credit, office=completion.training.owner.name)
    facts = facts_of(
        completion,
        credit=credit,
        papers=papers,
        code=certificate.code,
        name=name,
        issued_on=new_york_date(now),
    ).dump()
    revision = CertificateRevision.objects.create(
        certificate=certificate,
        number=number,
        facts=facts,
        facts_hash=digest(facts),
        look=snapshot_for(completion.training),
        reason=reason,
        issued_at=now,
        actor=actor,
    )
    transaction.on_commit(lambda: _ask_for_drawing(revision.pk), robust=True)
    return revision


def _ask_for_drawing(revision_id: int) -> None:
    """Ring for a worker; a dead broker costs only time, since the sweep and the reader draw too."""
    from lms.certificates.tasks import draw_revision  # noqa: PLC0415 - tasks import this module

    try:
        draw_revision.delay(revision_id)
    except Exception:
        logger.exception("The doorbell for revision %s did not ring", revision_id)


def _tell(revision: CertificateRevision, *, key: str) -> None:
    """Tell the person by mail, in their language; somebody without an address is told nothing."""
    certificate = revision.certificate
    person = certificate.completion.person.canonical
    if not person.email:
        return
    facts = revision.read_facts()
    send_mail_later(
        key=key,
        to=person.email,
        template="certificate",
        context={
            "certificate": certificate,
            "facts": facts,
            "path": reverse("certificates:document", args=[certificate.code_in_groups]),
            "again": revision.number > 1,
        },
        language=printable_language(person.preferred_language),
    )
