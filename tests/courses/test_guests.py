"""What is done without an account: no fact until it is claimed, nothing lost then, nothing left."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from courses import services
from courses.checking import disagreements
from courses.enums import EnrolmentStatus
from courses.models import (
    Attempt,
    AttemptAnswer,
    CoursePage,
    Enrolment,
    LearningClock,
    OwnWord,
    StepProgress,
)
from courses.selectors import where
from lms.completions.models import Completion
from lms.core.exceptions import Refused
from lms.core.models import AuditEntry
from lms.core.time import new_york_date
from lms.people.guest_services import KEPT_DAYS, make_guest, note_seen
from lms.people.models import Person
from tests.factories.courses import (
    complete_course,
    make_course,
    make_enrolment,
    take_test,
)
from tests.factories.people import make_person
from tests.factories.steps import make_document_course

pytestmark = pytest.mark.django_db
DONE = datetime(2026, 11, 2, 15, tzinfo=UTC)
LATER = datetime(2026, 11, 9, 15, tzinfo=UTC)


@pytest.fixture
def course() -> CoursePage:
    return make_course(without_account=True, pre_test=False, lessons=2)


def guest_at(now: datetime = DONE) -> Person:
    return make_guest(language="en", now=now)


def finish(person: Person, course: CoursePage) -> Enrolment:
    """All that the course asks for is done."""
    return complete_course(person, course)


def read_first_lesson(person: Person, course: CoursePage) -> Enrolment:
    enrolment = make_enrolment(person, course)
    services.finish_lesson(enrolment=enrolment, step_key="lesson-1", actor=person)
    return enrolment


def test_guest_begins_only_what_needs_no_account(course: CoursePage) -> None:
    guest = guest_at()
    assert make_enrolment(guest, course).person == guest
    with pytest.raises(Refused) as refusal:
        make_enrolment(guest, make_course())
    assert refusal.value.code == "needs_account"


def test_database_keeps_a_guest_without_name_and_address() -> None:
    guest = guest_at()
    for change in ({"email": "a@example.org"}, {"first_name": "Ana"}, {"guest_seen_on": None}):
        with pytest.raises(DatabaseError, match="guest_is_nobody"), transaction.atomic():
            Person.objects.filter(pk=guest.pk).update(**change)


def test_finished_guest_completes_nothing(course: CoursePage) -> None:
    enrolment = finish(guest_at(), course)
    assert (enrolment.status, where(enrolment).is_finished) == (EnrolmentStatus.ACTIVE, True)
    assert Completion.objects.count() == 0
    assert list(disagreements()) == []


def test_claim_completes_by_the_day_the_work_was_done(course: CoursePage) -> None:
    guest, person = guest_at(), make_person()
    enrolment = finish(guest, course)
    # What the services stamped with today is moved to the day it was done.
    StepProgress.objects.filter(enrolment=enrolment).update(opened_at=DONE, done_at=DONE)
    Enrolment.objects.filter(pk=enrolment.pk).update(started_at=DONE)
    handed_in = Attempt.objects.get().handed_in_at
    claimed = services.claim(guest=guest, person=person, actor=person)
    assert [row.pk for row in claimed.enrolments] == [enrolment.pk]
    completion = Completion.objects.get()
    assert (completion.person, completion.occurred_on) == (person, new_york_date(handed_in))
    assert "claimed_at" in completion.evidence
    assert not Person.objects.filter(pk=guest.pk).exists()
    enrolment.refresh_from_db()
    assert (enrolment.person, enrolment.completion) == (person, completion)


def test_claimed_later_the_day_is_that_of_the_last_step() -> None:
    course = make_course(without_account=True, pre_test=False, lessons=1, questions=1, draw=1)
    guest, person = guest_at(), make_person()
    enrolment = make_enrolment(guest, course, now=DONE)
    services.finish_lesson(enrolment=enrolment, step_key="lesson-1", actor=guest, now=DONE)
    attempt = services.start_attempt(
        enrolment=enrolment, step_key="post-test", actor=guest, now=DONE
    )
    services.save_answers(attempt=attempt, answers={1: ["a"]}, actor=guest, now=DONE)
    services.hand_in(attempt=attempt, actor=guest, now=DONE)
    services.claim(guest=guest, person=person, actor=person, now=LATER)
    completion = Completion.objects.get()
    assert completion.occurred_on == new_york_date(DONE)
    assert completion.recorded_at == LATER
    assert "November 2, 2026" in completion.evidence["why"]


def test_claim_again_gives_nothing(course: CoursePage) -> None:
    guest, person = guest_at(), make_person()
    finish(guest, course)
    services.claim(guest=guest, person=person, actor=person)
    again = services.claim(guest=guest, person=person, actor=person)
    assert (again.enrolments, Completion.objects.count()) == ([], 1)


def test_claim_of_what_is_under_way_goes_on(course: CoursePage) -> None:
    guest, person = guest_at(), make_person()
    enrolment = read_first_lesson(guest, course)
    services.claim(guest=guest, person=person, actor=person)
    assert make_enrolment(person, course) == enrolment
    assert where(enrolment).done_count == 1
    take_test_after_lessons(Enrolment.objects.get(pk=enrolment.pk), person)
    assert Completion.objects.get().person == person


def take_test_after_lessons(enrolment: Enrolment, person: Person) -> None:
    services.finish_lesson(enrolment=enrolment, step_key="lesson-2", actor=person)
    take_test(enrolment, "post-test")


def test_claim_by_an_alias_goes_to_the_record_that_stays(course: CoursePage) -> None:
    guest, person = guest_at(), make_person()
    alias = make_person(canonical_person=person)
    finish(guest, course)
    services.claim(guest=guest, person=alias, actor=alias)
    assert Completion.objects.get().person == person


def test_finished_work_closes_the_same_course_begun_before(course: CoursePage) -> None:
    guest, person = guest_at(), make_person()
    before = read_first_lesson(person, course)
    mine = finish(guest, course)
    claimed = services.claim(guest=guest, person=person, actor=person)
    before.refresh_from_db()
    assert [row.pk for row in claimed.closed] == [before.pk]
    assert before.status == EnrolmentStatus.WITHDRAWN
    assert before.progress.count() == 1  # what was done is kept
    assert [row.pk for row in claimed.enrolments] == [mine.pk]
    assert Completion.objects.count() == 1


def test_course_further_on_goes_on(course: CoursePage) -> None:
    guest, person = guest_at(), make_person()
    before = read_first_lesson(person, course)
    mine = make_enrolment(guest, course)
    claimed = services.claim(guest=guest, person=person, actor=person)
    mine.refresh_from_db()
    assert [row.pk for row in claimed.closed] == [mine.pk]
    assert (mine.person, mine.status) == (person, EnrolmentStatus.WITHDRAWN)
    assert make_enrolment(person, course) == before


def test_completed_before_is_completed_twice(course: CoursePage) -> None:
    guest, person = guest_at(), make_person()
    before = finish(person, course)
    finish(guest, course)
    claimed = services.claim(guest=guest, person=person, actor=person)
    assert [row.pk for row in claimed.again] == [before.pk]
    assert Completion.objects.filter(person=person).count() == 2


def test_audit_names_the_guest_by_id_and_no_actor(course: CoursePage) -> None:
    guest = guest_at()
    make_enrolment(guest, course)
    entry = AuditEntry.objects.get(action="enrolment.started")
    assert (entry.actor, entry.data["guest"]) == (None, guest.pk)


def test_nothing_is_left_of_a_guest_who_starts_over() -> None:
    course = make_course(without_account=True, pre_test=True, lessons=1, asks_own_word=True)
    guest = guest_at()
    enrolment = make_enrolment(guest, course)
    services.open_step(enrolment=enrolment, step_key="pre-test", actor=guest)
    take_test(enrolment, "pre-test")
    services.finish_lesson(enrolment=enrolment, step_key="lesson-1", actor=guest)
    take_test(enrolment, "post-test")
    services.give_own_word(enrolment=Enrolment.objects.get(pk=enrolment.pk), actor=guest)
    kept = complete_course(make_person(), course)
    services.remove_work(guest=guest, reason="started_over")
    services.remove_work(guest=guest, reason="started_over")
    assert list(Enrolment.objects.all()) == [kept]
    assert {row.enrolment_id for row in StepProgress.objects.all()} == {kept.pk}
    assert {row.enrolment_id for row in Attempt.objects.all()} == {kept.pk}
    assert AttemptAnswer.objects.exclude(attempt__enrolment=kept).count() == 0
    assert OwnWord.objects.count() == 0
    assert LearningClock.objects.filter(person=guest).count() == 0
    assert Person.objects.guests().count() == 0
    assert AuditEntry.objects.filter(action="guest.removed").count() == 1


def test_every_table_that_rests_on_an_enrolment_is_known_to_removal() -> None:
    """A new table would keep a guest's row from going; name it in remove_work, then here."""
    # A course with these two asks for an account.
    of_people_only = {"DocumentSignature", "OutsideProof"}
    known = {"Attempt", "StepProgress", "OwnWord", "EnrolmentMove"}
    resting = {row.related_model.__name__ for row in Enrolment._meta.related_objects}
    assert resting == known | of_people_only
    of_attempts = {row.related_model.__name__ for row in Attempt._meta.related_objects}
    assert of_attempts == {"AttemptAnswer", "AttemptRuling"}


