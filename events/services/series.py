"""Series: registering for several sessions of one, and next year's edition from this year's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.models import Page

from events.clashes import Clash, clashes_of
from events.enums import ProgramState, SessionStatus
from events.models import Registration, Session
from events.series_models import SeriesItem, SeriesPage, SeriesPaper
from events.services.asking import Said
from events.services.registrations import register
from events.services.sessions import schedule_session
from events.speakers import other_names
from events.windows import shifted
from lms.core import audit
from lms.core.exceptions import Refused
from lms.people.models import Person
from lms.people.permissions import is_coordinator_for


@dataclass(frozen=True)
class SeatResult:
    """What came of one session: a seat, a place on the list, a request, or why nothing."""

    session: Session
    seat: Registration | None
    reason: str = ""


def register_several(
    *,
    sessions: Sequence[Session],
    person: Person,
    actor: Person | None,
    said: Mapping[int, Said] | None = None,
    now: datetime | None = None,
) -> list[SeatResult]:
    """Register for each session, one transaction each: one that is closed stops no other.

    `said`: answers and needs by session id, kept in the transaction of their session. Full sessions
    end in a place on their waiting lists. Again, it changes nothing. In the order of their ids, so
    that two people who choose the same never wait for each other.
    """
    results = {}
    for session in sorted(sessions, key=lambda row: row.pk):
        try:
            seat = register(
                session=session,
                person=person,
                actor=actor,
                wait_if_full=True,
                said=(said or {}).get(session.pk),
                now=now,
            )
        except Refused as refusal:
            results[session.pk] = SeatResult(session, None, str(refusal))
        else:
            results[session.pk] = SeatResult(session, seat)
    return [results[session.pk] for session in sessions]


@dataclass(frozen=True)
class Moved:
    """A session of the old edition and the one it becomes; `reason` says why it becomes none.

    `left_out`: it is another office's, who schedule theirs; the rest is copied without it.
    """

    old: Session
    new: Session | None
    clashes: list[Clash]
    reason: str = ""
    left_out: bool = False

    @property
    def name(self) -> str:
        """The session's, unless it is one that others than its office are not to know of."""
        if self.left_out and self.old.training.is_restricted:
            return _("A session of another office")
        return self.old.name


@transaction.atomic
def copy_series(
    *,
    page: SeriesPage,
    title: str,
    first_day: date,
    actor: Person,
    dry_run: bool = False,
    now: datetime | None = None,
) -> tuple[SeriesPage | None, list[Moved]]:
    """Next edition: every standing session again, moved so that the first is on `first_day`.

    The new page is a draft whose program is announced for later, and its sessions are kept back, so
    that nobody sees either before the office says so: `announce_sessions`, or the page published
    with its program. They have no join links; documents, the rule and the windows come along, a
    check-in code is a new one. Sessions of offices that `actor`
    does not coordinate are left out, with the reason. Of the others all or nothing: with one that
    cannot be scheduled, or with `dry_run`, everything is found out and taken back and the page is
    None. Raises Refused for a series without sessions of the actor's offices, a first day that is
    past, and a title that another page has.
    """
    now = now or timezone.now()
    items = list(
        page.program.filter(session__status__in=SessionStatus.STANDING)
        .select_related("session__training__owner")
        .order_by("session__starts_at", "pk")
    )
    ours = [item for item in items if is_coordinator_for(actor, item.session.training.owner)]
    if not ours:
        raise Refused(_("This series has no sessions to copy."), code="no_sessions")
    shift = first_day - ours[0].session.day
    moved = [
        _move(item.session, shift, actor=actor, now=now) if item in ours else _others(item.session)
        for item in items
    ]
    found = iter(clashes_of([row.new for row in moved if row.new is not None], one_program=True))
    moved = [replace(row, clashes=next(found)) if row.new is not None else row for row in moved]
    if dry_run or any(row.new is None and not row.left_out for row in moved):
        transaction.set_rollback(True)
        return None, moved
    copy = _draft(page, title, items, moved, actor=actor)
    audit.record("series.copied", copy, actor=actor, now=now, source=page.pk)
    return copy, moved


def _others(session: Session) -> Moved:
    reason = _("This session is %(office)s's, which schedules its own. It is left out.") % {
        "office": session.training.owner.name
    }
    return Moved(session, None, [], reason, left_out=True)


def _move(session: Session, shift: timedelta, *, actor: Person, now: datetime) -> Moved:
    try:
        with transaction.atomic():
            new = schedule_session(
                training=session.training,
                day=session.day + shift,
                start=session.start_time,
                end=session.end_time,
                zone=session.zone,
                capacity=session.capacity,
                title=session.title,
                platform=session.platform,
                location=session.location,
                speakers=other_names(session),
                min_minutes=session.min_minutes,
                min_percent=session.min_percent,
                grace_minutes=session.grace_minutes,
                check_in_code=_new_code() if session.check_in_code else "",
                code_asked=session.code_asked,
                survey=session.survey,
                **shifted(session, shift),
                approval=session.approval,
                freed_seats=session.freed_seats,
                reminders=session.reminders,
                announced=False,
                actor=actor,
                now=now,
            )
    except Refused as refusal:
        return Moved(session, None, [], str(refusal))
    new.training = session.training
    return Moved(session, new, [])


def _new_code() -> str:
    """What is said in the room: short, and without letters that look like others."""
    return get_random_string(5, "ACDEFHJKLMNPRTUVWXY34679")


def _draft(
    page: SeriesPage, title: str, items: list[SeriesItem], moved: list[Moved], *, actor: Person
) -> SeriesPage:
    """The new page beside the old one, not published."""
    title = " ".join(title.split())
    slug = slugify(title)
    parent = Page.objects.get(pk=page.get_parent().pk)
    if not slug or parent.get_children().filter(slug=slug).exists():
        raise Refused(_("Another page has this title. Choose one that is its own."), code="title")
    copy = SeriesPage(
        title=title,
        slug=slug,
        office=page.office,
        summary=page.summary,
        body=page.body,
        contact_email=page.contact_email,
        state=ProgramState.ANNOUNCED,
        expected=_("soon"),
        live=False,
        owner=actor,
        locale=page.locale,
    )
    parent.add_child(instance=copy)
    for place, (item, row) in enumerate(zip(items, moved, strict=True)):
        if row.new is None:
            continue
        copy.program.add(
            SeriesItem(session=row.new, track=item.track, note=item.note, sort_order=place)
        )
    for place, paper in enumerate(page.papers.order_by("sort_order", "pk")):
        copy.papers.add(SeriesPaper(title=paper.title, document=paper.document, sort_order=place))
    # Rows too, not in the draft alone: the desk counts them and shows them all at once.
    copy.save()
    copy.save_revision(user=actor)
    return copy
