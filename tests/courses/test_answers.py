"""Answers are kept once and in order, whatever the connection, the clock and the windows do."""

import threading

import pytest
from django.db import connection
from django.test import Client

from courses import services
from courses.models import Attempt, AttemptAnswer
from courses.services import Saved, Stamp
from lms.core.exceptions import Refused
from lms.people.models import Person
from tests.courses.reading import only_a_test, running, text
from tests.factories.courses import make_course, make_enrolment
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt(learner: Person) -> Attempt:
    """A test of three questions, just started; of each, the answers are a, b and c."""
    return running(make_enrolment(learner, only_a_test()))


def give(
    attempt: Attempt,
    answer: str,
    sequence: int,
    *,
    device: str = "phone",
    turn: int = 0,
    given_in: int | None = None,
    position: int = 1,
) -> Saved:
    """The device sends an answer, to an attempt as the server knows it."""
    stamp = Stamp(device, turn, turn if given_in is None else given_in, sequence)
    return services.save_answer(
        attempt=Attempt.objects.get(pk=attempt.pk),
        position=position,
        response=[answer],
        stamp=stamp,
        actor=None,
    )


def kept(attempt: Attempt) -> dict[int, list[str]]:
    return dict(attempt.answers.values_list("position", "response"))


def test_replay_changes_nothing_and_is_acknowledged_as_before(attempt: Attempt) -> None:
    first = give(attempt, "b", 1)
    assert give(attempt, "b", 1) == first
    assert kept(attempt) == {1: ["b"]}


def test_older_answer_that_arrives_late_is_not_taken(attempt: Attempt) -> None:
    give(attempt, "b", 2)
    assert give(attempt, "a", 1).newer
    assert kept(attempt) == {1: ["b"]}


def test_second_device_takes_over_and_the_first_is_told(attempt: Attempt) -> None:
    give(attempt, "a", 7)
    assert give(attempt, "b", 1, device="laptop").turn == 1
    with pytest.raises(Refused, match="continued on another device") as refusal:
        give(attempt, "c", 8)
    assert refusal.value.code == "elsewhere"
    assert kept(attempt) == {1: ["b"]}


def test_second_device_goes_on_though_the_answer_to_taking_over_was_lost(attempt: Attempt) -> None:
    give(attempt, "a", 7)
    first = give(attempt, "b", 1, device="laptop")
    assert give(attempt, "b", 1, device="laptop") == first
    give(attempt, "c", 2, device="laptop")
    assert kept(attempt) == {1: ["c"]}


def test_first_device_takes_the_test_back_and_fills_only_what_is_open(attempt: Attempt) -> None:
    give(attempt, "a", 1)
    # 2 and 3 were answered on the phone without a connection; meanwhile the laptop answered 2.
    give(attempt, "b", 1, device="laptop", position=2)
    assert give(attempt, "a", 2, turn=1, given_in=0, position=2) == Saved(
        at=AttemptAnswer.objects.get(position=2).saved_at, turn=2, newer=True
    )
    give(attempt, "a", 3, turn=2, given_in=0, position=3)
    assert kept(attempt) == {1: ["a"], 2: ["b"], 3: ["a"]}
    with pytest.raises(Refused):
        give(attempt, "c", 2, device="laptop", turn=1)


def test_answer_after_taking_back_counts_again(attempt: Attempt) -> None:
    give(attempt, "a", 1)
    give(attempt, "b", 9, device="laptop")
    give(attempt, "c", 2, turn=1)
    assert kept(attempt) == {1: ["c"]}


def test_form_without_script_is_newer_than_what_was_saved(attempt: Attempt) -> None:
    give(attempt, "a", 5)
    attempt.refresh_from_db()
    services.save_answers(attempt=attempt, answers={1: ["b"]}, actor=None)
    assert kept(attempt) == {1: ["b"]}


def test_form_from_before_another_device_went_on_fills_only_what_is_open(
    client: Client, attempt: Attempt
) -> None:
    give(attempt, "a", 1)
    give(attempt, "b", 1, device="laptop")
    path = f"/learn/{attempt.enrolment_id}/post-test/"
    body = {"turn": 0, "q-1": "a", "q-2": "c", "action": "hand_in"}
    page = client.post(path, body, follow=True).content.decode()
    assert "continued on another device" in page
    assert kept(attempt) == {1: ["b"], 2: ["c"]}
    attempt.refresh_from_db()
    assert attempt.status == "in_progress"


def test_page_tells_the_script_from_where_to_count(client: Client, attempt: Attempt) -> None:
    give(attempt, "a", 4)
    give(attempt, "a", 2, device="laptop", position=2)
    page = text(client, f"/learn/{attempt.enrolment_id}/post-test/")
    assert 'data-turn="1" data-sequence="2"' in page


def test_script_that_names_no_device_still_changes_its_answer(attempt: Attempt) -> None:
    for answer in ("a", "b"):
        give(attempt, answer, 0, device="")
    assert kept(attempt) == {1: ["b"]}


def test_view_says_what_became_of_an_answer(client: Client, attempt: Attempt) -> None:
    path = f"/learn/{attempt.enrolment_id}/post-test/answers/"
    body = {"attempt": attempt.pk, "position": 1, "device": "phone", "turn": 0, "given_in": 0}
    assert client.post(path, {**body, "sequence": 2, "choice": "a"}).json()["turn"] == 0
    late = client.post(path, {**body, "sequence": 1, "choice": "b"}).json()
    assert late == {"saved": "A newer answer is kept.", "turn": 0}
    other = client.post(path, {**body, "device": "laptop", "sequence": 1, "choice": "b"})
    assert other.json()["turn"] == 1
    told = client.post(path, {**body, "sequence": 3, "choice": "c"})
    assert (told.status_code, told.json()["code"], told.json()["over"]) == (409, "elsewhere", False)
    services.hand_in(attempt=attempt, actor=None)
    told = client.post(path, {**body, "device": "laptop", "turn": 1, "sequence": 2, "choice": "c"})
    assert (told.status_code, told.json()["over"]) == (409, True)


@pytest.mark.django_db(transaction=True)
def test_two_devices_at_once_are_one_that_went_on_and_one_that_is_told() -> None:
    """Both knew the test as it was; only one may take it over from the phone."""
    course = make_course(pre_test=False, lessons=0)
    for _round in range(4):
        attempt = running(make_enrolment(make_person(), course))
        give(attempt, "a", 1)
        ready, ends = threading.Barrier(2), []

        def answer(
            device: str,
            attempt: Attempt = attempt,
            ready: threading.Barrier = ready,
            ends: list[str] = ends,
        ) -> None:
            ready.wait()
            try:
                give(attempt, "b", 1, device=device)
                ends.append("saved")
            except Refused as refusal:
                ends.append(refusal.code)
            finally:
                connection.close()

        others = [threading.Thread(target=answer, args=[name]) for name in ("laptop", "tablet")]
        for other in others:
            other.start()
        for other in others:
            other.join()
        assert sorted(ends) == ["elsewhere", "saved"]
        assert Attempt.objects.get(pk=attempt.pk).turn == 1
