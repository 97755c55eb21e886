"""Made-up people who took the demo's course, so that the desk's report on it has figures to show.

Made once, at the first load, and the same each time: chance has a fixed seed. They have no address,
so nobody is written to; where some of them work is load_rulings' business.
"""

import random
from datetime import date, datetime, time, timedelta

from django.db import transaction

from courses import scoring
from courses.enums import QuestionKind, StepKind
from courses.models import CoursePage, Enrolment, QuestionVersion, StepProgress
from courses.services import enrol, hand_in, save_answers, start_attempt
from lms.core.time import NEW_YORK
from lms.people.models import Person

PEOPLE = 24
# After which step so many of them stopped; the others came to the end.
STOPPED_AFTER = {3: 1, 8: 2, 15: 3, 20: 3, 22: 5}


@transaction.atomic
def load_learning(*, today: date) -> None:
    """Two dozen histories of the longer course, each through the tests' own services."""
    if Person.objects.filter(first_name="Made-up", last_name="Learner 01").exists():
        return
    course = CoursePage.objects.get(slug="ctdb-elearning", locale__language_code="en").training()
    assert course is not None  # noqa: S101 - publishing made it
    for number in range(1, PEOPLE + 1):
        chance = random.Random(number)  # noqa: S311 - a demo, the same each time
        person = Person(first_name="Made-up", last_name=f"Learner {number:02}")
        person.set_unusable_password()
        person.save()
        began = datetime.combine(today - timedelta(days=3 * number + 5), time(10), NEW_YORK)
        enrolment = enrol(person=person, training=course, actor=person, now=began)
        _take(enrolment, STOPPED_AFTER.get(number, 99), chance, began)


def _take(enrolment: Enrolment, last: int, chance: random.Random, now: datetime) -> None:
    """The steps in their order up to the `last`; better answers after the lessons than before."""
    for place, step in enumerate(enrolment.version.spec["outline"], start=1):
        if place > last:
            StepProgress.objects.create(
                enrolment=enrolment,
                step_key=step["key"],
                opened_at=now,
                active_seconds=40,
                seen_at=now,
            )
            return
        if StepKind(step["kind"]).is_test:
            StepProgress.objects.create(enrolment=enrolment, step_key=step["key"], opened_at=now)
            now += timedelta(minutes=6)
            ignorance = 0.5 if step["kind"] == StepKind.PRE_TEST else 0.07
            _answer(enrolment, step["key"], ignorance, chance, now)
            continue
        seconds = int(step["minutes"] * 60 * chance.uniform(0.5, 1.3))
        StepProgress.objects.create(
            enrolment=enrolment,
            step_key=step["key"],
            opened_at=now,
            done_at=now + timedelta(seconds=seconds),
            active_seconds=seconds,
            seen_at=now + timedelta(seconds=seconds),
        )
        now += timedelta(seconds=seconds)


def _answer(
    enrolment: Enrolment, step_key: str, ignorance: float, chance: random.Random, now: datetime
) -> None:
    attempt = start_attempt(
        enrolment=enrolment, step_key=step_key, actor=enrolment.person, now=now, chance=chance
    )
    wordings = QuestionVersion.objects.in_bulk([item["version"] for item in attempt.items])
    answers: dict[int, list[str]] = {}
    for position, item in enumerate(attempt.items, start=1):
        wording = wordings[item["version"]]
        # Some questions are harder than others, the same ones for everybody.
        if chance.random() > ignorance * (1 + wording.pk % 4) * 0.5:
            answers[position] = scoring.right_response(wording)
        elif item["kind"] in (QuestionKind.SINGLE, QuestionKind.TRUE_FALSE):
            right = scoring.right_response(wording)
            answers[position] = [chance.choice([k for k in item["choices"] if k not in right])]
    save_answers(attempt=attempt, answers=answers, actor=enrolment.person, now=now)
    hand_in(attempt=attempt, actor=enrolment.person, now=now)
