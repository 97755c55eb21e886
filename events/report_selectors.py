"""What a session's attendance reports come to: who, minutes, outcome, and what needs a look."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.db.models import Prefetch, Q

from events.attendance_report import (
    Interval,
    Joiner,
    Presence,
    Rule,
    Seat,
    fitting_zone,
    match,
    presence,
    sentence,
    suggest,
    zone_doubt,
)
from events.enums import MatchedBy, Outcome, RowKind, RowProblem
from events.models import Attendance, Registration, Session
from events.report_models import AttendanceReport, KnownAddress, ReportPerson, ReportRow
from lms.people.models import Person

# A meeting that began further from the session than this was another day's.
_ANOTHER_DAY = timedelta(hours=12)


class Effect(Enum):
    """What applying would do to somebody's attendance."""

    NEW = "new"  # nothing was noted yet
    CHANGED = "changed"  # reports said otherwise before
    SAME = "same"  # noted like this already
    BY_HAND = "by_hand"  # somebody noted otherwise by hand; stays unless told
    ABSENT = "absent"  # in no report, nothing noted; "did not come" if so wished
    UNREADABLE = "unreadable"  # in a report, but not a row of theirs can be read; left open
    CHECKED_IN = "checked_in"  # in no report, but checked in: in the room, or not found; left open


@dataclass(frozen=True)
class InReport:
    """Somebody in the reports, with everything a coordinator needs to tell who it is."""

    person: ReportPerson
    rows: list[ReportRow]
    presence: Presence
    seats: list[tuple[Registration, MatchedBy]]

    @property
    def kind(self) -> RowKind:
        kinds = {RowKind(row.kind) for row in self.rows}
        return next((k for k in (RowKind.HOST, RowKind.PHONE) if k in kinds), RowKind.PERSON)

    @property
    def needs_review(self) -> bool:
        """Nobody registered was found, and nobody said that this is no participant."""
        return not self.seats and not self.is_no_participant

    @property
    def is_no_participant(self) -> bool:
        """Set aside by somebody, or the host."""
        return not self.seats and (
            self.person.set_aside_at is not None or self.kind == RowKind.HOST
        )

    @property
    def may_be_several(self) -> bool:
        """Rows overlap that no address tells apart: one person's two devices, or two people."""
        return not self.person.email and sum(
            ((row.left_at - row.joined_at) for row in self.rows if row.joined_at and row.left_at),
            timedelta(),
        ) > sum((span.end - span.start for span in self.presence.intervals), timedelta())


@dataclass(frozen=True)
class SeatResult:
    """What the reports come to for somebody registered."""

    registration: Registration
    found: list[tuple[InReport, MatchedBy]]
    presence: Presence
    outcome: Outcome
    note: str
    newest: Attendance | None
    effect: Effect
    late: int = 0

    @property
    def is_absent(self) -> bool:
        return not self.found

    @property
    def minutes(self) -> int | None:
        """None for somebody who was in no report."""
        return self.presence.minutes if self.found else None

    @property
    def how(self) -> list[str]:
        """How they were found, each way once."""
        return list(dict.fromkeys(str(how.label) for _person, how in self.found))


@dataclass(frozen=True)
class ZoneDoubt:
    """A report whose times seem to be in another zone: `zone`, where one of ours would fit."""

    report: AttendanceReport
    hours: int
    zone: str


@dataclass(frozen=True)
class Results:
    """A session's reports, put together."""

    session: Session
    reports: list[AttendanceReport]
    seats: list[SeatResult]
    people: list[InReport]
    problems: list[ReportRow]
    doubts: list[ZoneDoubt]
    strangers: list[AttendanceReport]

    @property
    def waiting(self) -> list[InReport]:
        """Those in the reports who need somebody's eye, the longest there first."""
        unknown = (person for person in self.people if person.needs_review)
        return sorted(unknown, key=lambda person: -person.presence.seconds)

    @property
    def no_participants(self) -> list[InReport]:
        return [person for person in self.people if person.is_no_participant]

    @property
    def absent(self) -> list[SeatResult]:
        """Registered, and in no report."""
        return [seat for seat in self.seats if seat.is_absent]

    @property
    def is_cut_short(self) -> bool:
        """Whether rows seem to be missing from a file."""
        return any(row.problem in RowProblem.CUT_SHORT for row in self.problems)

    @property
    def finds_nobody(self) -> bool:
        """Whether not one of those registered is in a report."""
        return bool(self.seats) and all(seat.is_absent for seat in self.seats)

    @property
    def may_miss_people(self) -> bool:
        """Whether being in no report may say more about the file than about the person."""
        return self.is_cut_short or self.finds_nobody

    @property
    def overlaps(self) -> bool:
        """Whether anybody at all was there during the session."""
        return any(person.presence.counted for person in self.people)

    def count(self, effect: Effect) -> int:
        return sum(seat.effect == effect for seat in self.seats)

    @property
    def outcomes(self) -> "Counter[Outcome]":
        """How many present people come to which outcome."""
        return Counter(seat.outcome for seat in self.seats if not seat.is_absent)


