"""Live trainings: their page, their sessions, the seats people take, and who attended.

`status` is assigned in services alone; see `services` for how a session and a seat move.
"""

import uuid
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField

from events.attendance_report.rule import Rule
from events.enums import (
    FreedSeats,
    Outcome,
    RegistrationMove,
    RegistrationStatus,
    SessionStatus,
    SurveyRule,
)
from events.querysets import RegistrationQuerySet, SessionQuerySet
from lms.completions.models import Completion
from lms.core.exceptions import Refused
from lms.people.models import Person
from lms.trainings import services as trainings
from lms.trainings.enums import TrainingKind
from lms.trainings.models import Topic, Training, TrainingPage, TrainingVersion


class LiveTrainingPage(TrainingPage):
    """What a live training is; its dates are sessions, drawn into the page by a template tag.

    Publishing makes the training's identity and freezes a version in the same transaction.
    """

    topics = ParentalManyToManyField(
        Topic, verbose_name=_("topics it covers"), blank=True, related_name="+"
    )
    platform = models.CharField(
        _("where it takes place"),
        max_length=80,
        default="Webex",
        help_text=_("For example Webex, or an address. New sessions begin with it."),
    )
    min_minutes = models.PositiveIntegerField(
        _("minutes one must attend"),
        default=0,
        help_text=_("New sessions begin with this rule. 0: being there is enough."),
    )
    program = RichTextField(_("program"), blank=True, features=["ul", "ol", "bold", "link"])
    sample_notice = models.CharField(_("note on sample content"), max_length=300, blank=True)

    content_panels = [
        *TrainingPage.content_panels,
        FieldPanel("program"),
        MultiFieldPanel(
            [FieldPanel("platform"), FieldPanel("min_minutes"), FieldPanel("sample_notice")],
            heading=_("Sessions"),
        ),
        FieldPanel("topics"),
    ]
    is_creatable = True

    class Meta:
        verbose_name = _("live training")
        verbose_name_plural = _("live trainings")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.training_kind = TrainingKind.LIVE

    def spec(self) -> dict[str, object]:
        """What a version of this training keeps for good (see TrainingVersion.spec)."""
        return {
            **self.common_spec(),
            "topics": sorted(topic.code for topic in self.topics.all()),
            "min_minutes": self.min_minutes,
            "approval": {},
        }

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Which front door the page lies behind; nothing about the reader."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return {**context, "nav": {"current": "trainings"}}

    def freeze_publication(self, *, actor: Person | None) -> None:
        """Freeze a version for the sessions to come.

        A translation shares the training and freezes nothing while the main language has the page.
        Raises Refused where it breaks the rules of those who are to give credit for it.
        """
        problems = self.credit_problems()
        if problems:
            raise Refused(" ".join(problems), code="not_publishable")
        training = trainings.identify(page=self, actor=actor)
        if self.locale.language_code == settings.LANGUAGE_CODE or not (
            self.get_translations()
            .filter(locale__language_code=settings.LANGUAGE_CODE, live=True)
            .exists()
        ):
            trainings.freeze(training=training, spec=self.spec(), actor=actor)


def new_uid() -> str:
    """A calendar UID that is nobody else's and says nothing (RFC 7986 5.3)."""
    return f"{uuid.uuid4()}@{settings.SITE_ORIGIN.partition('//')[2].partition(':')[0]}"


