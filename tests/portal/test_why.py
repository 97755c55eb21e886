"""Why a completion counts: its evidence gone through again under its own rule, and shown."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from courses.models import StepProgress
from courses.services import plans
from events.enums import Outcome
from lms.completions.enums import Answer, SourceKind
from lms.completions.models import Completion
from lms.completions.replay import AS_RECORDED, check_evidence, kinds_with_a_rule, replay
from lms.completions.services import revoke_completion
from lms.core.ledger import redacting
from lms.core.redaction import REDACTED
from lms.people.enums import Role
from lms.people.models import Person
from tests.events.test_attendance import mark
from tests.factories.completions import make_completion
from tests.factories.courses import complete_course, make_course
from tests.factories.events import make_seat, make_session
from tests.factories.people import make_office, make_person, make_with_role
from tests.factories.plans import make_plan, training_of_plan
from tests.factories.trainings import make_training, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client: Client) -> Person:
    person = make_person("ana@example.org", name="Ana Rivera")
    client.force_login(person)
    return person


def page(client: Client, completion: Completion) -> str:
    response = client.get(reverse("my:why", args=[completion.pk]))
    return " ".join(response.content.decode().split())


def test_every_kind_is_gone_through_again_or_says_whose_word_it_is() -> None:
    assert kinds_with_a_rule() | set(AS_RECORDED) == set(SourceKind)
    assert kinds_with_a_rule() & set(AS_RECORDED) == set()


def test_a_course_comes_to_the_same_answer_and_says_what_it_rests_on(
    client: Client, ana: Person
) -> None:
    completion = complete_course(ana, make_course()).completion
    assert completion is not None
    replayed = replay(completion)
    assert replayed.answer == Answer.SAME
    assert any("3 of 3 points" in line for line in replayed.rests_on)
    said = page(client, completion)
    assert ("The same answer" in said, "agrees with the mark" in said) == (True, True)


def test_a_course_that_lacks_a_step_comes_to_another_answer(client: Client, ana: Person) -> None:
    completion = complete_course(ana, make_course(pre_test=False, lessons=1)).completion
    assert completion is not None
    StepProgress.objects.filter(step_key="lesson-1").update(done_at=None)
    assert replay(completion).answer == Answer.DIFFERS
    assert "Another answer" in page(client, completion)


def test_a_plan_comes_to_the_same_answer_until_a_part_is_taken_back(ana: Person) -> None:
    one, two = make_course(), make_course()
    training = training_of_plan(make_plan([one, two]))
    plans.join_plan(person=ana, training=training, actor=ana)
    parts = [complete_course(ana, course).completion for course in (one, two)]
    plans.follow_all()
    done = Completion.objects.get(source_kind=SourceKind.PLAN)
    assert replay(done).answer == Answer.SAME
    assert parts[0] is not None
    revoke_completion(completion=parts[0], reason="Entered by mistake", actor=None)
    assert replay(done).answer == Answer.DIFFERS


def test_a_session_comes_to_the_same_answer_until_attendance_is_corrected(ana: Person) -> None:
    seat = make_seat(make_session(), ana)
    mark(seat, Outcome.ATTENDED, 165)
    seat.refresh_from_db()
    assert seat.completion is not None
    replayed = replay(seat.completion)
    assert replayed.answer == Answer.SAME
    assert "There for 165 minutes." in replayed.rests_on
    mark(seat, Outcome.PARTIAL, 90)
    assert replay(seat.completion).answer == Answer.DIFFERS


def test_a_session_noted_without_minutes_is_the_offices_word(ana: Person) -> None:
    seat = make_seat(make_session(), ana)
    mark(seat, Outcome.ATTENDED, None)
    seat.refresh_from_db()
    assert seat.completion is not None
    assert replay(seat.completion).answer == Answer.RECORDED


@pytest.mark.parametrize("kind", sorted(AS_RECORDED))
def test_what_somebody_decided_says_so(client: Client, ana: Person, kind: SourceKind) -> None:
    version = make_version(make_training())
    completion = make_completion(ana, version=version, source_kind=kind)
    assert replay(completion).answer == Answer.RECORDED
    assert "As recorded" in page(client, completion)


def test_what_is_kept_no_more_in_detail_says_so(ana: Person) -> None:
    assert replay(make_completion(ana)).answer == Answer.GONE


def test_evidence_that_does_not_agree_is_said(client: Client, ana: Person) -> None:
    completion = make_completion(ana, minutes=90)
    assert check_evidence(completion).agrees
    with redacting("completions_completion", "evidence"):
        Completion.objects.filter(pk=completion.pk).update(evidence={"why": REDACTED})
    completion.refresh_from_db()
    assert not check_evidence(completion).agrees
    assert "does not agree with the mark" in page(client, completion)


def test_only_its_person_and_its_office_read_it(client: Client, ana: Person) -> None:
    office = make_office()
    completion = make_completion(ana, version=make_version(make_training(owner=office)))
    own = reverse("my:why", args=[completion.pk])
    desk = reverse("desk_people:why", args=[ana.pk, completion.pk])
    assert [client.get(own).status_code, client.get(desk).status_code] == [200, 404]
    readers: list[tuple[Any, list[int]]] = [
        (make_person(), [404, 404]),
        (make_with_role(Role.COORDINATOR, office), [404, 200]),
        (make_with_role(Role.COORDINATOR, make_office()), [404, 404]),
    ]
    for reader, answers in readers:
        client.force_login(reader)
        assert [client.get(own).status_code, client.get(desk).status_code] == answers


def test_what_was_taken_back_is_asserted_to_its_person_no_more(client: Client, ana: Person) -> None:
    completion = make_completion(ana)
    revoke_completion(completion=completion, reason="Entered by mistake", actor=None)
    assert client.get(reverse("my:why", args=[completion.pk])).status_code == 404
