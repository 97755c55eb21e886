"""What lies in the way of a session: others at the same time that need the same people or room.

Parallel tracks are no conflict: two sessions of one program, or of one training in two rooms, may
well be at once; only whoever speaks in both, or the room, cannot. What another office hides stays
hidden: of its sessions only the names of speakers that anybody may read are compared, and a
restricted one is not named.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _

from events import wall_time
from events.models import Session
from events.series_models import SeriesItem
from events.speaker_models import Presenting, Speaker
from events.speakers import bare, shown


@dataclass(frozen=True)
class Clash:
    """Another session at the same time. `why`: what both need, or that it is the office's only."""

    session: Session
    why: str
    hard: bool
    of_speakers: bool = False
    named: bool = True

    @property
    def name(self) -> str:
        return self.session.name if self.named else _("A session that is not public")

    @property
    def when(self) -> str:
        """Day and time of the other one."""
        other = self.session
        return wall_time.when(other.starts_at, other.ends_at, other.zone_info)


@dataclass
class _Needs:
    """What a session needs that another cannot have: who speaks, by account and by name."""

    names: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    programs: set[int] = field(default_factory=set)

    def add_name(self, name: str) -> None:
        if bare(name):
            self.names[bare(name)] = name


def clashes(session: Session) -> list[Clash]:
    """Standing sessions at the same time that share speaker, room or training, or the office."""
    return clashes_of([session])[0]


def clashes_of(sessions: Sequence[Session], *, one_program: bool = False) -> list[list[Clash]]:
    """The same for each of many, saved or not, with each other too; the queries do not grow.

    `one_program`: they are parallel tracks of one program that is not there yet.
    """
    if not sessions:
        return []
    others = _others(sessions)
    owners = {session.training.owner_id for session in sessions}
    ours = [row for row in others if row.training.owner_id in owners]
    needs = _needs([*sessions, *ours], foreign=[row for row in others if row not in ours])
    if one_program:
        for session in sessions:
            needs[id(session)].programs.add(0)
    return [
        [
            found
            for other in sorted([*others, *sessions], key=lambda row: (row.starts_at, row.pk or 0))
            if other is not session
            and other.starts_at < session.ends_at
            and other.ends_at > session.starts_at
            and (found := _clash(session, other, needs[id(session)], needs[id(other)]))
        ]
        for session in sessions
    ]


def _others(sessions: Sequence[Session]) -> list[Session]:
    """Standing sessions at the time of one of them that may have to do with it."""
    at_once, shared = Q(), Q(training__owner__in={row.training.owner_id for row in sessions})
    for session in sessions:
        at_once |= Q(starts_at__lt=session.ends_at, ends_at__gt=session.starts_at)
    for room in {session.location for session in sessions if session.location}:
        shared |= Q(location__iexact=room)
    # Of other offices' sessions, those with speakers at all; who it is, is compared below.
    if any(session.speaker_names for session in sessions) or _speaking(sessions):
        shared |= ~Q(speakers="") | Q(presentings__isnull=False)
    return list(
        Session.objects.standing()
        .filter(at_once)
        .filter(shared)
        .exclude(pk__in=[session.pk for session in sessions if session.pk])
        .select_related("training")
        .distinct()
    )


def _speaking(sessions: Iterable[Session]) -> list[Presenting]:
    """Who is expected to speak in them."""
    known = [session.pk for session in sessions if session.pk]
    rows = Presenting.objects.current().filter(session__in=known)
    return list(rows.select_related("speaker__person__canonical_person")) if known else []


def _needs(ours: Sequence[Session], *, foreign: Sequence[Session]) -> dict[int, _Needs]:
    """By the session's identity, since one that is not saved has no number."""
    needs = {id(session): _Needs() for session in [*ours, *foreign]}
    by_pk = {session.pk: needs[id(session)] for session in ours if session.pk}
    for session in ours:
        for name in session.speaker_names:
            needs[id(session)].add_name(name)
    for row in _speaking(ours):
        _add_speaker(by_pk[row.session_id], row.speaker)
    public = shown(foreign)
    for session in foreign:
        for name in public[session.pk].names:
            needs[id(session)].add_name(name)
    programs: dict[int, set[int]] = defaultdict(set)
    for page, pk in SeriesItem.objects.filter(session__in=by_pk).values_list("page", "session"):
        programs[pk].add(page)
    for pk, known in by_pk.items():
        known.programs |= programs[pk]
    return needs


def _add_speaker(needs: _Needs, speaker: Speaker) -> None:
    """Somebody with a sign-in, or asked to have one: known by account, address and name."""
    called = speaker.name or speaker.display_name
    for name in (speaker.name, speaker.display_name):
        needs.add_name(name)
    if speaker.person:
        needs.accounts[f"person {speaker.person.canonical.pk}"] = called
    if speaker.email:
        needs.accounts[speaker.email.lower()] = called


def _clash(session: Session, other: Session, mine: _Needs, theirs: _Needs) -> Clash | None:
    """What the two share, the gravest first."""
    own = session.training.owner_id
    named = other.training.owner_id == own or not other.training.is_restricted
    if (who := _who(mine, theirs)) is not None:
        why = _("%(name)s speaks there too") % {"name": who} if who else _("the same speaker")
        return Clash(other, why, hard=True, of_speakers=True, named=named)
    rooms = (session.location.casefold(), other.location.casefold())
    if rooms[0] and rooms[0] == rooms[1]:
        return Clash(other, _("in the same room"), hard=True, named=named)
    same_training = other.training_id == session.training_id
    if mine.programs & theirs.programs or (same_training and all(rooms)):
        return None
    if same_training:
        return Clash(other, _("the same training"), hard=True)
    if other.training.owner_id != own:
        return None
    return Clash(other, _("another session of your office"), hard=False)


def _who(mine: _Needs, theirs: _Needs) -> str | None:
    """Whoever speaks in both, as the office knows them; None for nobody."""
    for account, called in mine.accounts.items():
        if account in theirs.accounts:
            return called
    for name, typed in theirs.names.items():
        for own in mine.names:
            if own == name or _within(own, name) or _within(name, own):
                return typed
    return None


def _within(name: str, other: str) -> bool:
    """Whether the other is this name with a title and the like; a first name alone is nobody."""
    return " " in name and f" {name} " in f" {other} "