class Session(models.Model):
    """One date of a live training.

    Wall time and zone are what was agreed with people and stay true when a zone's rules change;
    `starts_at` and `ends_at` are the instants computed from them, in services alone. A session lies
    within one day. `version` is the training's version in force when the session began. `sequence`
    is iCalendar's: it grows with every change that a calendar must follow.
    """

    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="sessions")
    version = models.ForeignKey(
        TrainingVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="sessions"
    )
    title = models.CharField(_("title"), max_length=255, blank=True)
    day = models.DateField(_("date"))
    start_time = models.TimeField(_("starts"))
    end_time = models.TimeField(_("ends"))
    zone = models.CharField(_("time zone"), max_length=60, default="America/New_York")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    capacity = models.PositiveIntegerField(_("seats"))
    status = models.CharField(
        max_length=12, choices=SessionStatus.choices, default=SessionStatus.SCHEDULED
    )
    platform = models.CharField(_("platform"), max_length=80, blank=True)
    location = models.CharField(_("place"), max_length=300, blank=True)
    join_url = models.URLField(_("join link"), max_length=1000, blank=True)
    speakers = models.CharField(_("other people who speak"), max_length=300, blank=True)
    min_minutes = models.PositiveIntegerField(_("minutes one must attend"), default=0)
    # Where the rule is a share of the length; `min_minutes` follows it.
    min_percent = models.PositiveSmallIntegerField(
        _("percent one must attend"), null=True, blank=True
    )
    grace_minutes = models.PositiveSmallIntegerField(
        _("minutes after the start one may join"), null=True, blank=True
    )
    registration_opens_at = models.DateTimeField(_("registration opens"), null=True, blank=True)
    registration_closes_at = models.DateTimeField(_("registration closes"), null=True, blank=True)
    cancellation_closes_at = models.DateTimeField(
        _("people give seats back themselves until"), null=True, blank=True
    )
    check_in_code = models.CharField(_("check-in code"), max_length=20, blank=True)
    code_asked = models.BooleanField(_("attendance asks for the code"), default=False)
    survey = models.CharField(
        _("survey"), max_length=5, choices=SurveyRule.choices, default=SurveyRule.NONE
    )
    survey_mailed_at = models.DateTimeField(null=True, blank=True)
    approval = models.BooleanField(_("registrations wait for approval"), default=False)
    freed_seats = models.CharField(
        _("when a seat comes free"),
        max_length=12,
        choices=FreedSeats.choices,
        default=FreedSeats.OFFER,
    )
    reminders = models.BooleanField(_("reminders"), default=True)
    # Since when everybody may know of it; empty while the office keeps it back.
    announced_at = models.DateTimeField(null=True, blank=True, default=timezone.now)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(_("reason"), max_length=300, blank=True)
    uid = models.CharField(max_length=200, unique=True, default=new_uid)
    sequence = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=SessionStatus.values), name="events_session_status_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")) & Q(end_time__gt=F("start_time")),
                name="events_session_ends_after_start",
            ),
            models.CheckConstraint(condition=Q(capacity__gt=0), name="events_session_has_seats"),
            models.CheckConstraint(
                condition=Q(freed_seats__in=FreedSeats.values),
                name="events_session_freed_seats_known",
            ),
            models.CheckConstraint(
                condition=Q(status=SessionStatus.CANCELLED, cancelled_at__isnull=False)
                | (~Q(status=SessionStatus.CANCELLED) & Q(cancelled_at__isnull=True)),
                name="events_session_cancelled_at_iff_cancelled",
            ),
            models.CheckConstraint(
                condition=~Q(status=SessionStatus.HELD) | Q(version__isnull=False),
                name="events_session_held_has_version",
            ),
            models.CheckConstraint(
                condition=Q(min_percent__isnull=True) | Q(min_percent__gte=1, min_percent__lte=100),
                name="events_session_percent_in_range",
            ),
            models.CheckConstraint(
                condition=Q(code_asked=False) | ~Q(check_in_code=""),
                name="events_session_asks_for_a_code_it_has",
            ),
            models.CheckConstraint(
                condition=Q(registration_opens_at__isnull=True)
                | Q(registration_closes_at__isnull=True)
                | Q(registration_closes_at__gt=F("registration_opens_at")),
                name="events_session_window_in_order",
            ),
            models.CheckConstraint(
                condition=Q(survey__in=SurveyRule.values), name="events_session_survey_known"
            ),
            models.UniqueConstraint(
                fields=["training", "starts_at", "title"],
                condition=Q(status__in=SessionStatus.STANDING),
                name="events_session_scheduled_once",
            ),
        ]
        indexes = [
            models.Index(fields=["training", "starts_at"], name="events_session_by_training")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.day}"

    @property
    def name(self) -> str:
        """Its own title, or its training's."""
        return self.title or self.training.title

    @property
    def zone_info(self) -> ZoneInfo:
        """The zone its wall time is in."""
        return ZoneInfo(self.zone)

    @property
    def rule(self) -> Rule:
        """What attendance asks for; shown before the session, and the same after it."""
        return Rule(self.min_minutes, asks_code=self.code_asked, grace=self.grace_minutes)

    @property
    def planned_minutes(self) -> int:
        """How long it is planned to last, counted in instants (a clock change may lie within)."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def speaker_names(self) -> list[str]:
        """Names typed by the office; what of them is shown is said by `events.speakers`."""
        return [name.strip() for name in self.speakers.split(",") if name.strip()]

    @property
    def is_in_person(self) -> bool:
        """Whether people come to a place, and there is nothing to join from elsewhere."""
        return bool(self.location and not self.join_url)

    @property
    def is_cancelled(self) -> bool:
        return self.status == SessionStatus.CANCELLED


class Registration(models.Model):
    """A person's seat in a session: one row for the two, however often taken and given back.

    `uid` and `sequence` are its calendar identity in mail, download and feed; both outlive a
    cancellation, so that registering again revives the same calendar entry. `registered_at` is when
    the seat was last taken; empty, there never was one, and no calendar knows of it. `place` orders
    the waiting list, `offered_until` ends an offer. `completion` is what attending led to.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="registrations")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="registrations"
    )
    status = models.CharField(
        max_length=12, choices=RegistrationStatus.choices, default=RegistrationStatus.REGISTERED
    )
    uid = models.CharField(max_length=200, unique=True, default=new_uid)
    sequence = models.PositiveIntegerField(default=0)
    registered_at = models.DateTimeField(null=True, blank=True, default=timezone.now)
    place = models.PositiveIntegerField(_("place on the waiting list"), null=True, blank=True)
    offered_until = models.DateTimeField(_("offered until"), null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(default=timezone.now)
    completion = models.ForeignKey(
        Completion, null=True, blank=True, on_delete=models.SET_NULL, related_name="registrations"
    )

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        ordering = ["registered_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "person"],
                name="events_registration_one_seat_each",
                violation_error_message=_("You are registered."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=RegistrationStatus.values),
                name="events_registration_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status=RegistrationStatus.CANCELLED, cancelled_at__isnull=False)
                | (~Q(status=RegistrationStatus.CANCELLED) & Q(cancelled_at__isnull=True)),
                name="events_registration_cancelled_at_iff_cancelled",
            ),
            models.CheckConstraint(
                condition=Q(status__in=RegistrationStatus.QUEUED, place__isnull=False)
                | (~Q(status__in=RegistrationStatus.QUEUED) & Q(place__isnull=True)),
                name="events_registration_place_iff_queued",
            ),
            models.CheckConstraint(
                condition=Q(status=RegistrationStatus.OFFERED, offered_until__isnull=False)
                | (~Q(status=RegistrationStatus.OFFERED) & Q(offered_until__isnull=True)),
                name="events_registration_offered_until_iff_offered",
            ),
            models.CheckConstraint(
                condition=~Q(status=RegistrationStatus.REGISTERED) | Q(registered_at__isnull=False),
                name="events_registration_seat_was_taken",
            ),
            models.UniqueConstraint(
                fields=["session", "place"],
                condition=Q(place__isnull=False),
                name="events_registration_one_place_each",
            ),
        ]
        indexes = [
            models.Index(
                fields=["session"],
                condition=Q(status__in=RegistrationStatus.HOLDING),
                name="events_registration_holding",
            ),
            models.Index(
                fields=["offered_until"],
                condition=Q(offered_until__isnull=False),
                name="events_registration_offers",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.session_id}"

    @property
    def is_live(self) -> bool:
        return self.status == RegistrationStatus.REGISTERED

    @property
    def is_cancelled(self) -> bool:
        return self.status == RegistrationStatus.CANCELLED

    @property
    def is_pending(self) -> bool:
        return self.status == RegistrationStatus.PENDING

    @property
    def is_waiting(self) -> bool:
        return self.status == RegistrationStatus.WAITING

    @property
    def is_offered(self) -> bool:
        return self.status == RegistrationStatus.OFFERED


class RegistrationEvent(models.Model):
    """What happened to a seat, when, and by whom. Append-only.

    `until` is the end of an offer; `note` says why somebody acted out of the usual order.
    """

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="events")
    move = models.CharField(max_length=20, choices=RegistrationMove.choices)
    sequence = models.PositiveIntegerField()
    until = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(move__in=RegistrationMove.values), name="events_move_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.move} {self.registration_id}"


