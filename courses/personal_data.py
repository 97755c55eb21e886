"""What courses keep about a person, for the registry that exports, erases and merges."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.models import (
    Accommodation,
    Attempt,
    DocumentSignature,
    Enrolment,
    LearningClock,
    OutsideProof,
)
from courses.results import result_of
from courses.scoring import as_json
from courses.services import merging
from lms.core.personal_data import Holding, Settling, register
from lms.people.models import Person


def register_holdings() -> None:
    """Announce our rows about people; called once when the app is ready."""
    register(
        Holding(
            name="enrolments",
            export=export_enrolments,
            settling=Settling(
                both=merging.courses_of_both,
                settle=merging.settle_courses,
                undo=merging.take_courses_back,
            ),
            said=_("Both are in the middle of %(what)s. It goes on where more is done."),
            unnamed=_("one course"),
        )
    )
    register(Holding(name="courses.learning_clock", export=export_clock, erase=erase_clock))
    register(Holding(name="attempts", export=export_attempts))
    register(Holding(name="signatures", export=export_signatures))
    register(Holding(name="outside proofs", export=export_proofs))
    register(Holding(name="courses.extra_time", export=export_extra_time))


def export_enrolments(person: Person) -> list[dict[str, Any]]:
    """The courses the person began, and the steps taken in them."""
    enrolments = Enrolment.objects.visible_to(person).select_related(
        "training", "version", "own_word"
    )
    return [
        {
            "course": enrolment.training.title,
            "version": enrolment.version.number,
            "language": enrolment.language,
            "status": enrolment.status,
            "started_at": enrolment.started_at,
            "completed_at": enrolment.completed_at,
            "own_word": enrolment.own_word.statement if hasattr(enrolment, "own_word") else None,
            "steps": [
                {
                    "step": row.step_key,
                    "opened_at": row.opened_at,
                    "done_at": row.done_at,
                    "active_seconds": row.active_seconds,
                    "seen_at": row.seen_at,
                    "played_second": row.played_second,
                }
                for row in sorted(enrolment.progress.all(), key=lambda step: step.pk)
            ],
        }
        for enrolment in enrolments.prefetch_related("progress")
    ]


def export_clock(person: Person) -> list[dict[str, Any]]:
    """Until when the person's time in courses is counted."""
    clocks = LearningClock.objects.filter(person__in=Person.objects.one_with(person))
    return [{"step": clock.step_key, "seen_at": clock.seen_at} for clock in clocks]


def erase_clock(person: Person) -> int:
    """The clock only runs while somebody learns; nothing rests on it."""
    deleted, _rows = LearningClock.objects.filter(person=person).delete()
    return deleted


def export_attempts(person: Person) -> list[dict[str, Any]]:
    """The tests the person took: the answers as given, what counts, what was ruled later."""
    attempts = (
        Attempt.objects.with_result().visible_to(person).select_related("enrolment__training")
    )
    return [
        {
            "course": attempt.enrolment.training.title,
            "test": attempt.step_key,
            "number": attempt.number,
            "started_at": attempt.started_at,
            "handed_in_at": attempt.handed_in_at,
            "points": as_json(result.points) if (result := result_of(attempt)) else None,
            "of": attempt.max_points,
            "later": [
                {"what": ruling.kind, "why": ruling.reason, "when": ruling.ruled_at}
                for ruling in attempt.rulings.all()
            ],
            "answers": {answer.position: answer.response for answer in attempt.answers.all()},
        }
        for attempt in attempts.order_by("started_at", "id").prefetch_related("answers", "rulings")
    ]


def export_signatures(person: Person) -> list[dict[str, Any]]:
    """The documents the person signed, with the version and the name they wrote."""
    signatures = DocumentSignature.objects.visible_to(person).select_related("edition")
    return [
        {
            "document": signature.edition.title,
            "version": signature.edition.number,
            "name": signature.name,
            "signed_at": signature.signed_at,
        }
        for signature in signatures
    ]


def export_proofs(person: Person) -> list[dict[str, Any]]:
    """The proofs of courses taken elsewhere the person sent, and what became of them."""
    proofs = OutsideProof.objects.visible_to(person).select_related(
        "enrolment__training", "plan_enrolment__training", "training"
    )
    return [
        {
            "course": proof.place.training.title,
            "taken_elsewhere": proof.title,
            "file": proof.name,
            "finished_on": proof.finished_on,
            "sent_at": proof.sent_at,
            "status": proof.status,
            "reason": proof.reason,
        }
        for proof in proofs
    ]


def export_extra_time(person: Person) -> list[dict[str, Any]]:
    """The extra time offices arranged for the person."""
    rows = Accommodation.objects.filter(person__in=Person.objects.one_with(person))
    return [
        {
            "office": row.office.name,
            "extra_percent": row.extra_percent,
            "reason": row.get_reason_display(),
            "from": row.valid_from,
            "until": row.valid_until,
            "withdrawn_at": row.withdrawn_at,
        }
        for row in rows.select_related("office")
    ]
