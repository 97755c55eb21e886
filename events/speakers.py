"""What may be shown of those who speak: the one place that decides it, for every public channel.

A session's page, a series' page and its paper, "noindex", and copies of a session all ask here, and
nothing else reads a speaker's name for the public (tests/architecture/test_speakers.py). It is
asked anew each time, so what is taken back is gone with the next page. Calendars name nobody:
copies of them lie on devices we cannot reach (docs/decisions/0023).
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.urls import reverse

from events.enums import ConsentKind
from events.models import Session
from events.speaker_models import Presenting, SessionRecording, SpeakerConsent
from lms.core.prepared import Prepared, any_given
from lms.people.fields import fold


@dataclass(frozen=True)
class Shown:
    """Somebody who speaks, as the public may see them. `name` may be what stands in its place."""

    presenting: int
    name: str
    role: str
    biography: str = ""
    photo_url: str = ""
    photo_alt: str = ""
    indexed: bool = True


@dataclass(frozen=True)
class ShownSpeakers:
    """Everybody whom a session's program shows. `others`: typed by the office, without sign-in."""

    people: list[Shown] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """In the order of the program."""
        return [person.name for person in self.people] + self.others

    @property
    def introduced(self) -> list[Shown]:
        """Those with more to show than a name."""
        return [person for person in self.people if person.biography or person.photo_url]

    @property
    def indexed(self) -> bool:
        """Whether search engines may list a page that shows them."""
        return all(person.indexed for person in self.people)


NOBODY = ShownSpeakers()

_everybody_in = Prepared(
    lambda: (
        Presenting.objects.filter(session=any_given("sessions"))
        .select_related("speaker")
        .order_by("session_id", "order", "pk")
    )
)
_newest_consents = Prepared(
    lambda: (
        SpeakerConsent.objects.filter(presenting=any_given("presentings"))
        .order_by("presenting_id", "kind", "-pk")
        .distinct("presenting_id", "kind")
    )
)


def shown(sessions: Iterable[Session]) -> dict[int, ShownSpeakers]:
    """Who may be shown of each session's speakers, by its id; two queries at most."""
    listed = list(sessions)
    if not listed:
        return {}
    rows: dict[int, list[Presenting]] = defaultdict(list)
    for row in _everybody_in(sessions=[session.pk for session in listed]):
        rows[row.session_id].append(row)
    allowed = consents_of(
        row.pk for presentings in rows.values() for row in presentings if row.is_confirmed
    )
    return {session.pk: _shown(session, rows[session.pk], allowed) for session in listed}


def shown_in(session: Session) -> ShownSpeakers:
    """Who may be shown of one session's speakers."""
    return shown([session])[session.pk]


def consents_of(presentings: Iterable[int]) -> dict[int, set[str]]:
    """What is allowed at the moment, by the presenting's id; one query, none for nobody."""
    allowed: dict[int, set[str]] = defaultdict(set)
    asked = list(presentings)
    for consent in _newest_consents(presentings=asked) if asked else []:
        if consent.granted:
            allowed[consent.presenting_id].add(consent.kind)
    return allowed


def shows_photo(presenting: Presenting) -> bool:
    """Whether the public may have the photo, of the session this is for."""
    people = shown_in(presenting.session).people
    return any(row.presenting == presenting.pk and row.photo_url for row in people)


def _shown(
    session: Session, presentings: Collection[Presenting], allowed: dict[int, set[str]]
) -> ShownSpeakers:
    people = [
        found
        for row in presentings
        if row.is_confirmed and (found := _person(row, allowed.get(row.pk, set())))
    ]
    return ShownSpeakers(people, _others(session, presentings))


def _person(row: Presenting, allowed: set[str]) -> Shown | None:
    """By name, or as what they want to stand in its place; None for somebody who wants neither."""
    speaker = row.speaker
    role = str(row.get_role_display())
    if ConsentKind.NAME not in allowed or not speaker.display_name:
        return Shown(row.pk, row.label, role) if row.label else None
    with_photo = ConsentKind.PHOTO in allowed and bool(speaker.photo)
    return Shown(
        presenting=row.pk,
        name=speaker.display_name,
        role=role,
        biography=speaker.biography if ConsentKind.BIOGRAPHY in allowed else "",
        photo_url=reverse("events:speaker_photo", args=[row.pk]) if with_photo else "",
        photo_alt=speaker.photo_alt if with_photo else "",
        indexed=ConsentKind.INDEXING in allowed,
    )


def _others(session: Session, presentings: Collection[Presenting]) -> list[str]:
    """Names that the office typed, without those of people who decide that for themselves.

    Whatever became of their invitation: a name typed before is no way round their no.
    """
    theirs = {
        bare(name)
        for row in presentings
        for name in (row.speaker.name, row.speaker.display_name)
        if bare(name)
    }
    return [
        typed
        for typed in session.speaker_names
        if not any(f" {name} " in f" {bare(typed)} " for name in theirs)
    ]


def typed_without(session: Session, presenting: Presenting) -> list[str]:
    """The typed names but those that name this speaker."""
    return _others(session, [presenting])


def other_names(session: Session) -> str:
    """The typed names that may be copied to another session, as they are kept."""
    return ", ".join(shown_in(session).others)


def bare(name: str) -> str:
    """A name's words without case, accents and signs, so that titles and commas hide nothing."""
    return " ".join(re.sub(r"[^\w]+", " ", fold(name)).split())


def recording_of(session: Session) -> SessionRecording | None:
    """The recording, where everybody who can be heard in it allows that it is shown."""
    found = SessionRecording.objects.filter(session=session).first()
    return found if found and not missing_for_recording([session.pk]) else None


def missing_for_recording(sessions: Collection[int]) -> dict[int, list[Presenting]]:
    """Whose leave recordings lack, by the session's id: who was only invited, or left too late."""
    rows = list(
        Presenting.objects.filter(session__in=sessions).in_recordings().select_related("speaker")
    )
    allowed = consents_of(row.pk for row in rows)
    missing: dict[int, list[Presenting]] = {}
    for row in rows:
        if not row.is_confirmed or ConsentKind.RECORDING not in allowed.get(row.pk, set()):
            missing.setdefault(row.session_id, []).append(row)
    return missing