class Attendance(models.Model):
    """What a person's attendance came to, with its arithmetic. Append-only: the newest row counts.

    `minutes` is the time attended where it is known; `planned_minutes`, `min_minutes` and
    `code_asked` are the session's as they were when this was decided, `code_given` says whether the
    person had checked in by then, `came_late` whether they joined later than the rule lets them.
    """

    registration = models.ForeignKey(
        Registration, on_delete=models.PROTECT, related_name="attendances"
    )
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    planned_minutes = models.PositiveIntegerField()
    min_minutes = models.PositiveIntegerField()
    code_asked = models.BooleanField(default=False)
    code_given = models.BooleanField(default=False)
    came_late = models.BooleanField(default=False)
    note = models.CharField(max_length=300)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="events_attendance_outcome_known"
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.ATTENDED)
                | Q(minutes__isnull=True)
                | Q(minutes__gte=F("min_minutes")),
                name="events_attendance_attended_meets_the_rule",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.ATTENDED)
                | Q(minutes__isnull=True)
                | Q(code_asked=False)
                | Q(code_given=True),
                name="events_attendance_attended_has_the_code",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.ATTENDED) | Q(came_late=False),
                name="events_attendance_attended_came_in_time",
            ),
        ]
        indexes = [models.Index(fields=["registration", "-id"], name="events_attendance_newest")]

    def __str__(self) -> str:
        return f"{self.outcome} {self.registration_id}"


