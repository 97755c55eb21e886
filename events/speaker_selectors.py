"""What somebody who speaks sees of their sessions, and what a session's people find afterwards."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events import wall_time
from events.asking_models import Arrangement
from events.enums import ConsentKind, Need, PresentingStatus, SessionStatus
from events.models import Registration, Session
from events.querysets import RegistrationQuerySet
from events.speaker_models import Presenting, SessionMaterial, SessionRecording, Speaker
from events.speakers import consents_of, missing_for_recording
from lms.core.prepared import Prepared, given, given_person
from lms.people.models import Person

# Fewer people than this, and a number could be led back to one of them.
FEWEST = 5
# How long My learning leads to what a session handed out.
LOOKED_BACK = timedelta(days=180)


@dataclass(frozen=True)
class Allowed:
    """One thing to allow, with plain words on what it reaches."""

    kind: str
    title: str
    reaches: str
    granted: bool
    # Why it cannot be allowed yet; empty if it can.
    lacks: str = ""


def reaches(kind: str) -> str:
    """Where what is allowed is shown, in words for whoever decides it."""
    return {
        ConsentKind.NAME: _(
            "The name you chose stands on this session's page, and on the page and the PDF of a"
            " conference it belongs to. Anybody can read it there. It is never in calendars or"
            " mails."
        ),
        ConsentKind.BIOGRAPHY: _("Stands beside your name on this session's page."),
        ConsentKind.PHOTO: _("Stands beside your name on this session's page."),
        ConsentKind.INDEXING: _(
            "Search engines may list the pages that name you. Without this, those pages ask them"
            " to stay away."
        ),
        ConsentKind.RECORDING: _(
            "People who were registered can watch the recording after the session, if everybody"
            " who spoke allows it. Nobody else is led to it."
        ),
    }[ConsentKind(kind)]


def consents_for(presenting: Presenting) -> list[Allowed]:
    """Everything that can be allowed in this session, with how it stands."""
    granted = consents_of([presenting.pk])[presenting.pk]
    return [
        Allowed(
            kind=kind,
            title=str(ConsentKind(kind).label),
            reaches=reaches(kind),
            granted=kind in granted,
            lacks=_lacks(presenting.speaker, kind, granted),
        )
        for kind in ConsentKind.values
    ]


def _lacks(speaker: Speaker, kind: str, granted: set[str]) -> str:
    there = {
        ConsentKind.NAME: (speaker.display_name, _("Say first, under “About you”, by which name.")),
        ConsentKind.BIOGRAPHY: (speaker.biography, _("You have written nothing about yourself.")),
        ConsentKind.PHOTO: (speaker.photo, _("You have added no photo.")),
    }
    value, sentence = there.get(ConsentKind(kind), (True, ""))
    if not value:
        return sentence
    if kind in ConsentKind.WITH_NAME and ConsentKind.NAME not in granted:
        return _("Only together with your name.")
    return ""


def presentings_of(person: Person) -> list[Presenting]:
    """The person's sessions as somebody who speaks, the soonest first."""
    rows = Presenting.objects.visible_to(person).select_related(
        "speaker__office", "session__training__owner"
    )
    return list(rows.order_by("session__starts_at", "pk"))


def rows_of_speaker(person: Person, email: Any) -> QuerySet[Speaker]:
    """Who the person is for each office that asked them to speak, or asked their address."""
    own = Q(person__in=Person.objects.one_with(person))
    return Speaker.objects.filter(own | Q(person=None, email=email))


def who_comes(session: Session) -> list[str]:
    """How many are registered, and which languages they ask for: numbers, and none under five."""
    seats = session.registrations.live()
    return [_headcount(seats.count()), *_requests(seats)]


def _headcount(count: int) -> str:
    if not count:
        return _("Nobody is registered yet.")
    if count < FEWEST:
        return _("Fewer than five people are registered.")
    return _("%(count)s people are registered.") % {"count": count}


