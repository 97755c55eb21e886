"""Who takes the courses in these tests."""

import pytest
from django.test import Client

from lms.people.models import Person
from tests.factories.people import make_person


@pytest.fixture
def learner(client: Client) -> Person:
    """Who is signed in on `client`."""
    person = make_person()
    client.force_login(person)
    return person