def test_deletion_stays_closed_after_a_guest_went(course: CoursePage) -> None:
    kept = complete_course(make_person(), course)
    guest = guest_at()
    finish(guest, course)
    services.remove_work(guest=guest, reason="started_over")
    with pytest.raises(DatabaseError, match="not in progress"), transaction.atomic():
        AttemptAnswer.objects.filter(attempt__enrolment=kept).delete()


def test_work_of_a_person_is_never_removed(course: CoursePage) -> None:
    person = make_person()
    finish(person, course)
    with pytest.raises(ValueError, match="not a guest"):
        services.remove_work(guest=person, reason="not_claimed")
    assert Attempt.objects.count() == 1


def test_guests_are_removed_after_thirty_days_without_activity(course: CoursePage) -> None:
    idle, active = guest_at(), guest_at()
    finish(idle, course)
    note_seen(guest=active, day=new_york_date(DONE + timedelta(days=5)))
    just_before = DONE + timedelta(days=KEPT_DAYS - 1)
    assert services.remove_forgotten(now=just_before) == 0
    assert services.remove_forgotten(now=just_before + timedelta(days=1)) == 1
    assert list(Person.objects.guests()) == [active]


def test_course_with_a_document_to_sign_needs_an_account() -> None:
    with pytest.raises(Refused, match="needs a name"):
        make_document_course(without_account=True)
