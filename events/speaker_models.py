"""Those who speak in sessions: who they are, what they agreed to, what they hand out.

Somebody may speak who must not be found: nothing about a speaker is public before they confirmed,
and then only what they allowed for that session. What may be shown is said by `events.speakers`
alone (docs/decisions/0023).
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.enums import ConsentKind, MaterialShown, PresentingRole, PresentingStatus
from events.speaker_querysets import MaterialQuerySet, PresentingQuerySet, SpeakerQuerySet
from lms.core.files import private_storage
from lms.people.models import Organization


class Speaker(models.Model):
    """Somebody an office asks to speak. Another office that asks them has a row of its own.

    `name` and `email` are how the office knows them, and are never public; `display_name` is what
    the public may read where a session's consent allows it. `person` is who proved the address;
    until then the row belongs to whoever can.
    """

    office = models.ForeignKey(
        Organization, verbose_name=_("office"), on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="speaks_as",
    )
    email = models.EmailField(_("e-mail address"), blank=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    display_name = models.CharField(_("name the public reads"), max_length=150, blank=True)
    biography = models.TextField(_("about you"), max_length=2000, blank=True)
    photo = models.FileField(storage=private_storage, max_length=200, blank=True)
    photo_alt = models.CharField(_("the photo in words"), max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    updated_at = models.DateTimeField(default=timezone.now)

    objects = SpeakerQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            # Empty once somebody asked that what is kept about them be erased.
            models.UniqueConstraint(
                fields=["office", "email"],
                condition=~Q(email=""),
                name="events_speaker_once_an_office",
            ),
            models.CheckConstraint(
                condition=Q(photo="") | ~Q(photo_alt=""), name="events_speaker_photo_in_words"
            ),
        ]

    def __str__(self) -> str:
        return f"speaker {self.pk}"


class Presenting(models.Model):
    """Somebody speaks in a session, or was asked to.

    `label` stands on the program of this session in place of the name, where they want neither
    name nor nothing ("a survivor advocate"). `ended_at` is when they declined, withdrew or were
    removed. `join_url` is the link by which they enter as one who presents; nobody else sees it.
    """

    session = models.ForeignKey(
        "events.Session", on_delete=models.PROTECT, related_name="presentings"
    )
    speaker = models.ForeignKey(Speaker, on_delete=models.PROTECT, related_name="presentings")
    role = models.CharField(
        _("role"), max_length=12, choices=PresentingRole.choices, default=PresentingRole.SPEAKER
    )
    order = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(
        max_length=10, choices=PresentingStatus.choices, default=PresentingStatus.INVITED
    )
    label = models.CharField(_("in place of the name"), max_length=80, blank=True)
    join_url = models.URLField(_("presenter's link"), max_length=1000, blank=True)
    invited_at = models.DateTimeField(default=timezone.now)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    invitations = models.PositiveSmallIntegerField(default=1)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    # Confirmed when the session was over: that they spoke is then the office's to say.
    answered_late = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = PresentingQuerySet.as_manager()

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "speaker"], name="events_presenting_once_a_session"
            ),
            models.CheckConstraint(
                condition=Q(status__in=PresentingStatus.values),
                name="events_presenting_status_known",
            ),
            models.CheckConstraint(
                condition=Q(role__in=PresentingRole.values), name="events_presenting_role_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=PresentingStatus.CURRENT, ended_at__isnull=True)
                | (~Q(status__in=PresentingStatus.CURRENT) & Q(ended_at__isnull=False)),
                name="events_presenting_ended_at_iff_over",
            ),
            models.CheckConstraint(
                condition=~Q(status=PresentingStatus.CONFIRMED) | Q(confirmed_at__isnull=False),
                name="events_presenting_confirmed_at_if_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return f"presenting {self.pk}"

    @property
    def is_invited(self) -> bool:
        return self.status == PresentingStatus.INVITED

    @property
    def is_confirmed(self) -> bool:
        return self.status == PresentingStatus.CONFIRMED

    @property
    def is_current(self) -> bool:
        return self.status in PresentingStatus.CURRENT


class SpokeRuling(models.Model):
    """The office says whether somebody spoke. Append-only: the newest row counts."""

    presenting = models.ForeignKey(Presenting, on_delete=models.PROTECT, related_name="rulings")
    spoke = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"ruling {self.pk}"


class SpeakerConsent(models.Model):
    """Something was allowed for one session, or taken back. Append-only: the newest row counts."""

    presenting = models.ForeignKey(Presenting, on_delete=models.PROTECT, related_name="consents")
    kind = models.CharField(max_length=10, choices=ConsentKind.choices)
    granted = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ConsentKind.values), name="events_consent_kind_known"
            )
        ]
        indexes = [models.Index(fields=["presenting", "kind", "-id"], name="events_consent_newest")]

    def __str__(self) -> str:
        return f"consent {self.pk}"


class SessionMaterial(models.Model):
    """A file that somebody who speaks hands out, and when the people registered may have it.

    Nothing is kept of what the file was called: names of files tell whose they are.
    """

    presenting = models.ForeignKey(Presenting, on_delete=models.PROTECT, related_name="materials")
    title = models.CharField(_("title"), max_length=150)
    file = models.FileField(storage=private_storage, max_length=200)
    size = models.PositiveIntegerField()
    shown = models.CharField(_("who may have it"), max_length=6, choices=MaterialShown.choices)
    added_at = models.DateTimeField(default=timezone.now)

    objects = MaterialQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(shown__in=MaterialShown.values), name="events_material_shown_known"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def ending(self) -> str:
        """What kind of file it is: "pdf"."""
        return str(self.file.name).rpartition(".")[2].lower()


class SessionRecording(models.Model):
    """Where a session's recording is. Nobody is led there before everybody who spoke agrees."""

    session = models.OneToOneField(
        "events.Session", on_delete=models.PROTECT, related_name="recording"
    )
    url = models.URLField(_("link to the recording"), max_length=1000)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return f"recording of {self.session_id}"
