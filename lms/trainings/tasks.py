"""What happens by the clock: deputies and people are told. No clock grants anything."""

from celery import shared_task

from lms.trainings.services import requests as access_requests


@shared_task(name="trainings.escalate_late_requests")
def escalate_late_requests() -> None:
    """Requests over their target go to the deputy."""
    access_requests.escalate_late()


@shared_task(name="trainings.tell_ending_access")
def tell_ending_access() -> None:
    """People whose access ends soon are told."""
    access_requests.tell_endings()
