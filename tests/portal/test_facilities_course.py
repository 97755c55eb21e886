"""The course a manager hands to a worker: its title, address and QR code, found by its topics."""

import pytest
from django.test import Client

from lms.people.enums import Role
from lms.people.models import Organization
from tests.factories.compliance import gbl205, train
from tests.factories.courses import make_course
from tests.factories.people import make_facility, make_with_role
from tests.portal.test_facilities import ago, as_person, page, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def hotel() -> Organization:
    return make_facility(name="Hudson House", key="hudson")


@pytest.fixture
def manager(hotel: Organization) -> Client:
    return as_person(make_with_role(Role.MANAGER, hotel, name="Ravi Menon"))


def test_the_sheet_and_the_employees_page_give_the_course(
    hotel: Organization, manager: Client
) -> None:
    make_course(title="A part of it", topics=sorted(gbl205().topic_codes)[:1])
    make_course(title="Not yet public", topics=sorted(gbl205().topic_codes), publish=False)
    course = make_course(title="What hotel staff should see", topics=sorted(gbl205().topic_codes))
    employment = staff(hotel, 100)
    for found in [
        page(manager, "today", hotel.key),
        page(manager, "employee", hotel.key, employment.pk),
    ]:
        assert f'<a href="http://testserver{course.get_url_parts()[2]}">{course.title}</a>' in found
        assert "<svg" in found.partition("QR code of the course")[2][:80]
        assert "whose e-mail address is recorded here and who sign in with that" in found
        assert "A part of it" not in found
        assert "Not yet public" not in found
        assert "style=" not in found.partition("<main")[2].partition("</main>")[0]


def test_without_such_a_course_none_is_named(hotel: Organization, manager: Client) -> None:
    make_course(topics=sorted(gbl205().topic_codes)[:1])
    staff(hotel, 100)
    assert "The course to take" not in page(manager, "today", hotel.key)


def test_who_is_trained_is_not_sent_to_the_course(hotel: Organization, manager: Client) -> None:
    make_course(topics=sorted(gbl205().topic_codes))
    employment = staff(hotel, 200)
    train(employment, on=ago(180))
    found = page(manager, "employee", hotel.key, employment.pk)
    assert "The course to take" not in found