def results(session: Session) -> Results:
    """What the standing reports of the session come to, for the session as it is now.

    Matches are found anew each time, so somebody registered meanwhile is found and a seat given
    back is not. A constant number of queries.
    """
    reports = list(
        AttendanceReport.objects.standing().filter(session=session).select_related("uploaded_by")
    )
    all_rows = ReportRow.objects.filter(report__in=reports).order_by("report_id", "number")
    rows = list(
        all_rows.filter(problem="")
        .select_related("person")
        .defer("raw")
        .prefetch_related("person__links")
    )
    problems = list(all_rows.exclude(problem="").select_related("report"))
    seats = _seats(session)
    to_match = seats_to_match(seats, {row.email for row in (*rows, *problems)})
    people = _people(session, rows, seats, to_match)
    unreadable = _unreadable(problems, to_match)
    return Results(
        session=session,
        reports=reports,
        seats=_seat_results(session, seats, people, unreadable),
        people=people,
        problems=problems,
        doubts=_doubts(session, reports, rows),
        strangers=[report for report in reports if _is_of_another_day(session, report)],
    )


def _seats(session: Session) -> list[Registration]:
    newest = (
        Attendance.objects.select_related("report_outcome")
        .order_by("registration_id", "-id")
        .distinct("registration_id")
    )
    return list(
        session.registrations.live()
        .select_related("person__canonical_person", "check_in")
        .prefetch_related(Prefetch("attendances", queryset=newest, to_attr="newest"))
        .order_by("person__sort_name", "pk")
    )


def _people(
    session: Session,
    rows: Iterable[ReportRow],
    seats: list[Registration],
    to_match: list[Seat],
) -> list[InReport]:
    by_person: dict[int, list[ReportRow]] = defaultdict(list)
    for row in rows:
        if row.person_id is not None:
            by_person[row.person_id].append(row)
    joiners = [joiner_of(mine[0].person, mine) for mine in by_person.values() if mine[0].person]
    found = match(joiners, to_match)
    by_key = {seat.pk: seat for seat in seats}
    return [
        InReport(
            person=person,
            rows=mine,
            presence=presence(spans_of(mine), starts_at=session.starts_at, ends_at=session.ends_at),
            seats=[(by_key[seat], how) for seat, how in found[person.pk]],
        )
        for mine in by_person.values()
        if (person := mine[0].person)
    ]


def _unreadable(problems: Iterable[ReportRow], to_match: list[Seat]) -> set[int]:
    """The seats of people a row tells of that cannot be read: whoever has one is not absent."""
    joiners = [Joiner(row.pk, row.email, (row.name,)) for row in problems]
    return {seat for pairs in match(joiners, to_match).values() for seat, _how in pairs}


def joiner_of(person: ReportPerson, rows: Iterable[ReportRow]) -> Joiner:
    """Somebody in the reports as matching wants to know them."""
    names = {person.name, person.full_name, *(row.name for row in rows)}
    return Joiner(
        key=person.pk,
        email=person.email,
        names=tuple(sorted(names - {""})),
        is_host=any(row.kind == RowKind.HOST for row in rows),
        is_aside=person.set_aside_at is not None,
        decided=tuple((link.registration_id, MatchedBy(link.how)) for link in person.links.all()),
    )


def seats_to_match(seats: list[Registration], emails: Iterable[str] = ()) -> list[Seat]:
    """The seats as matching wants to know them: with each person's own and known addresses.

    A merged person's addresses are the person's. Only known addresses among `emails` are looked up.
    """
    owners = {seat.pk: seat.person.canonical.pk for seat in seats}
    people = set(owners.values())
    own: dict[int, set[str]] = defaultdict(set)
    for seat in seats:
        own[owners[seat.pk]] |= {seat.person.email or "", seat.person.canonical.email or ""}
    for email, alias in Person.objects.filter(
        canonical_person__in=people, email__isnull=False
    ).values_list("email", "canonical_person"):
        own[alias or 0].add(email or "")
    is_theirs = Q(user__in=people) | Q(user__canonical_person__in=people)
    for email, user, canonical in EmailAddress.objects.filter(is_theirs, verified=True).values_list(
        "email", "user", "user__canonical_person"
    ):
        own[canonical or user].add(email.lower())
    known: dict[int, set[str]] = defaultdict(set)
    for email, person, canonical in KnownAddress.objects.filter(
        ended_at__isnull=True, email__in={email for email in emails if email}
    ).values_list("email", "person", "person__canonical_person"):
        known[canonical or person].add(email)
    return [
        Seat(
            key=seat.pk,
            name=seat.person.get_full_name(),
            addresses=frozenset(own[owners[seat.pk]] - {""}),
            known_addresses=frozenset(known[owners[seat.pk]]),
        )
        for seat in seats
    ]


