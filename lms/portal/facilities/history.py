"""What happened in one employment, from its rows: posts, trainings, signatures, leaving."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from lms.compliance.enums import StandingState
from lms.compliance.known import Known
from lms.compliance.rules import Rule
from lms.compliance.selectors import EmployeeStanding
from lms.core.time import new_york_date, short_date

Event = tuple[date, dict[str, Any]]


def history(known: Known, line: EmployeeStanding, rule: Rule) -> list[dict[str, Any]]:
    """Arguments of components/timeline.html, from hiring to the last day, the due day included."""
    employment = line.employment
    events: list[Event] = []
    for place, period in enumerate(known.periods[employment.pk]):
        post = period.get_post_display()
        title = _("Hired: %(post)s") if place == 0 else _("New post: %(post)s")
        text = (
            "" if period.guest_contact else _("Does not meet guests: ") + period.no_contact_reason
        )
        events.append(_event(period.starts_on, title % {"post": post}, text))
    for row in known.completions[employment.person.canonical.pk]:
        if row["revoked_at"]:
            text = _("Revoked on %(day)s; it no longer counts.") % {
                "day": short_date(new_york_date(row["revoked_at"]))
            }
        else:
            text = _on_device(row["shared_device"])
        events.append(
            _event(row["occurred_on"], _("Trained: %(program)s") % {"program": row["title"]}, text)
        )
        events += [
            _event(new_york_date(signed.attested_at), _("Signed for the training"), _said(signed))
            for signed in known.attestations[employment.pk, str(row["id"])]
        ]
    events += [
        _event(row.starts_on, _("Exempt"), row.reason) for row in known.exemptions[employment.pk]
    ]
    if employment.ended_on:
        kept = rule.kept_until(employment.ended_on)
        text = _("The record is kept until %(day)s.") % {"day": short_date(kept)}
        events.append(_event(employment.ended_on, _("Last day of work"), text))
    elif line.standing.clock and not line.standing.is_met:
        states = {StandingState.OVERDUE: "overdue", StandingState.TRAINED_NOT_PROVEN: "past"}
        state = states.get(line.standing.state, "soon")
        events.append(
            _event(
                line.standing.clock.due_on,
                _("Training due"),
                line.standing.clock.words,
                state=state,
            )
        )
    return [event for _day, event in sorted(events, key=lambda pair: pair[0])]


def _on_device(said: Any) -> str:
    """That a training was taken on a shared device, and whether its PIN was new that day."""
    if not said:
        return ""
    text = _("On a shared device, with the person’s own PIN.")
    if said.get("pin_reset_that_day"):
        text += " " + _("The PIN was reset that day.")
    return text


def _event(day: date, title: str, text: str, state: str = "past") -> Event:
    return day, {"when": short_date(day), "title": title, "text": text, "state": state}


def _said(signed: Any) -> str:
    """What a signature says, and whose it is."""
    words = [
        _("on the premises") if signed.on_premises else _("not on the premises"),
        _("on paid time") if signed.paid_time else _("not on paid time"),
    ]
    by = _("by %(person)s") % {"person": signed.attested_by} if signed.attested_by else ""
    return ", ".join(part for part in [*words, by, signed.note] if part)
