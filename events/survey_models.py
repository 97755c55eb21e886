"""How people found a session: answers without names, and apart from them who has answered.

Nothing joins the two: answers carry no person, no moment and no order, so whoever reads both knows
that somebody answered and never what.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

RATINGS = 5


class SessionSurveyAnswer(models.Model):
    """One person's five ratings, from 1 to 5, in the order of `surveys.STATEMENTS`. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(
        "events.Session", on_delete=models.PROTECT, related_name="survey_answers"
    )
    ratings = ArrayField(models.PositiveSmallIntegerField(), size=RATINGS)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ratings__len=RATINGS)
                & models.Q(ratings__contained_by=[1, 2, 3, 4, 5]),
                name="events_survey_five_ratings",
            )
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"


class SessionSurveyComment(models.Model):
    """What somebody added in their own words; the office can remove it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(
        "events.Session", on_delete=models.PROTECT, related_name="survey_comments"
    )
    text = models.CharField(_("comment"), max_length=500)

    def __str__(self) -> str:
        return f"comment {self.pk}"


class SessionSurveyGiven(models.Model):
    """That somebody has answered, and on which day; never what."""

    registration = models.OneToOneField(
        "events.Registration", on_delete=models.PROTECT, related_name="survey_given"
    )
    given_on = models.DateField(default=timezone.localdate)

    def __str__(self) -> str:
        return f"given {self.registration_id}"
