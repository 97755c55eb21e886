"""The learner's own word: asked for last, given once, by nobody else, kept as it was read."""

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from courses import services
from courses.models import Enrolment, OwnWord
from courses.selectors import where
from lms.completions.models import Completion
from lms.core.exceptions import Refused
from lms.core.models import AuditEntry
from lms.people.models import Person
from tests.courses.reading import text
from tests.factories.courses import make_course, make_enrolment, take_test
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db
SENTENCE = "I did this course myself: I read the lessons, and I answered the tests without help."


def before_the_last_thing(person: Person) -> Enrolment:
    """A course with every step done, whose version asks for the learner's own word."""
    course = make_course(pre_test=False, lessons=1, asks_own_word=True)
    enrolment = make_enrolment(person, course)
    services.finish_lesson(enrolment=enrolment, step_key="lesson-1", actor=person)
    take_test(enrolment, "post-test")
    return Enrolment.objects.get(pk=enrolment.pk)


def test_steps_alone_do_not_complete_it() -> None:
    stands = where(before_the_last_thing(make_person()))
    assert stands.next_step is None
    assert stands.not_yet == "Not yet: confirm on the course's page that you did this yourself."
    assert Completion.objects.count() == 0


def test_giving_it_twice_completes_the_course_once() -> None:
    person = make_person()
    enrolment = before_the_last_thing(person)
    for _again in range(2):
        services.give_own_word(enrolment=enrolment, actor=person)
    evidence = Completion.objects.get().evidence
    assert evidence["own_word"]["statement"] == SENTENCE
    assert AuditEntry.objects.filter(action="enrolment.own_word").count() == 1


def test_other_row_of_the_same_person_may_give_it() -> None:
    person = make_person()
    enrolment = before_the_last_thing(person)
    services.give_own_word(enrolment=enrolment, actor=make_person(canonical_person=person))
    assert Completion.objects.count() == 1


def test_nobody_else_gives_it() -> None:
    enrolment = before_the_last_thing(make_person())
    with pytest.raises(Refused, match="Only the learner"):
        services.give_own_word(enrolment=enrolment, actor=make_person(is_superuser=True))
    assert OwnWord.objects.count() == 0


def test_too_early_it_says_what_comes_first() -> None:
    person = make_person()
    enrolment = make_enrolment(person, make_course(asks_own_word=True))
    with pytest.raises(Refused, match="Not yet: 0 of 4 steps are done; next is “Pre-test”"):
        services.give_own_word(enrolment=enrolment, actor=person)


def test_where_it_is_not_asked_for_it_is_refused() -> None:
    person = make_person()
    with pytest.raises(Refused, match="does not ask"):
        services.give_own_word(enrolment=make_enrolment(person, make_course()), actor=person)


def test_database_keeps_it_as_it_was_given() -> None:
    person = make_person()
    services.give_own_word(enrolment=before_the_last_thing(person), actor=person)
    for act in (lambda: OwnWord.objects.update(statement="No."), OwnWord.objects.all().delete):
        with pytest.raises(DatabaseError, match="keeps facts"), transaction.atomic():
            act()


def test_page_asks_for_a_tick_and_completes(client: Client, learner: Person) -> None:
    enrolment = before_the_last_thing(learner)
    path = f"/learn/{enrolment.pk}/"
    assert SENTENCE in text(client, path)
    client.post(f"{path}own-word/give/")
    assert OwnWord.objects.count() == 0
    assert "Tick the sentence first" in text(client, path)
    assert client.post(f"{path}own-word/give/", {"confirmed": "yes"})["Location"] == path
    assert "You have completed this course" in text(client, path)


def test_outsiders_find_nothing(client: Client) -> None:
    path = f"/learn/{before_the_last_thing(make_person()).pk}/own-word/give/"
    assert "/accounts/login/" in client.post(path, {"confirmed": "yes"})["Location"]
    client.force_login(make_person(is_superuser=True))
    assert client.post(path, {"confirmed": "yes"}).status_code == 404
    assert OwnWord.objects.count() == 0


def test_course_page_says_it_before_one_begins(client: Client, learner: Person) -> None:
    course = make_course(minutes=60, min_active_minutes=45, asks_own_word=True)
    page = text(client, course.url)
    assert "At least 45 minutes with the course" in page
    assert "Your word that you did it yourself" in page
