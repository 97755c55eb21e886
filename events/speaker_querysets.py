"""Adjectives for those who speak, and for what they hand out."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from events.enums import MaterialShown, PresentingStatus, RegistrationStatus, SessionStatus
from lms.people.enums import Role
from lms.people.models import Person, RoleAssignment
from lms.trainings.access import verified_addresses

if TYPE_CHECKING:
    # Named in strings below, which the linter does not read.
    from events.speaker_models import Presenting, SessionMaterial, Speaker  # noqa: F401


class SpeakerQuerySet(models.QuerySet["Speaker"]):
    """Those an office asked to speak."""

    def of(self, person: Person) -> "SpeakerQuerySet":
        """Who the person is as a speaker: claimed, or asked at an address they have proved."""
        return self.filter(_theirs(person))


class PresentingQuerySet(models.QuerySet["Presenting"]):
    """People in sessions as those who speak."""

    def visible_to(self, person: Person) -> "PresentingQuerySet":
        """The person's own. The office reads them by way of its sessions (`managed_by`)."""
        return self.filter(_theirs(person, "speaker__")).exclude(status=PresentingStatus.REMOVED)

    def managed_by(self, person: Person) -> "PresentingQuerySet":
        """In sessions whose office `person` coordinates; the administrator has all."""
        return self.filter(_of_the_office(person, "session__"))

    def current(self) -> "PresentingQuerySet":
        """Asked or confirmed, and not over."""
        return self.filter(status__in=PresentingStatus.CURRENT)

    def in_recordings(self) -> "PresentingQuerySet":
        """Who may be heard in the session's recording: expected there, or left after it began."""
        left_too_late = Q(status=PresentingStatus.WITHDRAWN, ended_at__gte=F("session__starts_at"))
        return self.filter(Q(status__in=PresentingStatus.CURRENT) | left_too_late)


class MaterialQuerySet(models.QuerySet["SessionMaterial"]):
    """Files handed out in sessions."""

    def open_to_registered(self, now: datetime) -> "MaterialQuerySet":
        """What people with a seat may have at `now`, of those who confirmed and did not leave."""
        by_now = Q(shown=MaterialShown.NOW) | Q(
            shown=MaterialShown.AFTER, presenting__session__ends_at__lte=now
        )
        return self.filter(
            by_now,
            presenting__status=PresentingStatus.CONFIRMED,
            presenting__session__status__in=SessionStatus.STANDING,
        )

    def kept_by(self, person: Person) -> "MaterialQuerySet":
        """One's own, and those of sessions that one's office gives."""
        own = _theirs(person, "presenting__speaker__") & ~Q(
            presenting__status=PresentingStatus.REMOVED
        )
        return self.filter(own | _of_the_office(person, "presenting__session__"))

    def handed_out_to(self, person: Person, now: datetime) -> "MaterialQuerySet":
        """What one's seat in a session opens at `now`."""
        seats = self.model._meta.apps.get_model("events", "Registration")._base_manager.filter(  # noqa: SLF001
            session=OuterRef("presenting__session"),
            person__in=Person.objects.one_with(person),
            status=RegistrationStatus.REGISTERED,
        )
        return self.open_to_registered(now).filter(Exists(seats))


def _theirs(person: Person, to_speaker: str = "") -> Q:
    """Claimed by the person; or by nobody, and asked at an address that the person has proved."""
    return Q(**{f"{to_speaker}person__in": Person.objects.one_with(person)}) | Q(
        **{f"{to_speaker}person": None, f"{to_speaker}email__in": verified_addresses(person)}
    )


def _of_the_office(person: Person, to_session: str) -> Q:
    if person.is_superuser:
        return Q(pk__isnull=False)
    held = RoleAssignment.objects.current().filter(person=person, role=Role.COORDINATOR)
    return Q(**{f"{to_session}training__owner__in": held.values("organization")})
