"""The attendance desk's rows and sentences, ready for templates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.attendance_report import ZONES
from events.enums import NotingStatus, Outcome, RowKind
from events.models import Registration
from events.report_models import AttendanceNoting, AttendanceReport, ReportPerson
from events.report_selectors import Effect, InReport, Results, SeatResult

# In no report that can be read, and yet not known to be absent.
OPEN = (Effect.UNREADABLE, Effect.CHECKED_IN)
# What a status pill shows beside an outcome.
PILLS = {
    Outcome.ATTENDED: "ok",
    Outcome.PARTIAL: "soon",
    Outcome.NO_SHOW: "neutral",
    Outcome.EXCUSED: "neutral",
}


@dataclass(frozen=True)
class PersonRow:
    """Somebody in a report, as the queue and their own page show them."""

    pk: int
    name: str
    email: str
    kind: str
    times: str
    minutes: str
    several: bool
    url: str
    first_name: str
    last_name: str
    suggestions: list[Registration]

    @property
    def can_be_added(self) -> bool:
        """Whether the report says enough to give them a seat with one click."""
        return bool(self.email and self.first_name and self.last_name)


def person_row(
    found: InReport, *, results: Results, suggestions: Iterable[Registration] = ()
) -> PersonRow:
    """Somebody in the session's reports, with whom they might be."""
    session, person = results.session, found.person
    first, last = names_of(person)
    spans = found.presence.intervals
    return PersonRow(
        pk=person.pk,
        name=str(person),
        email=person.email,
        kind="" if found.kind == RowKind.PERSON else str(found.kind.label),
        times=_("%(start)s to %(end)s")
        % {
            "start": _clock(spans[0].start, session.zone_info),
            "end": _clock(spans[-1].end, session.zone_info),
        },
        minutes=minutes_in_words(found.presence.minutes),
        several=found.may_be_several,
        url=reverse("desk_attendance:person", args=[session.pk, person.pk]),
        first_name=first,
        last_name=last,
        suggestions=list(suggestions),
    )


def names_of(person: ReportPerson) -> tuple[str, str]:
    """First and last name where the report tells them, else two empty ones."""
    name = person.full_name or person.name
    if any(character.isdigit() for character in name) or " " not in name:
        return "", ""
    first, _space, last = name.partition(" ")
    return first, last


def _clock(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%-I:%M %p}".lower()


def seat_row(seat: SeatResult, *, session_pk: int) -> dict[str, Any]:
    """Somebody registered, and what the reports come to for them."""
    keeps = (Effect.BY_HAND, Effect.SAME, *OPEN)
    kept = seat.newest if seat.effect in keeps else None
    outcome = Outcome(kept.outcome) if kept else seat.outcome
    minutes = kept.minutes if kept else seat.minutes
    is_open = seat.effect in OPEN and kept is None
    return {
        "person": seat.registration.person,
        "minutes": minutes_in_words(minutes) if minutes is not None else "",
        "status": PILLS[outcome],
        "outcome": "" if is_open else str(outcome.label),
        "how": ", ".join(seat.how),
        "effect": _effect(seat),
        "note": kept.note if kept else seat.note,
        "people": [
            {
                "name": str(found.person),
                "url": reverse("desk_attendance:person", args=[session_pk, found.person.pk]),
            }
            for found, _how in seat.found
        ],
    }


def _effect(seat: SeatResult) -> str:
    """What applying would do, in the words of a coordinator."""
    if seat.effect == Effect.BY_HAND:
        if seat.is_absent:
            return _("Noted by hand, stays")
        return _("Noted by hand, stays unless you say otherwise. The report says: %(outcome)s") % {
            "outcome": f"{seat.outcome.label}, {minutes_in_words(seat.minutes or 0)}"
        }
    if seat.effect == Effect.CHANGED and seat.newest:
        return _("Will be corrected; until now: %(outcome)s") % {
            "outcome": seat.newest.get_outcome_display()
        }
    return {
        Effect.NEW: _("Not noted yet"),
        Effect.ABSENT: _("Not noted yet; in no report"),
        Effect.UNREADABLE: _("Stays open: their row cannot be read"),
        Effect.CHECKED_IN: _("Stays open: checked in, and in no report"),
        Effect.SAME: _("Noted"),
    }[seat.effect]


def minutes_in_words(minutes: int) -> str:
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}


def report_row(report: AttendanceReport) -> dict[str, Any]:
    """A report that counts, and what can be done about it."""
    args = [report.session_id, report.pk]
    return {
        "name": report.name,
        "title": report.title,
        "zone": zone_name(report.zone),
        "uploaded": _("Uploaded %(moment)s by %(person)s")
        % {"moment": _moment(report.uploaded_at), "person": report.uploaded_by or _("the system")},
        "file_url": reverse("desk_attendance:file", args=args) if report.file else "",
        "replaced": bool(report.replaces.all()),
        "remove_url": reverse("desk_attendance:remove", args=args),
        "zone_url": reverse("desk_attendance:read_again", args=args),
    }


def refused_row(report: AttendanceReport) -> dict[str, str]:
    """A file that turned out to be no report, and why."""
    heading = _("%(file)s was not taken in") % {"file": report.name}
    return {"heading": heading, "text": report.refusal}


