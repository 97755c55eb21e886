"""Work on many certificates: asked for once, done in steps by a worker, taken up where it stopped.

Each certificate is a transaction of its own and each step of it may run twice, so that a worker
that is cut off in the middle costs nothing: another goes on after `SILENCE`, and nobody gets a
second revision or a second mail.
"""

import io
import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.certificates.batch_models import BatchKind, CertificateBatch
from lms.certificates.models import Certificate, CertificateRevision
from lms.certificates.selectors import newest_revision
from lms.certificates.services import draw, issue_certificate, reissue
from lms.completions.models import Completion
from lms.core import audit
from lms.core.exceptions import Refused
from lms.people.models import Organization, Person
from lms.people.permissions import is_coordinator_for

logger = logging.getLogger("lms.certificates")

FEW = 20
MOST = 5_000
SILENCE = timedelta(minutes=2)
# How often one looks, twice a second, whether another worker has drawn what it began.
PATIENCE = 20
# A document of many certificates is names in one place: it stays for as long as printing takes.
KEPT = timedelta(days=2)


@transaction.atomic
def ask(
    *,
    kind: BatchKind,
    office: Organization,
    title: str,
    completions: Sequence[str],
    reason: str = "",
    actor: Person,
    now: datetime | None = None,
) -> CertificateBatch:
    """Ask a worker to issue these completions' certificates again, or to put them on paper.

    The same asked again while a worker is at it returns what is under way. Raises Refused for
    somebody who does not coordinate for the office, for none and for too many, and without the
    reason that issuing again needs.
    """
    now = now or timezone.now()
    if not is_coordinator_for(actor, office):
        raise Refused(_("Only a coordinator of the office may do this."), code="not_yours")
    items = [str(one) for one in completions]
    reason = " ".join(reason.split())
    if not items:
        raise Refused(_("There is no certificate to work on."), code="none")
    if len(items) > MOST:
        raise Refused(
            _("These are more than %(most)d certificates. Do them in parts.") % {"most": MOST},
            code="too_many",
        )
    if kind == BatchKind.REISSUE and not reason:
        raise Refused(_("Say why the certificates are issued again."), code="reason_missing")
    going_on = CertificateBatch.objects.filter(
        kind=kind, office=office, title=title, finished_at=None
    ).first()
    if going_on:
        return going_on
    batch = CertificateBatch.objects.create(
        kind=kind, office=office, title=title, reason=reason, items=items, actor=actor,
        asked_at=now, touched_at=now,
    )  # fmt: skip
    audit.record(
        "certificates.batch_asked", batch, actor=actor, now=now, kind=kind, total=len(items)
    )
    transaction.on_commit(lambda: ring(batch.pk), robust=True)
    return batch


def ring(batch_id: int) -> None:
    """Ring for a worker; a dead broker costs only time, since the sweep finds what waits."""
    from lms.certificates.tasks import work_batch  # noqa: PLC0415 - tasks import this module

    try:
        work_batch.delay(batch_id)
    except Exception:
        logger.exception("The doorbell for certificate batch %s did not ring", batch_id)


def abandoned(now: datetime) -> list[int]:
    """What a worker began and left, or no worker was told of."""
    waiting = CertificateBatch.objects.filter(finished_at=None, touched_at__lt=now - SILENCE)
    return list(waiting.values_list("pk", flat=True))


def work(*, batch_id: int, now: datetime | None = None) -> CertificateBatch:
    """Work a batch off; safe to run twice, also at once: who comes second stops.

    Not atomic on purpose: what is done stays done, and the progress shows.
    """
    while True:
        batch = CertificateBatch.objects.select_related("office", "actor").get(pk=batch_id)
        if not batch.is_working:
            return batch
        items = batch.items[batch.done : batch.done + FEW]
        if not items:
            return _finish(batch, now or timezone.now())
        outcomes = [_work_one(batch, item) for item in items]
        moved = CertificateBatch.objects.filter(pk=batch.pk, done=batch.done).update(
            done=batch.done + len(items),
            changed=F("changed") + outcomes.count(True),
            failed=F("failed") + outcomes.count(None),
            touched_at=timezone.now(),
        )
        if moved != 1:
            return batch


def _work_one(batch: CertificateBatch, item: str) -> bool | None:
    """Do one; True if it became something new, None if it could not be done."""
    completion = Completion.objects.select_related("person", "training").filter(pk=item).first()
    if completion is None:
        return None
    try:
        if batch.kind == BatchKind.REISSUE:
            return _reissue(batch, completion)
        return _draw(issue_certificate(completion=completion)).is_drawn or None
    except Refused:
        return None  # revoked since, or without a name: their pages say so
    except Exception:
        logger.exception("Certificate batch %s failed at completion %s", batch.pk, item)
        return None


def _draw(certificate: Certificate) -> CertificateRevision:
    """The newest revision, drawn; or waited for while another worker is at it, as after issuing."""
    revision = draw(revision_id=newest_revision(certificate).pk)
    for _look in range(PATIENCE):
        if revision.is_drawn or revision.drawing_failed_at or not revision.claimed_until:
            break
        time.sleep(0.5)
        revision = draw(revision_id=revision.pk)
    return revision


def _reissue(batch: CertificateBatch, completion: Completion) -> bool:
    certificate = Certificate.objects.get(completion=completion)
    revision = reissue(
        certificate=certificate,
        name=newest_revision(certificate).read_facts().name,
        reason=batch.reason,
        actor=batch.actor,
    )
    # Also what a worker did who was cut off before it could say so.
    return revision.number > 1 and revision.issued_at >= batch.asked_at


@transaction.atomic
def _finish(batch: CertificateBatch, now: datetime) -> CertificateBatch:
    # Two may come here; the first writes.
    if CertificateBatch.objects.filter(pk=batch.pk, finished_at=None).update(finished_at=now) != 1:
        return batch
    batch.finished_at = now
    if batch.kind == BatchKind.PRINT:
        document = _bound(batch)
        if document:
            batch.file.save(f"certificates/print/{batch.pk}.pdf", ContentFile(document), save=False)
            batch.save(update_fields=["file"])
    audit.record(
        "certificates.batch_done",
        batch,
        actor=None,
        now=now,
        changed=batch.changed,
        failed=batch.failed,
    )
    return batch


def _bound(batch: CertificateBatch) -> bytes:
    """The certificates that are drawn, in one document, in the order asked for."""
    from pypdf import PdfReader, PdfWriter  # noqa: PLC0415 - only this needs it

    writer = PdfWriter()
    for item in batch.items:
        revision = (
            CertificateRevision.objects.filter(certificate__completion=item)
            .order_by("-number")
            .first()
        )
        if revision and revision.is_drawn:
            with revision.file.open() as file:
                writer.append(PdfReader(io.BytesIO(file.read())))
    if not writer.pages:
        return b""
    bound = io.BytesIO()
    writer.write(bound)
    return bound.getvalue()


def forget(now: datetime) -> int:
    """Remove documents for printing that have had their time; returns how many."""
    old = CertificateBatch.objects.filter(finished_at__lt=now - KEPT).exclude(file="")
    for batch in old:
        batch.file.delete(save=False)
        batch.save(update_fields=["file"])
    return len(old)
