"""Trainings that somebody asks an office to give."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.enums import WishState
from events.querysets import TrainingWishQuerySet
from lms.people.models import Organization
from lms.trainings.enums import Audience
from lms.trainings.models import Training


class TrainingWish(models.Model):
    """Somebody asks for a training for their people; it becomes a session, or is declined.

    `training` is empty for something the office has no training for; `topic` says what. The address
    is not proved: it is written to twice at most, to say that the wish arrived and what came of it.
    """

    office = models.ForeignKey(
        Organization, verbose_name=_("office"), on_delete=models.PROTECT, related_name="+"
    )
    training = models.ForeignKey(
        Training, null=True, blank=True, on_delete=models.PROTECT, related_name="wishes"
    )
    topic = models.CharField(_("topic"), max_length=200, blank=True)
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail address"))
    organization = models.CharField(_("organization"), max_length=200)
    audience = models.CharField(_("for whom"), max_length=20, choices=Audience.choices)
    people = models.PositiveIntegerField(_("how many people"))
    wanted = models.CharField(_("when"), max_length=200)
    place = models.CharField(_("place"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=40, blank=True)
    note = models.CharField(_("anything else"), max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=WishState.choices, default=WishState.NEW)
    session = models.ForeignKey(
        "events.Session", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = TrainingWishQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=WishState.values), name="events_wish_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=WishState.NEW, decided_at__isnull=True)
                | (~Q(state=WishState.NEW) & Q(decided_at__isnull=False)),
                name="events_wish_decided_at_iff_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state=WishState.SCHEDULED) | Q(session__isnull=False),
                name="events_wish_scheduled_has_session",
            ),
            models.CheckConstraint(condition=Q(people__gt=0), name="events_wish_for_somebody"),
        ]

    def __str__(self) -> str:
        return f"wish {self.pk}"

    @property
    def subject(self) -> str:
        """What is asked for, in a few words."""
        return self.training.title if self.training else self.topic

    @property
    def is_new(self) -> bool:
        return self.state == WishState.NEW
