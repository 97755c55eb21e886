"""The time somebody really spends in a course: one clock per person, whatever is open beside it."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from courses.models.records import Enrolment


class LearningClock(models.Model):
    """Until when a person's time has been counted, and with which step it counts.

    One row per person: however many windows are open, no second counts twice, since each sign of
    life counts from `seen_at` only and moves it on. `by_script` says that the last sign came from
    the page's script, which sends one every half minute, and not from opening a page.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="learning_clock"
    )
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="+")
    step_key = models.CharField(max_length=80)
    seen_at = models.DateTimeField(default=timezone.now)
    by_script = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.person_id} in {self.enrolment_id} {self.step_key}"
