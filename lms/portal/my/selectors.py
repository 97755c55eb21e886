"""What My learning shows: what to do next, courses, coming sessions, the newest of the record."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import DocumentEdition, Enrolment, PlanEnrolment
from courses.plan_selectors import plans_of
from courses.reads import under_way_of
from courses.selectors import Outline, Step, prepare, where
from courses.shown import documents_due
from events import selectors as sessions
from events.models import Registration, Session
from events.speaker_selectors import HandedOut, handed_out_to
from events.wall_time import when
from lms.core.prepared import Prepared, given, given_person
from lms.core.time import new_york_date, zone_label
from lms.people.models import Person
from lms.portal.my.assigned import AssignedRow, UnderWay, assigned_rows
from lms.portal.my.present import present
from lms.portal.my.record import RecordRow, newest_rows, parts
from lms.trainings.access import reach_of
from lms.trainings.access_models import AccessRequest
from lms.trainings.access_selectors import Asked, requests_of
from lms.trainings.access_selectors import asked as asked_for
from lms.trainings.enums import RequestStatus
from lms.trainings.wording import length_in_words


@dataclass(frozen=True)
class NextStep:
    """The one thing to do now; the words of components/next_step.html."""

    eyebrow: str
    heading: str
    text: str
    url: str = ""
    label: str = ""
    note: str = ""


@dataclass(frozen=True)
class CourseRow:
    """A course under way."""

    title: str
    url: str
    done: int
    total: int
    progress: str
    next_text: str
    action: str


@dataclass(frozen=True)
class SeatRow:
    """A seat in a session that is not over, or what one waits for.

    `join_note` says when Join can be used, or where one stands on the waiting list.
    """

    session: Session
    title: str
    when: str
    url: str
    join_url: str
    join_note: str
    offer_url: str = ""


@dataclass(frozen=True)
class MyLearning:
    """Everything on the page; what `next` shows, and what is assigned, is said once."""

    next: NextStep | None
    assigned: list[AssignedRow]
    due: list[NextStep]
    access: list[Asked]
    plans: list[CourseRow]
    courses: list[CourseRow]
    seats: list[SeatRow]
    records: list[RecordRow]
    no_longer: list[RecordRow]
    more_records: bool
    handed_out: list[HandedOut]
    speaks: bool

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all yet."""
        return not (
            self.next
            or self.assigned
            or self.access
            or self.plans
            or self.courses
            or self.seats
            or self.records
            or self.no_longer
            or self.handed_out
        )


def my_learning(person: Person, now: datetime) -> MyLearning:
    """The person's page at `now`.

    First a seat that is held for an answer, then a session one can join, then a new version of a
    document to sign, then what an agency asks for, then the course last worked on.
    """
    has = present(person)
    outlines = _courses_under_way(person)
    due = [_sign(edition) for edition in documents_due(person)] if has.signed else []
    registrations = sessions.coming_seats_of(person, now)
    seats = [_seat(registration, now) for registration in registrations]
    taken = [registration for registration in registrations if registration.is_live]
    begun = {outline.enrolment.training_id: _under_way(outline) for outline in outlines}
    assigned = assigned_rows(person, now, begun=begun, seats=taken)
    asked = {row.training_id for row in assigned}
    outlines = [outline for outline in outlines if outline.enrolment.training_id not in asked]
    newest, more = newest_rows(person)
    records, no_longer = parts(newest)
    joinable = next((seat for seat in seats if seat.join_url), None)
    offered = next((seat for seat in seats if seat.offer_url), None)
    following = None
    if offered:
        following = _take_offer(offered)
        seats.remove(offered)
    elif joinable:
        following = _join(joinable)
        seats.remove(joinable)
    elif due:
        following = due.pop(0)
    elif assigned:
        following = _asked(assigned.pop(0))
    elif outlines:
        following = _go_on(outlines.pop(0))
    elif seats:
        following = _be_there(seats.pop(0))
    return MyLearning(
        next=following,
        assigned=assigned,
        due=due,
        access=_access(person, now) if has.asked else [],
        plans=_plans(person, now) if has.plans else [],
        courses=[_course(outline) for outline in outlines],
        seats=seats,
        records=records,
        no_longer=no_longer,
        more_records=more,
        handed_out=handed_out_to(person, now) if has.handed_out else [],
        speaks=has.speaks,
    )


def _access(person: Person, now: datetime) -> list[Asked]:
    """What the person asked for; where they were let in, until they have begun."""
    shown = _requests(person=person, day=new_york_date(now))
    return [asked_for(request, now) for request in shown]


@Prepared
def _requests() -> "QuerySet[AccessRequest]":
    person = given_person("person", is_guest=False)
    begun = (
        Enrolment.objects.visible_to(person).values("training"),
        PlanEnrolment.objects.visible_to(person).values("training"),
        sessions.seats_of(person).values("session__training"),
    )
    shown = requests_of(person, given("day"))
    for trainings in begun:
        shown = shown.exclude(status=RequestStatus.GRANTED, training__in=trainings)
    return shown


def _plans(person: Person, now: datetime) -> list[CourseRow]:
    """The plans the person follows, the one joined last first."""
    return [
        CourseRow(
            title=standing.title,
            url=reverse("courses:plan", args=[standing.version.training.key]),
            done=standing.done_count,
            total=standing.total,
            progress=standing.progress,
            next_text=standing.next_text,
            action=_("See the plan"),
        )
        for _enrolment, standing in plans_of(person, new_york_date(now))
    ]