# The rest of this room's models; here, so that Django finds them.
from events.asking_models import (  # noqa: E402, F401
    Arrangement,
    RegistrationAnswer,
    RegistrationQuestion,
)
from events.calendar_models import CalendarToken  # noqa: E402, F401
from events.check_in_models import CheckIn  # noqa: E402, F401
from events.mailing_models import (  # noqa: E402, F401
    Announcement,
    MailingImport,
    MailingList,
    Subscription,
)
from events.message_models import SessionMessage  # noqa: E402, F401
from events.report_models import (  # noqa: E402, F401
    AttendanceNoting,
    AttendanceReport,
    KnownAddress,
    ReportLink,
    ReportOutcome,
    ReportPerson,
    ReportRow,
)
from events.series_models import SeriesItem, SeriesPage, SeriesPaper  # noqa: E402, F401
from events.speaker_models import (  # noqa: E402, F401
    Presenting,
    SessionMaterial,
    SessionRecording,
    Speaker,
    SpeakerConsent,
    SpokeRuling,
)
from events.survey_models import (  # noqa: E402, F401
    SessionSurveyAnswer,
    SessionSurveyComment,
    SessionSurveyGiven,
)
from events.webex_models import WebexMeeting, WebexSeat, WebexToken  # noqa: E402, F401
from events.wish_models import TrainingWish  # noqa: E402, F401
