"""How many employees of each facility stood where on a day, counted once by a worker."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.people.models import Organization


class ShownBy(models.TextChoices):
    """What a training rests on, as the state reads it; of several trainings the weakest.

    A scan is kept apart from its program: the program may be the state's, but that somebody took
    it the facility alone has looked at.
    """

    STATE_MADE = "state_made", _("Program made by the state")
    STATE_LISTED = "state_listed", _("Program on the state’s list")
    OWN = "own", _("The facility’s own program, with a signed worksheet")
    OTHER = "other", _("Program approved by somebody else")
    SCAN = "scan", _("A scan that only the facility has looked at")
    NOT_SHOWN = "not_shown", _("No approval of the program shown")


class CountRun(models.Model):
    """One count over all facilities for a rule and a New York day; `totals` when it is done.

    `cursor` is the last facility counted: whoever goes on begins after it.
    """

    rule = models.CharField(max_length=40)
    day = models.DateField()
    begun_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    cursor = models.BigIntegerField(default=0)
    facilities_done = models.PositiveIntegerField(default=0)
    facilities_total = models.PositiveIntegerField(default=0)
    totals = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "day"], name="compliance_count_once_a_day"),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("begun_at")),
                name="compliance_count_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.day}"


class StandingCount(models.Model):
    """One facility in a count. `counts` has [state, basis or "", month of hire, employees] each.

    `bases` are the bases that occur in it. No names: whose numbers these are stands nowhere.
    """

    run = models.ForeignKey(CountRun, on_delete=models.CASCADE, related_name="facilities")
    facility = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    county = models.CharField(max_length=60, blank=True)
    counts = models.JSONField(default=list)
    bases = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "facility"], name="compliance_count_of_facility_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.facility_id}"