def _under_way(outline: Outline) -> UnderWay:
    row = _course(outline)
    return UnderWay(row.url, row.action, row.progress, row.next_text)


def _asked(row: AssignedRow) -> NextStep:
    """What an agency asks for, with its day."""
    return NextStep(
        eyebrow=row.due,
        heading=row.title,
        text=row.text,
        url=row.url,
        label=row.action,
        note=row.asked_by,
    )


def _courses_under_way(person: Person) -> list[Outline]:
    """The active courses, the one last worked on first; three queries, or eight if any of them is
    restricted.
    """
    ordered = sorted(under_way_of(person), key=_touched, reverse=True)
    restricted = any(enrolment.training.is_restricted for enrolment in ordered)
    reach = reach_of(person) if restricted else None
    return [where(enrolment, reach) for enrolment in prepare(ordered)]


def _touched(enrolment: Enrolment) -> datetime:
    """When something was last done in the course."""
    moments = [enrolment.started_at]
    for row in enrolment.progress.all():
        moments += [row.opened_at, row.done_at or row.opened_at]
    for attempt in enrolment.attempts.all():
        moments += [attempt.started_at, attempt.handed_in_at or attempt.started_at]
    return max(moments)


def learn_url(enrolment: Enrolment, step: Step | None = None) -> str:
    """The course in the player, at a step or where the player leads."""
    # A front door whose address stays (DESIGN 5); the player's own views answer it.
    return f"/learn/{enrolment.pk}/{step.key}/" if step else f"/learn/{enrolment.pk}/"


def _next_text(outline: Outline) -> str:
    """The next step and how long is left; or what the course waits for, as the office reads it."""
    step = outline.next_step
    if step is None or outline.waits:
        return outline.not_yet
    parts = [_("Next: %(step)s.") % {"step": step.title}]
    if outline.minutes_left:
        parts.append(_("About %(time)s left.") % {"time": length_in_words(outline.minutes_left)})
    return " ".join(parts)


def _progress(outline: Outline) -> str:
    total = outline.total_count
    return ngettext(
        "%(done)s of %(total)s step done", "%(done)s of %(total)s steps done", total
    ) % {"done": outline.done_count, "total": total}


def _action(outline: Outline) -> str:
    if outline.waits:
        return _("Open the course")
    return _("Go on") if outline.done_count else _("Start")


def _sign(edition: DocumentEdition) -> NextStep:
    """A document that has a new version since the person signed it."""
    return NextStep(
        eyebrow=_("Please read and sign"),
        heading=edition.title,
        text=_("Version %(number)s is new; you signed version %(signed)s.")
        % {"number": edition.number, "signed": edition.signed_number},
        url=f"/learn/{edition.enrolment_id}/{edition.step_key}/",
        label=_("Read and sign"),
        note=edition.what_changed,
    )


def _course(outline: Outline) -> CourseRow:
    return CourseRow(
        title=outline.title,
        url=learn_url(outline.enrolment, None if outline.waits else outline.next_step),
        done=outline.done_count,
        total=outline.total_count,
        progress=_progress(outline),
        next_text=_next_text(outline),
        action=_action(outline),
    )


def _go_on(outline: Outline) -> NextStep:
    row = _course(outline)
    return NextStep(
        eyebrow=_("Your next step"),
        heading=row.title,
        text=row.next_text,
        url=row.url,
        label=row.action,
        note=f"{row.progress}. " + _("Stop whenever you like; nothing is lost."),
    )


def _seat(registration: Registration, now: datetime) -> SeatRow:
    session = registration.session
    can_join = registration.is_live and sessions.can_join(session, now)
    opens = sessions.join_opens_at(session)
    note = sessions.queue_news(registration)
    if registration.is_live and session.join_url and not can_join:
        note = _("Join opens here at %(time)s %(zone)s that day.") % {
            "time": formats.time_format(opens.astimezone(session.zone_info).time(), "TIME_FORMAT"),
            "zone": zone_label(opens, session.zone_info),
        }
    return SeatRow(
        session=session,
        title=session.name,
        when=when(session.starts_at, session.ends_at, session.zone_info),
        url=reverse("events:session", args=[session.pk]),
        join_url=reverse("events:join", args=[session.pk]) if can_join else "",
        join_note=note,
        offer_url=reverse("events:offer", args=[session.pk]) if registration.is_offered else "",
    )


def _take_offer(seat: SeatRow) -> NextStep:
    return NextStep(
        eyebrow=_("A seat is free for you"),
        heading=seat.title,
        text=seat.when,
        url=seat.offer_url,
        label=_("Take the seat, or pass it on"),
        note=seat.join_note,
    )


def _join(seat: SeatRow) -> NextStep:
    return NextStep(
        eyebrow=_("You can join now"),
        heading=seat.title,
        text=seat.when,
        url=seat.join_url,
        label=_("Join"),
    )


def _be_there(seat: SeatRow) -> NextStep:
    return NextStep(
        eyebrow=_("Your next date"),
        heading=seat.title,
        text=seat.when,
        url=seat.url,
        label=_("See the session"),
        note=seat.join_note,
    )
