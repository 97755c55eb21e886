"""Certificates' tasks: each takes ids, calls one service, and may run twice."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from lms.certificates import batches, services
from lms.completions.models import Completion
from lms.core.exceptions import Refused

# The sweep of every minute looks this far back; the one of every night at everything.
LATELY = timedelta(days=2)


@shared_task(name="certificates.issue_for_completion")
def issue_for_completion(completion_id: str) -> None:
    """Issue the certificate of one completion, if it gets one."""
    completion = Completion.objects.filter(pk=completion_id).first()
    if completion:
        try:
            services.issue_certificate(completion=completion)
        except Refused:
            return  # outside proof, or a name is missing: the person's pages say so


@shared_task(name="certificates.tell_revoked")
def tell_revoked(completion_id: str) -> None:
    """Tell one person that a certificate no longer stands."""
    completion = Completion.objects.filter(pk=completion_id).first()
    if completion:
        services.tell_revoked(completion=completion)


@shared_task(name="certificates.draw_revision")
def draw_revision(revision_id: int) -> None:
    """Draw one document."""
    services.draw(revision_id=revision_id)


@shared_task(name="certificates.work_batch")
def work_batch(batch_id: int) -> None:
    """Work one batch off."""
    batches.work(batch_id=batch_id)


@shared_task(name="certificates.work_abandoned_batches")
def work_abandoned_batches() -> None:
    """Go on with batches whose worker is gone, or of which no worker was told."""
    for batch_id in batches.abandoned(timezone.now()):
        work_batch.delay(batch_id)


@shared_task(name="certificates.issue_missing")
def issue_missing() -> None:
    """Make good lately lost doorbells and unfinished drawings."""
    services.issue_missing(recorded_since=timezone.now() - LATELY)
    services.tell_all_revoked()


@shared_task(name="certificates.issue_all_missing")
def issue_all_missing() -> None:
    """The same for all time: people who have a name only now."""
    services.issue_missing()