def spans_of(rows: Iterable[ReportRow]) -> list[Interval]:
    """The rows' joins and leaves; a breakout room is time like any other, and counted once."""
    return [Interval(row.joined_at, row.left_at) for row in rows if row.joined_at and row.left_at]


def _seat_results(
    session: Session, seats: list[Registration], people: list[InReport], unreadable: set[int]
) -> list[SeatResult]:
    found: dict[int, list[tuple[InReport, MatchedBy]]] = defaultdict(list)
    for person in people:
        for seat, how in person.seats:
            found[seat.pk].append((person, how))
    return [
        _seat_result(session, seat, found[seat.pk], unreadable=seat.pk in unreadable)
        for seat in seats
    ]


def _seat_result(
    session: Session,
    seat: Registration,
    found: list[tuple[InReport, MatchedBy]],
    *,
    unreadable: bool,
) -> SeatResult:
    time = presence(
        [span for person, _how in found for span in person.presence.intervals],
        starts_at=session.starts_at,
        ends_at=session.ends_at,
    )
    has_code = hasattr(seat, "check_in")
    late = time.late(session.starts_at)
    outcome = outcome_of(time, session.rule, has_code=has_code, late=late)
    newest = seat.newest[0] if seat.newest else None  # type: ignore[attr-defined]  # prefetched
    note = ""
    if found:
        note = sentence(
            time,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            zone=session.zone_info,
            rule=session.rule,
            has_code=has_code,
            late=late,
            shared=all(how == MatchedBy.SHARED for _person, how in found),
        )
    minutes = time.minutes if found else None
    return SeatResult(
        registration=seat,
        found=found,
        presence=time,
        outcome=outcome,
        note=note,
        newest=newest,
        effect=_effect(
            newest,
            outcome,
            minutes,
            unreadable=unreadable,
            checked_in=has_code,
            has_code=session.code_asked and has_code,
            came_late=session.rule.too_late(late),
        ),
        late=late,
    )


def outcome_of(time: Presence, rule: Rule, *, has_code: bool, late: int = 0) -> Outcome:
    """What a time in the meeting comes to by the session's rule; 0 asked: being there is enough."""
    if not time.seconds:
        return Outcome.NO_SHOW
    met = rule.is_met(time.minutes, has_code=has_code, late=late)
    return Outcome.ATTENDED if met else Outcome.PARTIAL


def _effect(
    newest: Attendance | None,
    outcome: Outcome,
    minutes: int | None,
    *,
    unreadable: bool,
    checked_in: bool,
    has_code: bool,
    came_late: bool,
) -> Effect:
    now = (outcome, minutes, has_code, came_late)
    if newest and (newest.outcome, newest.minutes, newest.code_given, newest.came_late) == now:
        return Effect.SAME
    if newest and not hasattr(newest, "report_outcome"):
        return Effect.BY_HAND
    if minutes is None and unreadable:
        return Effect.UNREADABLE
    if minutes is None and checked_in:
        return Effect.CHECKED_IN
    if newest is None:
        return Effect.ABSENT if minutes is None else Effect.NEW
    return Effect.CHANGED


def _doubts(
    session: Session, reports: Iterable[AttendanceReport], rows: Iterable[ReportRow]
) -> list[ZoneDoubt]:
    by_report: dict[int, list[ReportRow]] = defaultdict(list)
    for row in rows:
        by_report[row.report_id].append(row)
    doubts = []
    for report in reports:
        hours = zone_doubt(
            meeting_starts=[report.first_start] if report.first_start else [],
            intervals=spans_of(by_report[report.pk]),
            starts_at=session.starts_at,
            ends_at=session.ends_at,
        )
        if hours:
            zone = fitting_zone(ZoneInfo(report.zone), hours=hours, at=session.starts_at)
            doubts.append(ZoneDoubt(report, hours, zone))
    return doubts


def _is_of_another_day(session: Session, report: AttendanceReport) -> bool:
    return (
        report.first_start is not None
        and abs(report.first_start - session.starts_at) > _ANOTHER_DAY
    )


def suggestions(found: Results, people: Iterable[InReport]) -> dict[int, list[Registration]]:
    """For each of `people`, by key, the registered people most like them; who is missing first."""
    missing_first = sorted(found.seats, key=lambda seat: not seat.is_absent)
    seats = [Seat(seat.registration.pk, str(seat.registration.person)) for seat in missing_first]
    by_key = {seat.registration.pk: seat.registration for seat in found.seats}
    return {
        person.person.pk: [
            by_key[key] for key in suggest(joiner_of(person.person, person.rows), seats)
        ]
        for person in people
    }