def _requests(seats: RegistrationQuerySet) -> list[str]:
    """Languages and the like; what fewer than five ask for would say who they are."""
    rows = Arrangement.objects.filter(registration__in=seats).values_list("language", "needs")
    asked: Counter[str] = Counter()
    names: dict[str, str] = {}
    for language, needs in rows:
        written = " ".join(language.split())
        spoken = {Need.SIGN, Need.CAPTIONS} & set(needs)
        for key, name in [(written.casefold(), written)] if written else []:
            names.setdefault(key, name)
            asked[key] += 1
        for need in sorted(spoken):
            names[need] = str(Need(need).label)
            asked[need] += 1
    return [
        ngettext("%(what)s: %(count)s person", "%(what)s: %(count)s people", count)
        % {"what": names[key], "count": count}
        for key, count in sorted(asked.items())
        if count >= FEWEST
    ]


def ruled(presenting: Presenting) -> bool | None:
    """What the office said of whether they spoke; None while it said nothing."""
    said = list(presenting.rulings.all())
    return said[-1].spoke if said else None


def spoke(presenting: Presenting, now: datetime) -> bool:
    """Whether the session is over and they were in it as somebody who speaks.

    What the office says counts; without a word of it, who confirmed before the end did.
    """
    session = presenting.session
    if session.ends_at > now or session.is_cancelled:
        return False
    said = ruled(presenting)
    if said is False or (said is None and presenting.answered_late):
        return False
    if presenting.status == PresentingStatus.WITHDRAWN and presenting.ended_at:
        return presenting.ended_at >= session.ends_at
    return presenting.is_confirmed


def own_link(presenting: Presenting) -> str:
    """The link by which somebody who speaks enters: their own, or the session's."""
    session = presenting.session
    if not presenting.is_confirmed or session.is_cancelled:
        return ""
    return presenting.join_url or session.join_url


@dataclass(frozen=True)
class HandedOut:
    """A session that is over, or running, with something for its people to have."""

    session: Session
    when: str


def materials_in(session: Session, now: datetime) -> list[SessionMaterial]:
    """What people with a seat in the session may have at `now`."""
    found = SessionMaterial.objects.filter(presenting__session=session).open_to_registered(now)
    return list(found.order_by("presenting__order", "pk"))


@Prepared
def _seats_with_something() -> RegistrationQuerySet:
    recordings = SessionRecording.objects.filter(session=OuterRef("session"))
    materials = SessionMaterial.objects.open_to_registered(given("now"))
    return (
        Registration.objects.of(given_person("person"))
        .live()
        .annotate(
            has_materials=Exists(materials.filter(presenting__session=OuterRef("session"))),
            is_recorded=Exists(recordings),
        )
        .filter(
            Q(has_materials=True) | Q(is_recorded=True),
            session__status__in=SessionStatus.STANDING,
            session__ends_at__gt=given("since"),
            session__ends_at__lte=given("now"),
        )
        .select_related("session__training")
        .order_by("-session__ends_at", "pk")
    )


def handed_out_to(person: Person, now: datetime) -> list[HandedOut]:
    """Sessions of the last half year in which the person had a seat, with materials or recording.

    One query, three if a recording is all there is of one of them.
    """
    seats = _seats_with_something(person=person, since=now - LOOKED_BACK, now=now)
    shown = {seat.session_id for seat in seats if seat.has_materials}  # type: ignore[attr-defined]  # annotated
    recorded = {seat.session_id for seat in seats} - shown
    shown |= recorded - set(missing_for_recording(recorded)) if recorded else set()
    return [
        HandedOut(
            seat.session,
            wall_time.when(seat.session.starts_at, seat.session.ends_at, seat.session.zone_info),
        )
        for seat in seats
        if seat.session_id in shown
    ]


def office_rows(session: Session) -> list[tuple[Presenting, set[str], list[SessionMaterial]]]:
    """Everybody the office asked to speak in the session: with what they allow, and their files."""
    rows = list(
        Presenting.objects.filter(session=session)
        .select_related("speaker")
        .prefetch_related("materials", "rulings")
        .order_by("order", "pk")
    )
    granted = consents_of(row.pk for row in rows)
    return [(row, granted.get(row.pk, set()), list(row.materials.all())) for row in rows]
