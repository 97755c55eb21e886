"""A facility's list of employees on its way into the record: the file, its rows, what they mean."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.core.files import private_storage
from lms.people.models import Employment, Organization
from lms.people.roster.enums import RosterState, RowKind


class RosterImport(models.Model):
    """One uploaded list, of one facility or, with a facility column, of a company.

    Its rows carry names, so they are forgotten some days after the list was taken over or left
    lying (`roster.services.forget`); what stays is who took over how many, and when.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="roster_imports"
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(default=timezone.now)
    name = models.CharField(max_length=200)
    file = models.FileField(upload_to="rosters/", storage=private_storage, blank=True)
    language = models.CharField(max_length=10, default=settings.LANGUAGE_CODE)
    state = models.CharField(
        max_length=10, choices=RosterState.choices, default=RosterState.WAITING
    )
    said = models.TextField(blank=True)
    header = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    day_order = models.CharField(max_length=3, blank=True)
    titles = models.JSONField(default=dict)
    places = models.JSONField(default=dict)
    is_complete = models.BooleanField(default=False)
    left_on = models.DateField(_("last day of those who are missing"))
    past_since = models.DateField()
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    applied_at = models.DateTimeField(null=True, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=RosterState.values), name="people_roster_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=RosterState.APPLIED)
                | (Q(applied_at__isnull=False) & Q(applied_by__isnull=False)),
                name="people_roster_applied_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=RosterState.UNDONE) | Q(undone_at__isnull=False),
                name="people_roster_undone_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.organization_id})"

    @property
    def is_working(self) -> bool:
        """Whether a worker has it or will have it."""
        return self.state in RosterState.working()


class RosterRow(models.Model):
    """One row of the list, or somebody who is missing in a complete one (then `line` is None).

    `cells` are the file's, `given` what a person typed instead; the rest is computed from both and
    from the record, and computed again whenever either changes. `before` is what an undo needs.
    """

    roster = models.ForeignKey(RosterImport, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField(null=True, blank=True)
    cells = models.JSONField(default=list)
    given = models.JSONField(default=dict)
    values = models.JSONField(default=dict)
    kind = models.CharField(max_length=8, choices=RowKind.choices, default=RowKind.PROBLEM)
    problems = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    changes = models.JSONField(default=dict)
    facility = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    employment = models.ForeignKey(
        Employment, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    before = models.JSONField(default=dict)

    class Meta:
        ordering = ["line", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=RowKind.values), name="people_rosterrow_kind_known"
            ),
            models.UniqueConstraint(
                fields=["roster", "line"],
                condition=Q(line__isnull=False),
                name="people_rosterrow_line_once",
            ),
            models.UniqueConstraint(
                fields=["roster", "employment"],
                condition=Q(line__isnull=True),
                name="people_rosterrow_missing_once",
            ),
        ]
        indexes = [models.Index(fields=["roster", "kind", "line"], name="people_rosterrow_kinds")]

    def __str__(self) -> str:
        return f"{self.roster_id}: {self.line}"


class RosterLayout(models.Model):
    """What somebody said about an organization's lists, so that the next one asks less."""

    organization = models.OneToOneField(
        Organization, on_delete=models.PROTECT, related_name="roster_layout"
    )
    columns = models.JSONField(default=dict)
    day_order = models.CharField(max_length=3, blank=True)
    titles = models.JSONField(default=dict)
    places = models.JSONField(default=dict)

    def __str__(self) -> str:
        return str(self.organization_id)
