"""What lies in a session's way, and what does not: people, rooms, and parallel tracks."""

from datetime import timedelta
from typing import Any

import pytest

from events.clashes import clashes, clashes_of
from events.models import Session
from lms.people.models import Organization
from tests.events.test_series import make_series
from tests.factories.events import make_coming_session, make_live_page, make_live_training
from tests.factories.people import make_office
from tests.factories.speakers import make_invited, make_proved, make_speaker

pytestmark = pytest.mark.django_db


def of(office: Organization, **fields: Any) -> Session:
    training = make_live_page(office=office).training()
    assert training is not None
    return make_coming_session(training, **fields)


def why(session: Session) -> list[tuple[str, str]]:
    return [(clash.name, clash.why) for clash in clashes(session)]


def test_tracks_of_one_program_are_no_conflict_and_a_shared_room_is() -> None:
    office = make_office()
    first, second = of(office, title="Opening"), of(office, title="Workshop")
    assert why(first) == [("Workshop", "another session of your office")]
    page = make_series(first, second, office=office)
    assert (why(first), why(second)) == ([], [])
    Session.objects.update(location="Room 4B")
    first.refresh_from_db()
    assert why(first) == [("Workshop", "in the same room")]
    assert page.pk


def test_one_training_in_two_rooms_is_parallel_and_in_none_is_not() -> None:
    training = make_live_training()
    first = make_coming_session(training, title="Track A", location="Room 1")
    second = make_coming_session(training, title="Track B", location="Room 2")
    assert (why(first), why(second)) == ([], [])
    third = make_coming_session(training, title="Track C")
    assert why(third) == [("Track A", "the same training"), ("Track B", "the same training")]


def test_speaker_with_an_account_is_known_by_it_in_tracks_of_one_program() -> None:
    office = make_office()
    first, second = of(office, title="Opening"), of(office, title="Workshop")
    make_series(first, second, office=office)
    person = make_proved()
    make_invited(first, person, name="I. Blum")
    assert why(first) == []
    make_invited(second, person)
    assert why(first) == [("Workshop", "I. Blum speaks there too")]
    assert clashes(first)[0].of_speakers
    later = of(office, title="Later", starts_in=timedelta(days=31))
    make_invited(later, person)
    assert why(later) == []


def test_typed_name_is_compared_with_accounts() -> None:
    office = make_office()
    first = of(office, title="Opening", speakers="Dr. Ida Blum")
    second = of(office, title="Workshop")
    make_invited(second, make_proved(), name="Ida Blum")
    assert why(first) == [("Workshop", "Ida Blum speaks there too")]


def test_what_another_office_hides_is_not_told() -> None:
    person = make_proved()
    ours, theirs = of(make_office(), title="Opening"), of(make_office(), title="Elsewhere")
    make_invited(ours, person, name="Ida Blum")
    make_speaker(theirs, person, display_name="Ida Blum")
    # She speaks there without her name.
    assert why(ours) == []
    other = of(make_office(), title="Public")
    make_speaker(other, make_proved(), display_name="Ida Blum", allows=("name",))
    assert why(ours) == [("Public", "Ida Blum speaks there too")]
    room = of(make_office(), location="Room 4B")
    hidden = make_coming_session(
        make_live_training(access="approval"), title="Closed meeting", location="Room 4B"
    )
    assert why(room) == [("A session that is not public", "in the same room")]
    assert hidden.pk


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(count: int, django_assert_num_queries: Any) -> None:
    office = make_office()
    sessions = []
    for number in range(count):
        title, starts_in = f"Day {number}", timedelta(days=30 + number)
        sessions.append(of(office, title=title, starts_in=starts_in))
        other = of(office, title=f"Other {number}", starts_in=starts_in)
        foreign = of(make_office(), title=f"Far {number}", starts_in=starts_in)
        for session in (sessions[-1], other):
            make_invited(session, make_proved())
        make_speaker(foreign, make_proved(), allows=("name",))
    for session in sessions:
        assert session.training.owner_id == office.pk
    with django_assert_num_queries(QUERIES):
        clashes_of(sessions)


QUERIES = 6
