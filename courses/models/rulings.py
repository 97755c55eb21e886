"""What an office decided about tests after they were taken: new rows, never a changed attempt."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from courses.enums import RegradeKind, RulingKind
from courses.models.bank import QuestionVersion
from courses.models.records import Attempt
from courses.querysets_rulings import RegradeQuerySet, RulingQuerySet

MAX_OUTAGE_MINUTES = 240


class Regrade(models.Model):
    """A wording was not fair: whoever saw it gets the point, or one more answer counts as right.

    It holds for every attempt that has the wording, also those handed in later. `choice` is the key
    of the answer that counts too. `reason` is read by learners. Append-only; each once.
    """

    wording = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="regrades")
    kind = models.CharField(max_length=12, choices=RegradeKind.choices)
    choice = models.CharField(max_length=20, blank=True, default="")
    reason = models.CharField(max_length=300)
    decided_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = RegradeQuerySet.as_manager()

    class Meta:
        ordering = ["decided_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["wording", "kind", "choice"], name="courses_regrade_once"
            ),
            models.CheckConstraint(
                condition=Q(kind=RegradeKind.FULL_MARKS, choice="")
                | (Q(kind=RegradeKind.ALSO_RIGHT) & ~Q(choice="")),
                name="courses_regrade_names_its_choice",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="courses_regrade_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.wording_id} {self.kind} {self.choice}".strip()


class RegradeRun(models.Model):
    """How far a regrade has come through the attempts that saw the wording.

    `last` is the id of the newest attempt looked at: work goes on from there after a crash.
    """

    regrade = models.OneToOneField(Regrade, on_delete=models.PROTECT, related_name="run")
    total = models.PositiveIntegerField()
    looked_at = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    now_passed = models.PositiveIntegerField(default=0)
    now_completed = models.PositiveIntegerField(default=0)
    last = models.PositiveBigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.regrade_id}: {self.looked_at} of {self.total}"


class Outage(models.Model):
    """The site was down from one moment to another, and people were in tests then. Append-only.

    What each of them got because of it are rulings; those of all outages together never give more
    than the time somebody lost (courses.outages).
    """

    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    reason = models.CharField(max_length=300)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["began_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__gt=F("began_at")), name="courses_outage_ends_after_it_began"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="courses_outage_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M} to {self.ended_at:%H:%M}"


class AttemptRuling(models.Model):
    """A later word on an attempt, which itself stays as it was handed in. Append-only.

    VOID: it does not count. REGRADE: `points` and `outcome` (whether it is passed; null where
    nobody can fail) take the place of the attempt's. OUTAGE: with `minutes`, its deadline moved;
    without, it ran out because of the outage and does not count; `outage` names it where it was
    decided for everybody at once. What counts in the end is said by
    courses.results alone. `key` keeps a form that is sent twice from ruling twice.
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="rulings")
    kind = models.CharField(max_length=12, choices=RulingKind.choices)
    reason = models.CharField(max_length=300)
    points = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    outcome = models.BooleanField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    regrade = models.ForeignKey(
        Regrade, null=True, blank=True, on_delete=models.PROTECT, related_name="rulings"
    )
    outage = models.ForeignKey(
        Outage, null=True, blank=True, on_delete=models.PROTECT, related_name="rulings"
    )
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ruled_at = models.DateTimeField(default=timezone.now)
    ruled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = RulingQuerySet.as_manager()

    class Meta:
        ordering = ["attempt", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind=RulingKind.REGRADE,
                    points__isnull=False,
                    points__gte=0,
                    regrade__isnull=False,
                    minutes__isnull=True,
                )
                | Q(
                    kind=RulingKind.VOID,
                    points__isnull=True,
                    outcome__isnull=True,
                    regrade__isnull=True,
                    minutes__isnull=True,
                )
                | Q(
                    Q(minutes__isnull=True) | Q(minutes__gte=1, minutes__lte=MAX_OUTAGE_MINUTES),
                    kind=RulingKind.OUTAGE,
                    points__isnull=True,
                    outcome__isnull=True,
                    regrade__isnull=True,
                ),
                name="courses_attemptruling_shape",
            ),
            models.CheckConstraint(
                condition=Q(outage__isnull=True) | Q(kind=RulingKind.OUTAGE),
                name="courses_attemptruling_outage_of_its_kind",
            ),
            models.UniqueConstraint(
                fields=["attempt", "outage"],
                condition=Q(outage__isnull=False),
                name="courses_attemptruling_outage_once",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="courses_attemptruling_has_reason"
            ),
            models.UniqueConstraint(
                fields=["attempt"],
                condition=Q(kind=RulingKind.VOID) | Q(kind=RulingKind.OUTAGE, minutes__isnull=True),
                name="courses_attemptruling_void_once",
            ),
            models.UniqueConstraint(
                fields=["attempt", "regrade"],
                condition=Q(regrade__isnull=False),
                name="courses_attemptruling_regrade_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.kind}"

    @property
    def is_void(self) -> bool:
        """Whether the attempt does not count because of it."""
        return self.kind == RulingKind.VOID or (
            self.kind == RulingKind.OUTAGE and self.minutes is None
        )