def reading_row(report: AttendanceReport) -> dict[str, Any]:
    """A report that a worker reads, and how far it is."""
    done = _("%(done)s of %(total)s rows") % {"done": report.done, "total": report.total}
    return {
        "name": report.name,
        "done": report.done,
        "total": report.total,
        "text": done if report.total else _("Waits for its turn"),
    }


def people_done(noting: AttendanceNoting) -> str:
    """How far the noting is."""
    return _("%(done)s of %(total)s people") % {"done": noting.done, "total": noting.total}


def read_in_words(results: Results, noting: AttendanceNoting | None) -> str:
    """How many rows the reports have, as long as nothing was noted from them."""
    newest = max(report.uploaded_at for report in results.reports)
    if noting and noting.asked_at >= newest:
        return ""
    count = sum(report.total for report in results.reports)
    told = ngettext("%(count)s row was read.", "%(count)s rows were read.", count)
    return told % {"count": count} + " " + _("Nothing is noted yet: look at it first.")


def noted(noting: AttendanceNoting) -> dict[str, Any]:
    """What the last noting came to, as a callout."""
    moment = _moment(noting.touched_at)
    if noting.status == NotingStatus.STOPPED:
        heading = _("Noting attendance stopped on %(moment)s") % {"moment": moment}
        return {"kind": "warning", "heading": heading, "text": noting.problem, "items": []}
    parts = ", ".join(
        f"{outcome.label}: {count}"
        for outcome in Outcome
        if (count := noting.outcomes.get(outcome.value, 0))
    )
    told = ngettext(
        "Attendance of %(count)s person is noted (%(parts)s). Certificates follow by themselves.",
        "Attendance of %(count)s people is noted (%(parts)s). Certificates follow by themselves.",
        noting.done,
    )
    kept = ngettext(
        "What somebody noted by hand for %(count)s person stays.",
        "What somebody noted by hand for %(count)s people stays.",
        noting.kept_by_hand,
    )
    items = [kept % {"count": noting.kept_by_hand}] if noting.kept_by_hand else []
    items.append(
        _("On %(moment)s, by %(person)s")
        % {"moment": moment, "person": noting.asked_by or _("the system")}
    )
    if noting.done:
        text = told % {"count": noting.done, "parts": parts}
    else:
        text = _("Everything was noted already; nothing has changed.")
    return {"kind": "success", "text": text, "items": items}


def _moment(moment: datetime, zone: tzinfo | None = None) -> str:
    return formats.date_format(timezone.localtime(moment, zone), "SHORT_DATETIME_FORMAT")


def zone_name(key: str) -> str:
    """A zone as the list of zones calls it."""
    return str(dict(ZONES).get(key, key))


def clock_range(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """From when to when one device was there, with seconds, since the rule counts them."""
    return f"{start.astimezone(zone):%-I:%M:%S %p} – {end.astimezone(zone):%-I:%M:%S %p}".lower()


def warnings(results: Results) -> list[dict[str, str]]:
    """What to look at before anything is noted: each with heading and text; the gravest first."""
    session = results.session
    found: list[dict[str, str]] = [
        {
            "heading": _("The times in %(file)s seem to be in another zone")
            % {"file": doubt.report.name},
            "text": _hours_off(doubt.hours, doubt.report.zone),
            "zone": doubt.zone,
            "action": reverse("desk_attendance:read_again", args=[session.pk, doubt.report.pk])
            if doubt.zone
            else "",
            "button": _("Read it as %(zone)s") % {"zone": zone_name(doubt.zone)},
        }
        for doubt in results.doubts
    ]
    found += [
        {
            "heading": _("Is %(file)s the right file?") % {"file": report.name},
            "text": _("Its meeting began on %(day)s, and this session is on %(session)s.")
            % {
                "day": formats.date_format(
                    timezone.localtime(report.first_start, session.zone_info), "DATE_FORMAT"
                ),
                "session": formats.date_format(session.day, "DATE_FORMAT"),
            },
        }
        for report in results.strangers
    ]
    if results.is_cut_short:
        found.append(
            {
                "heading": _("The report breaks off"),
                "text": _(
                    "Whoever is missing may be in the part that is lost. Download it from Webex "
                    "again and upload it; it replaces this one."
                ),
            }
        )
    if results.finds_nobody and results.overlaps:
        found.append(
            {
                "heading": _("Nobody registered is in the report"),
                "text": _("Is it the report of another meeting on that day?"),
            }
        )
    if session.ends_at > timezone.now():
        found.append(
            {
                "heading": _("The session is not over"),
                "text": _("A report downloaded now misses whoever is still there."),
            }
        )
    return found


def _hours_off(hours: int, zone: str) -> str:
    words = ngettext("%(count)s hour", "%(count)s hours", abs(hours)) % {"count": abs(hours)}
    if hours > 0:
        text = _("Read as %(zone)s, the meeting began about %(hours)s after the session.")
    else:
        text = _("Read as %(zone)s, the meeting began about %(hours)s before the session.")
    return text % {"zone": zone_name(zone), "hours": words}


def meetings_of(results: Results) -> str:
    """A sentence where the host started the meeting more than once."""
    starts = {start for report in results.reports for start in report.meetings}
    if len(starts) < 2:
        return ""
    return _("The meeting was started %(count)s times. Everybody's times are added up.") % {
        "count": len(starts)
    }
