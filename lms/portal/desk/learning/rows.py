"""A person's course in lines: its steps, their tries, what was decided. Never an answer."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.enums import AttemptStatus, Scoring, StepState
from courses.kinds import kind_of, points_in_words
from courses.models import Attempt, AttemptRuling, Enrolment
from courses.results import Result, is_void, result_of
from courses.rulings import in_words, ran_out
from courses.selectors import Outline, Step
from courses.timing import is_over, moment
from lms.core.time import new_york_date, short_date

_STATES = {StepState.DONE: "ok", StepState.OPEN: "soon", StepState.LOCKED: "neutral"}


def step_row(step: Step) -> dict[str, Any]:
    """A step, how the person stands with it, and the minutes they were active in it."""
    minutes = round(step.active_seconds / 60)
    return {
        "title": step.title,
        "kind": step.kind.label,
        "status": _STATES[step.state],
        "standing": step.state.label,
        "note": step.reason or kind_of(step.kind).note(step),
        "minutes": ngettext("%(count)s active minute", "%(count)s active minutes", minutes)
        % {"count": minutes}
        if minutes
        else "",
    }


def attempts_of(enrolment: Enrolment) -> list[Attempt]:
    """The enrolment's tries with results and rulings, in the order of time; two queries."""
    found = Attempt.objects.with_result().filter(enrolment=enrolment)
    return list(
        found.prefetch_related("rulings__ruled_by").defer("items").order_by("started_at", "pk")
    )


def attempt_row(
    attempt: Attempt, outline: Outline, person: int, now: datetime | None = None
) -> dict[str, Any]:
    """A try: when, what came of it, what was decided on it, and what can be decided."""
    now = now or timezone.now()
    step = outline.step(attempt.step_key)
    void, result = is_void(attempt), result_of(attempt)
    address = {"pk": person, "enrolment": attempt.enrolment_id, "attempt": attempt.pk}
    runs = attempt.status == AttemptStatus.IN_PROGRESS
    status, standing = _standing(attempt, result, void=void, now=now)
    failed = bool(result and result.is_pass is False)
    outage = (runs and attempt.deadline_at) or (ran_out(attempt) and failed)
    return {
        "test": step.title if step else attempt.step_key,
        "name": _("Try %(number)s") % {"number": attempt.number},
        "when": moment(attempt.handed_in_at or attempt.started_at),
        "status": status,
        "standing": standing,
        "result": points_in_words(
            result.points, result.of, partial=attempt.rule["scoring"] == Scoring.PARTIAL
        )
        if result
        else "",
        "notes": _notes(attempt, outline, now),
        "void_url": "" if void else reverse("desk_learning:void", kwargs=address),
        "outage_url": reverse("desk_learning:outage", kwargs=address)
        if outage and not void
        else "",
    }


def _standing(
    attempt: Attempt, result: Result | None, *, void: bool, now: datetime
) -> tuple[str, str]:
    if void:
        return "neutral", _("Does not count")
    if attempt.status == AttemptStatus.IN_PROGRESS:
        return "soon", _("Time is over") if is_over(attempt, now) else _("Under way")
    if result is None or result.is_pass is None:
        return "ok", _("Handed in")
    return ("ok", _("Passed")) if result.is_pass else ("soon", _("Not passed"))


def _notes(attempt: Attempt, outline: Outline, now: datetime) -> list[str]:
    """What one must know of the try besides its result."""
    notes = []
    if attempt.status == AttemptStatus.IN_PROGRESS and attempt.deadline_at:
        notes.append(_("Ends %(when)s") % {"when": moment(attempt.deadline_at)})
    if ran_out(attempt):
        notes.append(_("Ended when its time was over"))
    aside = outline.enrolment.set_aside.get(attempt.step_key)
    if aside and attempt.started_at <= datetime.fromisoformat(aside):
        notes.append(_("From before the course was changed: the test is asked for again"))
    notes += [f"{in_words(ruling)}: {ruling.reason}" for ruling in attempt.rulings.all()]
    return notes


def history(enrolment: Enrolment, attempts: list[Attempt]) -> list[dict[str, Any]]:
    """What was decided about the person's course, in the order of time, for a timeline."""
    titles = {step["key"]: step["title"] for step in enrolment.version.spec["outline"]}
    found: list[tuple[datetime, str, str, Any]] = [
        (
            move.moved_at,
            _("Taken back to version %(number)s") % {"number": move.to_version.number}
            if move.undoes_id
            else _("Taken across to version %(number)s") % {"number": move.to_version.number},
            "",
            move.moved_by,
        )
        for move in enrolment.moves.select_related("to_version", "moved_by")
    ]
    for attempt in attempts:
        test = titles.get(attempt.step_key, attempt.step_key)
        found += [
            (ruling.ruled_at, _ruling_title(ruling, test, attempt), ruling.reason, ruling.ruled_by)
            for ruling in attempt.rulings.all()
        ]
    return [
        {
            "when": short_date(new_york_date(when)),
            "title": title,
            "text": " ".join(part for part in (text, f"({who})" if who else "") if part),
            "state": "past",
        }
        for when, title, text, who in sorted(found, key=lambda row: row[0])
    ]


def _ruling_title(ruling: AttemptRuling, test: str, attempt: Attempt) -> str:
    return _("%(test)s, try %(number)s: %(what)s") % {
        "test": test,
        "number": attempt.number,
        "what": in_words(ruling),
    }
