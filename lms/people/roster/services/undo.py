"""Undoing a roster within a day: only all of it, and only where nothing else has happened since."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import F, ProtectedError, RestrictedError
from django.db.models.deletion import Collector
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.people import services as people
from lms.people.correction_models import EmploymentCorrection
from lms.people.corrections import Changed, note_corrections
from lms.people.enums import Corrected
from lms.people.models import Employment, EmploymentPeriod, Person
from lms.people.roster.enums import RosterState, RowKind
from lms.people.roster.services.intake import facilities_of
from lms.people.roster_models import RosterImport, RosterRow

UNDO_WITHIN = timedelta(days=1)
_OURS = (Person, Employment, EmploymentPeriod)


@transaction.atomic
def undo_roster(
    *, roster: RosterImport, actor: Person, now: datetime | None = None
) -> RosterImport:
    """Take back all that a list brought; undoing again changes nothing.

    People and employments the list made are removed: they were there by mistake and nothing hangs
    on them. Raises Refused after a day ("too_late"), and where something else happened since to
    anybody the list touched ("touched"): a training, a sign-in, another change.
    """
    now = now or timezone.now()
    roster = lock(roster)
    if roster.state == RosterState.UNDONE:
        return roster
    if roster.state != RosterState.APPLIED or roster.applied_at is None:
        raise Refused(_("This list was not taken over."), code="not_applied")
    if now > roster.applied_at + UNDO_WITHIN:
        raise Refused(
            _("A list can be undone for one day. Correct each employee on their own page."),
            code="too_late",
        )
    rows = list(roster.rows.filter(kind__in=RowKind.doing()).select_related("employment__person"))
    _refuse_if_handed_over(roster, rows)
    for row in rows:
        if row.kind == RowKind.LEAVER:
            _reopen(row, actor=actor, now=now)
        elif row.kind == RowKind.CHANGE:
            _change_back(row, actor=actor, now=now)
    _remove(roster, [row for row in rows if "new_person" in row.before])
    roster.state, roster.undone_at = RosterState.UNDONE, now
    roster.save(update_fields=["state", "undone_at"])
    audit.record("roster.undone", roster, actor=actor, now=now, rows=roster.counts)
    return roster


def _refuse_if_handed_over(roster: RosterImport, rows: list[RosterRow]) -> None:
    """A company takes nothing back in a facility that is another's by now."""
    ours = {place.pk for place in facilities_of(roster.organization)}
    if any(row.facility_id not in ours for row in rows if row.facility_id):
        raise Refused(
            _("One of these facilities was handed over since, so the list cannot be undone."),
            code="handed_over",
        )


def _touched(name: str) -> Refused:
    return Refused(
        _(
            "Something else has happened since to %(name)s, so the list cannot be undone. "
            "Correct each employee on their own page."
        )
        % {"name": name},
        code="touched",
    )


def _reopen(row: RosterRow, *, actor: Person, now: datetime) -> None:
    employment = row.employment
    assert employment is not None  # noqa: S101 - taken over so
    if str(employment.ended_on) != row.changes["ended_on"]:
        raise _touched(str(employment.person))
    people.undo_end_employment(employment=employment, actor=actor, now=now)


def _change_back(row: RosterRow, *, actor: Person, now: datetime) -> None:
    employment, before, changes = row.employment, row.before, row.changes
    assert employment is not None  # noqa: S101 - taken over so
    person = employment.person.canonical
    if period := before.get("period"):
        latest = employment.periods.order_by("-starts_on").first()
        fixed = EmploymentCorrection.objects.filter(period=period).exists()
        if latest is None or latest.pk != period or employment.ended_on or fixed:
            raise _touched(str(person))
        latest.delete()
        last = employment.periods.order_by("-starts_on").first()
        if last:
            EmploymentPeriod.objects.filter(pk=last.pk).update(ends_on=None)
    corrected: Changed = {}
    for kind in (Corrected.NUMBER, Corrected.SENT_BY):
        if kind in before:
            if getattr(employment, kind) != changes[kind][kind]:
                raise _touched(str(person))
            corrected[kind] = ({str(kind): getattr(employment, kind)}, {str(kind): before[kind]})
            setattr(employment, kind, before[kind])
            employment.save(update_fields=[str(kind)])
    if corrected:
        reason = _("The list %(file)s was undone") % {"file": row.roster.name}
        note_corrections(
            employment=employment, changed=corrected, reason=reason, actor=actor, now=now
        )
    if email := before.get("email"):
        if person.email != email or EmailAddress.objects.filter(user=person).exists():
            raise _touched(str(person))
        person.email = None
        person.save(update_fields=["email"])


def _remove(roster: RosterImport, rows: list[RosterRow]) -> None:
    """Remove what the list made; the database itself says whether anything hangs on it."""
    for row in rows:
        employment = row.employment
        ended_on = str(employment.ended_on or "") if employment else ""
        if employment is None or ended_on != row.values["ended_on"]:
            raise _touched(f"{row.values['first_name']} {row.values['last_name']}")
    employments = [row.employment_id for row in rows]
    moved = EmploymentPeriod.objects.filter(
        employment__in=employments, starts_on__gt=F("employment__started_on")
    ).select_related("employment__person")
    if later := moved.first():
        raise _touched(str(later.employment.person))
    corrected = EmploymentCorrection.objects.filter(employment__in=employments)
    if fixed := corrected.select_related("employment__person").first():
        raise _touched(str(fixed.employment.person))
    new_people = {row.person_id for row in rows if row.before["new_person"]}
    signed_in = Person.objects.filter(pk__in=new_people, last_login__isnull=False).first()
    if signed_in:
        raise _touched(str(signed_in))
    roster.rows.filter(pk__in=[row.pk for row in rows]).update(employment=None, person=None)
    EmploymentPeriod.objects.filter(employment__in=employments).delete()
    try:
        made = Employment.objects.filter(pk__in=[key for key in employments if key])
        _refuse_if_more_hangs_on(list(made))
        made.delete()
        people_made = Person.objects.filter(pk__in=[key for key in new_people if key])
        _refuse_if_more_hangs_on(list(people_made))
        people_made.delete()
    except (ProtectedError, RestrictedError) as error:
        held = getattr(error, "protected_objects", None) or getattr(error, "restricted_objects", [])
        raise _touched(_whose(held)) from error


def _refuse_if_more_hangs_on(rows: list[Employment] | list[Person]) -> None:
    """What would silently go along (addresses, sessions, calendars) is something that happened."""
    collector = Collector(using="default")
    collector.collect(rows)
    more = [model for model in collector.data if model not in _OURS]
    more += [found.model for found in collector.fast_deletes if found.exists()]
    if more:
        raise _touched(str(rows[0] if len(rows) == 1 else _("some of these people")))


def _whose(held: object) -> str:
    for row in list(held)[:1]:  # type: ignore[call-overload]  # Django gives a set of rows
        person = getattr(row, "person", None) or getattr(
            getattr(row, "employment", None), "person", None
        )
        if person:
            return str(person)
    return _("some of these people")
