"""Attendance reports as uploaded, the people in them, and what coordinators decided about those.

Who in a report is whom is found anew each time it is asked (attendance_report.matching); kept are
the rows, and what people decided by hand.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.enums import MatchedBy, NotingStatus, ReportStatus, RowKind, RowProblem
from lms.core.files import private_storage


class AttendanceReportQuerySet(models.QuerySet["AttendanceReport"]):
    """Reports."""

    def standing(self) -> "AttendanceReportQuerySet":
        """Those that count: read, and not set aside."""
        return self.filter(set_aside_at__isnull=True, status=ReportStatus.READ)

    def being_read(self) -> "AttendanceReportQuerySet":
        """Those that a worker reads, or is to read."""
        return self.filter(set_aside_at__isnull=True, status=ReportStatus.READING)

    def refused(self) -> "AttendanceReportQuerySet":
        """Those that turned out to be no report, until somebody has seen why."""
        return self.filter(set_aside_at__isnull=True, status=ReportStatus.REFUSED)


class AttendanceReport(models.Model):
    """A file with joins and leaves of a session's meeting, read in one time zone.

    Standing reports of a session add up, since a host may start a meeting twice. One that was set
    aside counts no more: by somebody's wish, or because `replaced_by` tells of the same meetings.
    `meetings` are their starts as the file shows them, `first_start` the instant of the first.

    A worker reads it: `done` of `total` rows are kept, `touched_at` is when it last said so. Until
    it is READ it counts for nothing. A file that was refused is not kept, only why.
    """

    session = models.ForeignKey(
        "events.Session", on_delete=models.PROTECT, related_name="attendance_reports"
    )
    sha256 = models.CharField(max_length=64)
    file = models.FileField(storage=private_storage, max_length=200, blank=True)
    name = models.CharField(_("file"), max_length=200)
    status = models.CharField(
        max_length=8, choices=ReportStatus.choices, default=ReportStatus.READING
    )
    refusal = models.CharField(max_length=600, blank=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    touched_at = models.DateTimeField(default=timezone.now)
    title = models.CharField(_("meeting"), max_length=300, blank=True)
    zone = models.CharField(_("time zone"), max_length=60)
    meetings = models.JSONField(default=list)
    first_start = models.DateTimeField(null=True, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(default=timezone.now)
    set_aside_at = models.DateTimeField(null=True, blank=True)
    set_aside_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    replaced_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaces"
    )

    objects = AttendanceReportQuerySet.as_manager()

    class Meta:
        ordering = ["uploaded_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "sha256"],
                condition=Q(set_aside_at__isnull=True) & ~Q(status=ReportStatus.REFUSED),
                name="events_attendancereport_file_once",
            ),
            models.CheckConstraint(
                condition=Q(status__in=ReportStatus.values),
                name="events_attendancereport_status_known",
            ),
            models.CheckConstraint(
                condition=(Q(status=ReportStatus.REFUSED) & ~Q(refusal=""))
                | (~Q(status=ReportStatus.REFUSED) & Q(refusal="")),
                name="events_attendancereport_refused_says_why",
            ),
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True) | Q(set_aside_at__isnull=False),
                name="events_attendancereport_replaced_is_aside",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} for {self.session_id}"

    @property
    def is_being_read(self) -> bool:
        """Whether a worker is at it, or is to be."""
        return self.status == ReportStatus.READING and self.set_aside_at is None


class ReportPerson(models.Model):
    """Somebody in a session's reports: rows with one `key` are theirs (attendance_report.Row.key).

    `set_aside_at`: somebody decided that this is no participant.
    """

    session = models.ForeignKey(
        "events.Session", on_delete=models.PROTECT, related_name="report_people"
    )
    key = models.CharField(max_length=300)
    name = models.CharField(_("name"), max_length=200, blank=True)
    full_name = models.CharField(max_length=200, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    set_aside_at = models.DateTimeField(null=True, blank=True)
    set_aside_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "key"], name="events_reportperson_once_a_session"
            )
        ]

    def __str__(self) -> str:
        return self.full_name or self.name or self.email or self.key


class ReportRow(models.Model):
    """One row of a report: one device that joined and left, or why it cannot be read."""

    report = models.ForeignKey(AttendanceReport, on_delete=models.CASCADE, related_name="rows")
    person = models.ForeignKey(
        ReportPerson, null=True, blank=True, on_delete=models.PROTECT, related_name="rows"
    )
    number = models.PositiveIntegerField(_("row"))
    raw = models.JSONField(default=dict)
    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    kind = models.CharField(max_length=12, choices=RowKind.choices)
    joined_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=20, choices=RowProblem.choices, blank=True)

    class Meta:
        ordering = ["report", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "number"], name="events_reportrow_number_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=RowKind.values), name="events_reportrow_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(problem__in=["", *RowProblem.values]),
                name="events_reportrow_problem_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    problem="",
                    person__isnull=False,
                    joined_at__isnull=False,
                    left_at__gte=F("joined_at"),
                )
                | (
                    ~Q(problem="")
                    & Q(person__isnull=True, joined_at__isnull=True, left_at__isnull=True)
                ),
                name="events_reportrow_times_or_problem",
            ),
        ]

    def __str__(self) -> str:
        return f"row {self.number} of {self.report_id}"


class ReportLink(models.Model):
    """Somebody decided whose time this is: one person's, or also that of who shared the screen."""

    person = models.ForeignKey(ReportPerson, on_delete=models.PROTECT, related_name="links")
    registration = models.ForeignKey(
        "events.Registration", on_delete=models.PROTECT, related_name="report_links"
    )
    how = models.CharField(max_length=16, choices=MatchedBy.choices)
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    linked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "registration"], name="events_reportlink_once"
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(how=MatchedBy.HAND),
                name="events_reportlink_one_by_hand",
            ),
            models.CheckConstraint(
                condition=Q(how__in=MatchedBy.DECIDED), name="events_reportlink_how_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} is {self.registration_id}"


class KnownAddress(models.Model):
    """An address under which somebody came to a meeting, learned when a coordinator linked it.

    It tells who somebody in a report is, and nothing else: nobody signs in with it. Linking it to
    somebody else later ends the row and adds another.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="known_addresses"
    )
    email = models.CharField(_("e-mail"), max_length=254)
    learned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    learned_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                condition=Q(ended_at__isnull=True),
                name="events_knownaddress_one_person",
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")) & ~Q(email=""),
                name="events_knownaddress_lower_case",
            ),
        ]

    def __str__(self) -> str:
        return f"address of {self.person_id}"


class ReportOutcome(models.Model):
    """That a decision about attendance came from reports, and from what in them. Append-only.

    `intervals` are the person's joins and leaves (ISO, UTC), merged; `counted` what of them lay in
    the session; both are empty for somebody who was in no report.
    """

    attendance = models.OneToOneField(
        "events.Attendance", on_delete=models.PROTECT, related_name="report_outcome"
    )
    matched_by = models.CharField(max_length=16, choices=MatchedBy.choices, blank=True)
    reports = models.JSONField(default=list)
    intervals = models.JSONField(default=list)
    counted = models.JSONField(default=list)
    seconds = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(matched_by__in=["", *MatchedBy.values]),
                name="events_reportoutcome_matched_by_known",
            )
        ]

    def __str__(self) -> str:
        return f"reports decided {self.attendance_id}"


class AttendanceNoting(models.Model):
    """Somebody's order to note what a session's reports come to, and how far a worker is with it.

    `done` of `total` people are noted; `outcomes` says how many of them came to what. `problem` is
    why it stopped. One at a time for each session.
    """

    session = models.ForeignKey("events.Session", on_delete=models.PROTECT, related_name="notings")
    status = models.CharField(
        max_length=8, choices=NotingStatus.choices, default=NotingStatus.NOTING
    )
    absent_are_no_shows = models.BooleanField(default=True)
    replace_noted = models.BooleanField(default=False)
    zone_checked = models.BooleanField(default=False)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    outcomes: "models.JSONField[dict[str, int]]" = models.JSONField(default=dict)
    kept_by_hand = models.PositiveIntegerField(default=0)
    left_open = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=600, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    touched_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["session"],
                condition=Q(status=NotingStatus.NOTING),
                name="events_attendancenoting_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(status__in=NotingStatus.values),
                name="events_attendancenoting_status_known",
            ),
        ]

    def __str__(self) -> str:
        return f"noting {self.pk} of {self.session_id}"

    @property
    def is_going_on(self) -> bool:
        """Whether a worker is at it, or is to be."""
        return self.status == NotingStatus.NOTING
