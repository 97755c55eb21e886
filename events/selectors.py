"""Questions about sessions and seats that pages ask."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import formats
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from events import wall_time
from events.asking_models import Arrangement, RegistrationQuestion
from events.models import Attendance, LiveTrainingPage, Registration, Session
from events.permissions import why_closed, why_full
from events.querysets import RegistrationQuerySet, SessionQuerySet
from events.speaker_models import Presenting
from lms.core.prepared import Prepared, given, given_person
from lms.people.enums import Role
from lms.people.models import Person
from lms.people.permissions import is_coordinator_for, roles_of
from lms.trainings.access import may_take
from lms.trainings.enums import Access
from lms.trainings.models import Training

# How long before a session its join link opens.
JOIN_EARLY = timedelta(minutes=30)
# What a session's page shows of its training's page; the rest is long and stays where it is.
_PAGE_COLUMNS = [
    *("title", "slug", "url_path", "path", "depth", "live", "translation_key", "training_kind"),
    *(
        "platform",
        "min_minutes",
        "before",
        "contact_email",
        "credit_lines",
        "credit_note",
        "office",
    ),
    *("locale__language_code",),
]
# How long what is over stays in feeds, so that calendars do not forget the year.
FEED_KEEPS = timedelta(days=366)


@dataclass(frozen=True)
class SessionFacts:
    """A session as a list or a page shows it to anyone."""

    session: Session
    when: str
    seats: str
    taken: int
    closed: str
    closed_code: str

    @property
    def open(self) -> bool:
        """Whether somebody can register now."""
        return not self.closed

    @property
    def can_wait(self) -> bool:
        """Whether seats are all that lacks, so that one can join the waiting list."""
        return self.closed_code == "full"

    @property
    def few_seats(self) -> bool:
        """Whether the last seats are going, to somebody who may take one."""
        return self.open and self.session.capacity - self.taken <= _few(self.session)

    @property
    def note(self) -> str:
        """For lists: the seats, or why one cannot register."""
        if self.open and self.session.approval:
            return _("Seats are given by the office")
        return self.seats if self.open or self.closed_code == "full" else self.closed

    @property
    def day(self) -> dt.date:
        """The date on the session's own clocks."""
        return self.session.day

    @property
    def date(self) -> str:
        """The date as people write it."""
        return formats.date_format(self.session.day, "DATE_FORMAT")

    @property
    def name(self) -> str:
        return self.session.name

    @property
    def url(self) -> str:
        """The session's page."""
        return reverse("events:session", args=[self.session.pk])


def facts(session: Session, now: datetime) -> SessionFacts:
    """What a page says of the session, which comes from a queryset `with_seats_taken()`."""
    taken: int = session.taken  # type: ignore[attr-defined]  # an annotation
    # Whoever asks the office for a seat may do so when all are taken: some will be refused.
    refusal = why_closed(session, now) or (None if session.approval else why_full(session, taken))
    return SessionFacts(
        session=session,
        when=wall_time.when(session.starts_at, session.ends_at, session.zone_info),
        seats=seats_in_words(session, taken),
        taken=taken,
        closed=str(refusal) if refusal else "",
        closed_code=refusal.code if refusal else "",
    )


def seats_in_words(session: Session, taken: int) -> str:
    """Seats left as somebody would say it."""
    left = session.capacity - taken
    if left <= 0:
        return _("Full, with a waiting list")
    if left > _few(session):
        return _("Plenty of seats")
    return ngettext("%(left)s seat left", "%(left)s seats left", left) % {"left": left}


