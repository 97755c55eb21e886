"""Where people stand with what their agency asks of them: done, not done, overdue; nothing else.

An agency sees whether a training is done, and when (DESIGN 4.19). All of it is computed from the
ledger: an assignment itself does not know.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from courses.due import due_words, state_on
from courses.enums import AssignmentState
from courses.models import Assignment
from lms.completions.models import Completion
from lms.core.prepared import Prepared, any_given, given, given_person
from lms.people.models import Employment, Organization, Person
from lms.trainings.access import reach_of
from lms.trainings.enums import TrainingKind
from lms.trainings.models import Training, TrainingPage

# What one takes part in on this site; outside and facilities' own trainings come in elsewhere.
ASSIGNABLE = [TrainingKind.COURSE, TrainingKind.LIVE, TrainingKind.CONFERENCE, TrainingKind.PLAN]
_ORDER = list(AssignmentState)


@dataclass(frozen=True)
class Done:
    """A completion as an agency may know it: the day, and where it was recorded from."""

    on: date
    source_kind: str


@dataclass(frozen=True)
class AssignmentStanding:
    """An assignment and where it stands on a day."""

    assignment: Assignment
    state: AssignmentState
    words: str
    done: Done | None = None

    @property
    def person(self) -> Person:
        """The person, as the row that stays where rows were merged."""
        return self.assignment.person.canonical

    @property
    def is_done(self) -> bool:
        return self.done is not None


@dataclass(frozen=True)
class TrainingSummary:
    """How many people stand where with one training."""

    training: Training
    lines: Sequence[AssignmentStanding]

    def count(self, state: AssignmentState) -> int:
        return sum(line.state == state for line in self.lines)

    @property
    def total(self) -> int:
        return len(self.lines)

    @property
    def done(self) -> int:
        return self.count(AssignmentState.DONE)

    @property
    def overdue(self) -> int:
        return self.count(AssignmentState.OVERDUE)

    @property
    def due_soon(self) -> int:
        return self.count(AssignmentState.DUE_SOON)

    @property
    def next_due(self) -> date | None:
        """The nearest day of what is open, past days too."""
        days = [line.assignment.due_on for line in self.lines if not line.is_done]
        return min(days, default=None)


@Prepared
def _completions() -> "QuerySet[Completion, tuple[int, int | None, int, date, str]]":
    people = any_given("people")
    rows = Person.objects.filter(Q(pk=people) | Q(canonical_person=people))
    return (
        Completion.objects.standing()
        .filter(person__in=rows.values("pk"), training=any_given("trainings"))
        .order_by("occurred_on", "recorded_at")
        .values_list(
            "person_id", "person__canonical_person", "training_id", "occurred_on", "source_kind"
        )
    )


def done_by(
    people: Iterable[Person], trainings: Iterable[Training]
) -> dict[tuple[int, int], list[Done]]:
    """Standing completions by (canonical person's id, training's id), old to new; one query."""
    ids = {person.canonical_person_id or person.pk for person in people}
    found: dict[tuple[int, int], list[Done]] = {}
    if not ids:
        return found
    completions = _completions(people=list(ids), trainings=[row.pk for row in trainings])
    for person, canonical, training, day, source_kind in completions:
        found.setdefault((canonical or person, training), []).append(Done(day, source_kind))
    return found


def standings(assignments: Iterable[Assignment], today: date) -> list[AssignmentStanding]:
    """Each assignment with where it stands, the most urgent first, then by name.

    The assignments come with their person and training; one query more for all of them.
    """
    rows = list(assignments)
    done = done_by((row.person for row in rows), (row.training for row in rows))
    # Many are due on the same day; it is put in words once.
    words = {day: due_words(day, today) for day in {row.due_on for row in rows}}
    lines = [_standing(row, done, words[row.due_on], today) for row in rows]
    return sorted(lines, key=urgency)


def urgency(line: AssignmentStanding) -> tuple[int, date, str, int]:
    """Overdue first, done last; then the day, then the name."""
    due_on = line.assignment.due_on
    return _ORDER.index(line.state), due_on, line.person.sort_name, line.assignment.pk


def _standing(
    row: Assignment, done: dict[tuple[int, int], list[Done]], words: str, today: date
) -> AssignmentStanding:
    key = (row.person.canonical_person_id or row.person_id, row.training_id)
    counted = [
        found
        for found in done.get(key, [])
        if row.counts_from is None or found.on >= row.counts_from
    ]
    if counted:
        return AssignmentStanding(row, AssignmentState.DONE, "", counted[-1])
    return AssignmentStanding(row, state_on(row.due_on, today), words)


_employed = Prepared(
    lambda: Employment.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gte=given("today")),
        organization=given("organization"),
    ).values_list(Coalesce("person__canonical_person", "person"), flat=True)
)


def _asked_by_agency() -> "QuerySet[Assignment]":
    return (
        Assignment.objects.live()
        .annotate(whose=Coalesce("person__canonical_person", "person"))
        .filter(organization=given("organization"), whose=any_given("people"))
        .select_related("person__canonical_person")
    )


_all_asked = Prepared(lambda: _asked_by_agency().select_related("training__owner"))
_asked_for = Prepared(lambda: _asked_by_agency().filter(training=given("training")))


def of_agency(
    organization: Organization, today: date, *, training: Training | None = None
) -> list[AssignmentStanding]:
    """What an agency's present people are asked for, the most urgent first; three queries.

    Not `while_employed`, which compares each assignment with each employment where PostgreSQL has
    not counted their rows yet: after an import that would be minutes.
    """
    people = _employed(organization=organization, today=today)
    if training is None:
        return standings(_all_asked(organization=organization, people=people), today)
    found = _asked_for(organization=organization, people=people, training=training)
    for row in found:
        row.training = training
    return standings(found, today)


def summaries(lines: Iterable[AssignmentStanding]) -> list[TrainingSummary]:
    """One for each training among `lines`, the one with most overdue first."""
    by_training: dict[int, list[AssignmentStanding]] = {}
    for line in lines:
        by_training.setdefault(line.assignment.training_id, []).append(line)
    found = [TrainingSummary(rows[0].assignment.training, rows) for rows in by_training.values()]
    return sorted(
        found,
        key=lambda row: (-row.overdue, row.next_due or date.max, row.training.title.casefold()),
    )


_asked_of = Prepared(
    lambda: (
        Assignment.objects.live()
        .while_employed(given("today"))
        .of(given_person("person"))
        .select_related("person__canonical_person", "training__owner", "organization")
    )
)


def open_for(person: Person, today: date) -> list[AssignmentStanding]:
    """What a person's agencies ask of them and is not done, the most urgent first; two queries.

    Two agencies that ask for the same training count once, by the earlier day.
    """
    first: dict[int, AssignmentStanding] = {}
    for line in standings(_asked_of(person=person, today=today), today):
        if not line.is_done:
            first.setdefault(line.assignment.training_id, line)
    return list(first.values())


def withdrawn_of(organization: Organization, training: Training) -> "QuerySet[Assignment]":
    """What was withdrawn of a training and can be asked for again, the latest first."""
    again = Assignment.objects.live().filter(organization=organization, training=training)
    return (
        Assignment.objects.filter(
            organization=organization, training=training, ended_how="withdrawn"
        )
        .exclude(person__in=again.values("person"))
        .select_related("person__canonical_person")
        .order_by("-ended_at", "-pk")
    )


def people_of(organization: Organization, today: date) -> "QuerySet[Employment]":
    """Whom the agency employs, or has hired for a day to come, by name."""
    return (
        Employment.objects.filter(
            Q(ended_on__isnull=True) | Q(ended_on__gte=today), organization=organization
        )
        .select_related("person__canonical_person", "organization")
        .order_by("person__sort_name", "pk")
    )


def assignable_trainings(reader: Person) -> "QuerySet[Training]":
    """What `reader` can assign: what has a live page here and is for them to see, by title.

    A restricted training is named to those it is for, and to nobody else.
    """
    live = TrainingPage.objects.live().filter(training_kind__in=ASSIGNABLE)
    found = Training.objects.filter(key__in=live.values("translation_key")).select_related("owner")
    restricted = [row for row in found if row.is_restricted]
    reach = reach_of(reader) if restricted else None
    hidden = [row.pk for row in restricted if reach and not reach.covers(row)]
    return found.exclude(pk__in=hidden).order_by("title", "pk")
