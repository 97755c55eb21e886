"""A restricted course that is hidden, somebody it is for, and people it is not for."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.documents.models import Document

from courses.models import CoursePage
from lms.people.enums import Role
from lms.people.models import Person
from lms.trainings.models import Training
from tests.factories.access import make_grant
from tests.factories.courses import make_course
from tests.factories.people import make_office, make_person, make_with_role
from tests.restricted.reading import SECRET, signed_in


@pytest.fixture
def course() -> CoursePage:
    return make_course(title=SECRET, slug="secret-course", access="approval", is_hidden=True)


@pytest.fixture
def training(course: CoursePage) -> Training:
    return Training.objects.get(key=course.translation_key)


@pytest.fixture
def insider(training: Training) -> Person:
    person = make_person()
    make_grant(person, training)
    return person


@pytest.fixture
def outsiders() -> list[Client]:
    """Nobody, somebody without a role, and another office's coordinator."""
    other = make_with_role(Role.COORDINATOR, make_office())
    return [Client(), signed_in(make_person()), signed_in(other)]


@pytest.fixture
def file() -> Document:
    return Document.objects.create(title="Handout", file=ContentFile(b"text", "handout.txt"))