def _few(session: Session) -> int:
    return max(10, session.capacity // 10)


def upcoming_of(
    training: Training, now: datetime, *, without: Session | None = None
) -> list[SessionFacts]:
    """The training's coming dates, soonest first."""
    sessions = (
        training.sessions.upcoming(now)
        .announced()
        .filter(starts_at__gt=now)
        .select_related("training__owner")
        .with_seats_taken()
    )
    if without:
        sessions = sessions.exclude(pk=without.pk)
    return [facts(session, now) for session in sessions]


def upcoming_sessions(now: datetime, *, limit: int) -> list[SessionFacts]:
    """The next dates of all trainings that are for everybody, soonest first (home, catalogue)."""
    sessions = (
        Session.objects.upcoming(now)
        .announced()
        .filter(starts_at__gt=now, training__access=Access.OPEN)
        .select_related("training__owner")
        .with_seats_taken()[:limit]
    )
    return [facts(session, now) for session in sessions]


def page_of(training: Training) -> LiveTrainingPage | None:
    """The training's live page, in the reader's language if there is one, else in the main one."""
    pages = (
        LiveTrainingPage.objects.live()
        .filter(translation_key=training.key)
        .select_related("locale")
        .only(*_PAGE_COLUMNS)
    )
    by_language = {page.locale.language_code: page for page in pages}
    for language in (get_language(), settings.LANGUAGE_CODE, *by_language):
        if language in by_language:
            return by_language[language]
    return None


def is_open_to(person: Person | AnonymousUser, session: Session) -> bool:
    """Whether the person may know of the session: anybody, unless its training is restricted.

    Then those it is for, and those who hold or held a seat in it. One that is kept back is open to
    its office, to those who speak in it and those whom the office gave a seat.
    """
    if session.announced_at is None:
        return isinstance(person, Person) and (
            is_coordinator_for(person, session.training.owner)
            or Presenting.objects.visible_to(person).filter(session=session).exists()
            or seat_of(person, session) is not None
        )
    if not session.training.is_restricted or may_take(person, session.training):
        return True
    return seat_of(person, session) is not None


_seats_in = Prepared(
    lambda: (
        Registration.objects.of(given_person("person"))
        .filter(session=given("session"))
        .with_position()
        .current_first()
    )
)


def seat_of(person: Person | AnonymousUser, session: Session) -> Registration | None:
    """The person's row in the session, live or given back, with their `position` in the list."""
    if not isinstance(person, Person):
        return None
    seat = _seats_in.first(person=person, session=session)
    if seat:
        seat.session = session
    return seat


def seats_of(person: Person) -> RegistrationQuerySet:
    """All of a person's seats with their sessions."""
    return Registration.objects.of(person).select_related("session__training__owner")


_coming_seats = Prepared(
    lambda: (
        seats_of(given_person("person"))
        .current()
        .with_position()
        .filter(session__ends_at__gt=given("now"))
        .order_by("session__starts_at", "pk")
    )
)


def coming_seats_of(person: Person, now: datetime) -> list[Registration]:
    """Seats, offers and places on waiting lists in sessions that are not over, soonest first."""
    return _coming_seats(person=person, now=now)


_session_with_seats = Prepared(
    lambda: (
        Session.objects.filter(pk=given("pk"))
        .select_related("training__owner")
        .with_seats_taken()
        .with_people_waiting()
    )
)


def session_with_seats(pk: int) -> Session | None:
    """The session as its page shows it: with its training, `taken` and `waiting`."""
    return _session_with_seats.first(pk=pk)


def waiting_list(session: Session) -> RegistrationQuerySet:
    """Those who wait or were offered a seat, the next one first, each with their `position`."""
    return session.registrations.queued().with_position().select_related("person")


def queue_news(registration: Registration) -> str:
    """Where somebody stands in the list who comes from a queryset `with_position()`; else empty."""
    if registration.is_offered and registration.offered_until:
        return _("A seat is held for you until %(moment)s.") % {
            "moment": wall_time.moment(registration.offered_until, registration.session.zone_info)
        }
    if registration.is_pending:
        return _("Your request waits for the office. You hear by mail.")
    if registration.is_waiting:
        position: int = registration.position  # type: ignore[attr-defined]  # annotated
        return _("You are number %(position)s on the waiting list.") % {"position": position}
    return ""


def arranged_for(registration: Registration) -> str:
    """Whether what the person needs was seen to; empty for somebody who needs nothing."""
    there = Arrangement.objects.filter(registration=registration).first()
    if there is None:
        return ""
    if there.arranged_at:
        return _("What you need is arranged.")
    return _("The office knows what you need and sees to it.")


def join_opens_at(session: Session) -> datetime:
    """From this moment on the join link leads into the session."""
    return session.starts_at - JOIN_EARLY


def can_join(session: Session, now: datetime) -> bool:
    """Whether "Join" can be used now by somebody registered."""
    return (
        not session.is_cancelled
        and bool(session.join_url)
        and join_opens_at(session) <= now < session.ends_at
    )


def questions_of(session: Session) -> "QuerySet[RegistrationQuestion]":
    """What is asked of everybody who registers for the session, in the order of asking."""
    return _questions(session.pk, session.training_id)


def questions_asked(session: Session) -> list[RegistrationQuestion]:
    """`questions_of`, for whoever registers."""
    return _questions_asked(session=session.pk, training=session.training_id)


def questions_by_session(sessions: Sequence[Session]) -> dict[int, list[RegistrationQuestion]]:
    """`questions_of` of each session, asked at once."""
    found = RegistrationQuestion.objects.filter(
        Q(session__isnull=True) | Q(session__in=sessions),
        training__in={session.training_id for session in sessions},
        retired_at__isnull=True,
    ).order_by("pk")
    asked = list(found) if sessions else []
    return {
        session.pk: [
            question
            for question in asked
            if question.training_id == session.training_id
            and question.session_id in (None, session.pk)
        ]
        for session in sessions
    }


def _questions(session: Any, training: Any) -> "QuerySet[RegistrationQuestion]":
    return RegistrationQuestion.objects.filter(
        Q(session__isnull=True) | Q(session=session), training=training, retired_at__isnull=True
    ).order_by("pk")


_questions_asked = Prepared(lambda: _questions(given("session"), given("training")))


def roster(session: Session) -> RegistrationQuerySet:
    """The people with a seat, by name, each with `newest`: a list of at most one attendance row."""
    newest = Attendance.objects.order_by("registration_id", "-id").distinct("registration_id")
    return (
        session.registrations.live()
        .select_related("person", "session", "check_in")
        .prefetch_related(Prefetch("attendances", queryset=newest, to_attr="newest"))
        .order_by("person__sort_name", "pk")
    )


def managed_sessions(person: Person) -> SessionQuerySet:
    """The sessions a coordinator looks after, with seats taken and attendance still to note."""
    return (
        Session.objects.managed_by(person)
        .select_related("training__owner")
        .with_seats_taken()
        .with_people_waiting()
        .with_seats_unmarked()
        .with_people_asking()
    )


def schedulable_trainings(person: Person) -> "QuerySet[Training]":
    """The published live trainings whose office the person coordinates."""
    live = LiveTrainingPage.objects.live().values("translation_key")
    trainings = Training.objects.filter(key__in=live).select_related("owner").order_by("title")
    if person.is_superuser:
        return trainings
    return trainings.filter(owner__in=_offices(person))


def _offices(person: Person) -> Iterable[int]:
    return [office for role, office in roles_of(person) if role == Role.COORDINATOR]
