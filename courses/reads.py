"""The queries that the player asks for on every page, ready to be run (core.prepared)."""

from collections.abc import Callable
from functools import partial
from typing import Any

from courses.enums import AttemptStatus
from courses.models import (
    Attempt,
    AttemptAnswer,
    CoursePage,
    Enrolment,
    QuestionVersion,
    StepProgress,
)
from lms.core.prepared import Prepared, any_given, given, given_person
from lms.people.models import Person
from lms.trainings.models import StepContent, Training, TrainingVersion

# This person's enrolments in a training, those of merged records included, the newest first.
enrolments_in = Prepared(
    lambda: Enrolment.objects.filter(
        person__in=Person.objects.one_with(given_person("person")), training=given("training")
    ).order_by("-started_at", "-id")
)
training_by_key = Prepared(
    lambda: Training.objects.filter(key=given("key")).select_related("owner")
)
version_by_pk = Prepared(
    lambda: TrainingVersion.objects.filter(pk=given("pk")).defer("spec").order_by()
)
# The live pages of a course that have a version in force, one for each language.
open_pages = Prepared(
    lambda: (
        CoursePage.objects.live()
        .filter(translation_key=given("key"), version_in_force__isnull=False)
        .select_related("locale", "version_in_force", "office")
        .defer("version_in_force__spec")
    )
)
progress_of = Prepared(lambda: StepProgress.objects.filter(enrolment=any_given("enrolments")))
attempts_of = Prepared(
    lambda: (
        Attempt.objects.with_result()
        .filter(enrolment=any_given("enrolments"))
        .defer("items", "rule")
        .order_by("step_key", "number")
    )
)
# An enrolment with what `selectors.where` reads but steps and tries.
enrolment_by_pk = Prepared(
    lambda: (
        Enrolment.objects.filter(pk=given("pk"))
        .select_related("version", "training__owner", "person", "own_word")
        .defer("version__spec")
        .order_by()
    )
)
attempt_by_pk = Prepared(lambda: Attempt.objects.with_result().filter(pk=given("pk")).order_by())
attempt_in_progress = Prepared(
    lambda: Attempt.objects.filter(
        enrolment=given("enrolment"), step_key=given("step"), status=AttemptStatus.IN_PROGRESS
    ).order_by()
)
answers_of = Prepared(
    lambda: AttemptAnswer.objects.filter(attempt=given("attempt")).order_by("position")
)
# Wordings of questions as they were asked and are scored; and as they are shown.
wordings = Prepared(lambda: QuestionVersion.objects.filter(pk=any_given("pks")).order_by("pk"))
wordings_as_spelled = Prepared(
    lambda: QuestionVersion.objects.as_spelled().filter(pk=any_given("pks")).order_by("pk")
)
# The content of the revision in force for a step, and its page's model.
content_in_force = Prepared(
    lambda: (
        StepContent.objects.filter(
            version=given("version"), step_key=given("step"), locale=given("language")
        )
        .order_by("-id")
        .values_list("revision__content", "revision__content_type__model")[:1]
    )
)


def _of_reader(make: Callable[[Any], Any]) -> dict[bool, Prepared[Any]]:
    """By whether the reader is a guest, who may open less (`visible_to`)."""
    return {
        guest: Prepared(partial(make, given_person("reader", is_guest=guest)))
        for guest in (False, True)
    }


_enrolment = _of_reader(
    lambda reader: (
        Enrolment.objects.visible_to(reader)
        .filter(pk=given("pk"))
        .select_related("version", "training__owner", "person__learning_clock", "own_word")
        .defer("version__spec")
    )
)
_attempt = _of_reader(
    lambda reader: (
        Attempt.objects.visible_to(reader)
        .filter(pk=given("pk"), enrolment=given("enrolment"), step_key=given("step"))
        .select_related("enrolment__training")
        .order_by()
    )
)
_asked = _of_reader(
    lambda reader: (
        Attempt.objects.visible_to(reader)
        .filter(enrolment__training=given("training"))
        .order_by()
        .values_list("items", flat=True)
    )
)
_under_way = _of_reader(
    lambda reader: (
        Enrolment.objects.visible_to(reader)
        .active()
        .select_related("version", "training__owner", "own_word")
        .defer("version__spec")
    )
)


def my_enrolment(reader: Person, pk: int) -> Enrolment | None:
    """Somebody's own, with their clock and what `selectors.where` reads but steps and tries."""
    found: Enrolment | None = _enrolment[reader.is_guest].first(reader=reader, pk=pk)
    return found


def my_attempt(reader: Person, pk: int, *, enrolment: int, step: str) -> Attempt | None:
    """Somebody's own try at a test, with its training."""
    found: Attempt | None = _attempt[reader.is_guest].first(
        reader=reader, pk=pk, enrolment=enrolment, step=step
    )
    return found


def attempt_with_answers(pk: int, enrolment: Enrolment) -> Attempt | None:
    """A try at a test of the enrolment, with its result and its answers so far; two queries."""
    found = attempt_by_pk.first(pk=pk)
    if found:
        found.enrolment = enrolment
        # As prefetch_related leaves it.
        found._prefetched_objects_cache = {"answers": answers_of(attempt=pk)}  # type: ignore[attr-defined]  # noqa: SLF001
    return found


def items_asked(person: Person, training_id: int) -> list[list[dict[str, Any]]]:
    """The questions of each of the person's tries at the training's tests."""
    return _asked[person.is_guest](reader=person, training=training_id)


def under_way_of(person: Person) -> list[Enrolment]:
    """The person's active enrolments with all that `selectors.where` reads; three queries."""
    found: list[Enrolment] = _under_way[person.is_guest](reader=person)
    if not found:
        return []
    pks = [enrolment.pk for enrolment in found]
    progress, attempts = progress_of(enrolments=pks), attempts_of(enrolments=pks)
    for enrolment in found:
        # As prefetch_related leaves it.
        enrolment._prefetched_objects_cache = {  # type: ignore[attr-defined]  # noqa: SLF001
            "progress": [row for row in progress if row.enrolment_id == enrolment.pk],
            "attempts": [row for row in attempts if row.enrolment_id == enrolment.pk],
        }
    return found
