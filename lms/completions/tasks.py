"""Completions' tasks: each takes ids, calls one service, and may run twice."""

from celery import shared_task
from django.utils import timezone

from lms.completions.importing.services import work


@shared_task(name="completions.work_import")
def work_import(batch_id: int) -> None:
    """Work one uploaded file off."""
    work.work(batch_id=batch_id)


@shared_task(name="completions.work_abandoned_imports")
def work_abandoned_imports() -> None:
    """Go on with files whose worker is gone, or of which no worker was told."""
    for batch_id in work.abandoned(timezone.now()):
        work_import.delay(batch_id)
