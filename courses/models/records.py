"""What people did: enrolments, the steps they took, their attempts at tests."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from courses.enums import AttemptStatus, EnrolmentStatus
from courses.querysets import AttemptQuerySet, EnrolmentQuerySet
from lms.completions.models import Completion
from lms.trainings.models import Training, TrainingVersion


class Enrolment(models.Model):
    """A person takes a course, in the version and the language they began with.

    `claimed_at` says when somebody gave their name to what was begun without an account.

    A retake is a new enrolment, never a reset. `completion` is the fact that came of it; retention
    may remove the fact and leaves the enrolment.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enrolments"
    )
    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="enrolments")
    version = models.ForeignKey(
        TrainingVersion, on_delete=models.PROTECT, related_name="enrolments"
    )
    language = models.CharField(max_length=10, default=settings.LANGUAGE_CODE)
    status = models.CharField(
        max_length=12, choices=EnrolmentStatus.choices, default=EnrolmentStatus.ACTIVE
    )
    started_at = models.DateTimeField(default=timezone.now)
    completed_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    # By a step's key: what was done in it until then no longer counts (services.moving).
    set_aside: "models.JSONField[dict[str, str]]" = models.JSONField(default=dict, blank=True)
    completion = models.OneToOneField(
        Completion, null=True, blank=True, on_delete=models.SET_NULL, related_name="enrolment"
    )

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=EnrolmentStatus.values),
                name="courses_enrolment_status_known",
            ),
            models.UniqueConstraint(
                fields=["person", "training"],
                condition=Q(status=EnrolmentStatus.ACTIVE),
                name="courses_enrolment_one_active",
            ),
            models.CheckConstraint(
                condition=Q(status=EnrolmentStatus.COMPLETED, completed_at__isnull=False)
                | (~Q(status=EnrolmentStatus.COMPLETED) & Q(completed_at__isnull=True)),
                name="courses_enrolment_completed_at_iff_completed",
            ),
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True) | Q(completed_at__gte=F("started_at")),
                name="courses_enrolment_completed_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.training} ({self.status})"

    @property
    def is_active(self) -> bool:
        """Whether anything can still be done in it."""
        return self.status == EnrolmentStatus.ACTIVE


class StepProgress(models.Model):
    """Somebody opened a step, and finished it. Whether a test is done, its attempts say too.

    `active_seconds` is the time spent with it (services.active_time says how it is counted), up to
    `seen_at`. `played_file` and `played_second` are where its film or recording (a LessonFile's id)
    was left, for going on there on any device: the learner's own, read by the player alone.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="progress")
    step_key = models.CharField(max_length=80)
    opened_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)
    active_seconds = models.PositiveIntegerField(default=0)
    seen_at = models.DateTimeField(null=True, blank=True)
    played_file = models.PositiveBigIntegerField(null=True, blank=True)
    played_second = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "step_key"], name="courses_stepprogress_once"
            ),
            models.CheckConstraint(
                condition=Q(played_second=0) | Q(played_file__isnull=False),
                name="courses_stepprogress_second_of_a_file",
            ),
            models.CheckConstraint(
                condition=Q(active_seconds=0) | Q(seen_at__isnull=False),
                name="courses_stepprogress_time_was_seen",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(done_at__gte=F("opened_at")),
                name="courses_stepprogress_done_after_opened",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.step_key}"


class Attempt(models.Model):
    """One try at a test. Once handed in, a trigger refuses every change.

    `device` is the browser the answers come from (a random id of its own) and `turn` counts how
    often another one took over; "" and 0 where answers come by plain forms.

    `items` is frozen at the start: [{question, version, kind, choices}], with the ids of the
    question and of its wording, and the choices' keys in the order they are shown (`targets` too,
    for matching). `rule` is what the attempt runs under: {draw, pass_percent, attempts, scoring}
    and its timing. Each question is worth a point, of which a part can be earned where the rule
    says so (courses.scoring). `deadline_at` is when it must be over, by our clock (courses.timing).
    `passed` is null where the test has no pass mark. `score_points` and `passed` are what it was
    worth when it was handed in; what counts is said by courses.results, which alone reads them.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="attempts")
    step_key = models.CharField(max_length=80)
    number = models.PositiveIntegerField()
    status = models.CharField(
        max_length=12, choices=AttemptStatus.choices, default=AttemptStatus.IN_PROGRESS
    )
    items: "models.JSONField[list[dict[str, Any]]]" = models.JSONField()
    rule: "models.JSONField[dict[str, Any]]" = models.JSONField()
    started_at = models.DateTimeField(default=timezone.now)
    handed_in_at = models.DateTimeField(null=True, blank=True)
    score_points = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    max_points = models.PositiveSmallIntegerField()
    deadline_at = models.DateTimeField(null=True, blank=True)
    device = models.CharField(max_length=40, blank=True, default="")
    turn = models.PositiveIntegerField(default=0)
    passed = models.BooleanField(null=True, blank=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["enrolment", "step_key", "number"]
        # Who saw a wording: `items` is asked for what it contains.
        indexes = [
            GinIndex(fields=["items"], opclasses=["jsonb_path_ops"], name="courses_attempt_items")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=AttemptStatus.values), name="courses_attempt_status_known"
            ),
            models.UniqueConstraint(
                fields=["enrolment", "step_key", "number"], name="courses_attempt_number_once"
            ),
            models.UniqueConstraint(
                fields=["enrolment", "step_key"],
                condition=Q(status=AttemptStatus.IN_PROGRESS),
                name="courses_attempt_one_in_progress",
            ),
            models.CheckConstraint(
                condition=Q(
                    status=AttemptStatus.HANDED_IN,
                    handed_in_at__isnull=False,
                    score_points__isnull=False,
                )
                | (
                    ~Q(status=AttemptStatus.HANDED_IN)
                    & Q(handed_in_at__isnull=True, score_points__isnull=True, passed__isnull=True)
                ),
                name="courses_attempt_result_iff_handed_in",
            ),
            models.CheckConstraint(
                condition=Q(score_points__isnull=True)
                | Q(score_points__gte=0, score_points__lte=F("max_points")),
                name="courses_attempt_score_within_max",
            ),
            models.CheckConstraint(
                condition=Q(handed_in_at__isnull=True) | Q(handed_in_at__gte=F("started_at")),
                name="courses_attempt_handed_in_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.step_key} #{self.number}"


class AttemptAnswer(models.Model):
    """The answer to one question of an attempt, saved when given; the newest one counts.

    `position` counts from 1 in the order shown; `response` is as courses.scoring says for each
    kind. A trigger refuses answers once the attempt is no longer in progress. (turn, sequence) says
    when it was given as its device counts: a replay, or an older answer that arrives late, changes
    nothing.
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="answers")
    position = models.PositiveSmallIntegerField()
    response: "models.JSONField[list[str]]" = models.JSONField(default=list)
    saved_at = models.DateTimeField(default=timezone.now)
    turn = models.PositiveIntegerField(default=0)
    sequence = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["attempt", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "position"], name="courses_attemptanswer_position_once"
            ),
            models.CheckConstraint(
                condition=Q(position__gte=1), name="courses_attemptanswer_position_from_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.position}"
