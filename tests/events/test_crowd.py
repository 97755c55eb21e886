"""A crowd for few seats through the real web server; and what happens without the lock."""

import pytest

from events.enums import RegistrationMove
from events.models import RegistrationEvent
from lms.core.models import OutboxMessage
from tests.crowd import ask_at_once, people, served
from tests.factories.events import make_coming_session

pytestmark = pytest.mark.django_db(transaction=True)


def test_crowd_gets_exactly_the_seats_and_the_rest_waits_in_order() -> None:
    session = make_coming_session(capacity=20)
    crowd = people(120)
    with served() as port:
        answers = ask_at_once(port, session, crowd)
    said = [answer.said for answer in answers]
    assert said.count("seat") == 20
    # Nobody was told an error, and every place was told to exactly one person.
    told = {answer.said: answer.person for answer in answers if answer.said != "seat"}
    assert set(told) == {f"place {number}" for number in range(1, 101)}
    assert len(said) - said.count("seat") == 100
    # The database says the same, in the order in which people were written down.
    waiting = list(session.registrations.waiting().values_list("person_id", flat=True))
    assert waiting == [told[f"place {number}"] for number in range(1, 101)]
    joined = RegistrationEvent.objects.filter(move=RegistrationMove.JOINED_LIST).order_by("id")
    assert list(joined.values_list("registration__person_id", flat=True)) == waiting
    assert session.registrations.live().count() == 20
    # Each has exactly one letter on its way.
    assert OutboxMessage.objects.filter(kind="mail").count() == 120


def test_without_the_lock_the_same_crowd_oversells() -> None:
    """The negative control: if this cannot oversell, the test above proves nothing."""
    session = make_coming_session(capacity=3)
    with served(lock=False) as port:
        ask_at_once(port, session, people(24))
    assert session.registrations.holding().count() > 3
