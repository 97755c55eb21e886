"""What Webex was told of our sessions, and the token it is told with.

Rows say what Webex has; what it should have is the session itself and its registrations, so that a
call that failed is made good by comparing the two again (services.webex).
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.enums import WebexKind


class WebexToken(models.Model):
    """The access and refresh token of one client, enciphered (webex.tokens).

    `given` is the refresh token of the settings that these came from: a newer one there starts
    anew. `ends_at` is when the access token ends.
    """

    client_id = models.CharField(max_length=200, unique=True)
    access = models.TextField(blank=True)
    refresh = models.TextField(blank=True)
    given = models.TextField(blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    refreshed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"token of {self.client_id}"


class WebexMeeting(models.Model):
    """A session's meeting at Webex: what it has, and whether it has everything.

    `changed_at` is the newest change Webex must follow, `settled_at` the one up to which it has
    followed; until the two are the same, `try_at` says when it is tried next and `error` why it
    failed last. `claimed_until` keeps two workers apart. `sent` is what Webex was told last, `tag`
    how a meeting is found whose creation we did not hear back of. `wanted` is false once somebody
    took the meeting away; the row stays, and with it what was there.
    """

    session = models.OneToOneField("events.Session", on_delete=models.PROTECT, related_name="webex")
    kind = models.CharField(
        _("kind"), max_length=10, choices=WebexKind.choices, default=WebexKind.MEETING
    )
    wanted = models.BooleanField(default=True)
    tag = models.CharField(max_length=64, unique=True)
    meeting_id = models.CharField(max_length=200, blank=True)
    web_link = models.URLField(max_length=1000, blank=True)
    sent: "models.JSONField[dict[str, str]]" = models.JSONField(default=dict, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    try_at = models.DateTimeField(null=True, blank=True, default=timezone.now)
    tries = models.PositiveIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=600, blank=True)
    attendance_at = models.DateTimeField(null=True, blank=True)
    # Somebody wants to know now who was there; empty again once Webex answered or could not.
    asked_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    attendance_error = models.CharField(max_length=600, blank=True)

    class Meta:
        ordering = ["session"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=WebexKind.values), name="events_webexmeeting_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | Q(settled_at__lte=F("changed_at")),
                name="events_webexmeeting_settled_what_changed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["try_at"],
                condition=Q(try_at__isnull=False),
                name="events_webexmeeting_to_try",
            )
        ]

    def __str__(self) -> str:
        return f"Webex meeting of {self.session_id}"

    @property
    def is_settled(self) -> bool:
        """Whether Webex has everything it should."""
        return self.settled_at == self.changed_at


class WebexSeat(models.Model):
    """Somebody with a seat is invited to, or registered for, the meeting under Webex's own id."""

    meeting = models.ForeignKey(WebexMeeting, on_delete=models.PROTECT, related_name="seats")
    registration = models.OneToOneField(
        "events.Registration", on_delete=models.CASCADE, related_name="webex_seat"
    )
    remote_id = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.registration_id} at Webex"
