"""A learner's own word that they took the course themselves."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from courses.models.records import Enrolment


class OwnWord(models.Model):
    """The statement a learner confirmed, in the words they read. Append-only, once a course taken.

    Where the version's rules ask for it, it is the last thing before the course is completed.
    """

    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="own_word")
    statement = models.CharField(max_length=400)
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(statement=""), name="courses_ownword_says_something"
            )
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.given_at:%Y-%m-%d}"
