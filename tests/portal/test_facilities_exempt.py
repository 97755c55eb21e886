"""A manager says that somebody is exempt, ends it, and the record shows it; nobody else can."""

from datetime import timedelta

import pytest
from django.test import Client

from lms.compliance.models import Exemption
from lms.compliance.rules import GBL_205
from lms.core.time import new_york_today
from lms.people.enums import Role
from tests.factories.people import make_employment, make_facility, make_person, make_with_role
from tests.portal.test_facilities import as_person, text

pytestmark = pytest.mark.django_db

TODAY = new_york_today()


def test_exemption_is_recorded_shown_and_ended() -> None:
    hotel = make_facility(key="hudson")
    rosa = make_employment(hotel, person=make_person(None, name="Rosa Almonte"))
    manager = as_person(make_with_role(Role.MANAGER, hotel))
    person, page = (
        f"/facilities/hudson/people/{rosa.pk}/",
        f"/facilities/hudson/people/{rosa.pk}/exempt/",
    )
    assert page in manager.get(person).content.decode()
    said = {"starts_on": TODAY.isoformat(), "ends_on": "", "reason": "On leave abroad."}
    done = manager.post(page, said, follow=True)
    assert "The exemption is recorded." in text(done)
    assert "Exempt: On leave abroad." in text(manager.get(person))
    manager.post(page, said)
    assert Exemption.objects.get().rule == GBL_205  # the same again adds nothing
    assert manager.get(page).context["form"].initial["reason"] == "On leave abroad."
    early = {**said, "ends_on": (TODAY - timedelta(days=1)).isoformat()}
    assert "cannot be before the first" in text(manager.post(page, early))
    manager.post(page, {**said, "starts_on": (TODAY - timedelta(days=5)).isoformat(),
                        "ends_on": (TODAY - timedelta(days=1)).isoformat()})  # fmt: skip
    assert "Exempt: On leave" not in text(manager.get(person))
    assert Exemption.objects.count() == 2


def test_it_needs_a_reason_and_a_day() -> None:
    hotel = make_facility(key="hudson")
    rosa = make_employment(hotel)
    manager = as_person(make_with_role(Role.MANAGER, hotel))
    answer = manager.post(f"/facilities/hudson/people/{rosa.pk}/exempt/", {})
    assert set(answer.context["form"].errors) == {"starts_on", "reason"}
    assert not Exemption.objects.exists()


def test_it_is_nobody_elses_business(client: Client) -> None:
    hotel, other = make_facility(key="hudson"), make_facility(key="other")
    rosa = make_employment(hotel)
    page = f"/facilities/hudson/people/{rosa.pk}/exempt/"
    said = {"starts_on": TODAY.isoformat(), "reason": "None of mine."}
    assert client.get(page).status_code == 302
    for outsider in (make_with_role(Role.MANAGER, other), rosa.person):
        assert as_person(outsider).post(page, said).status_code == 404
    mine = as_person(make_with_role(Role.MANAGER, other))
    assert mine.post(f"/facilities/other/people/{rosa.pk}/exempt/", said).status_code == 404
    assert not Exemption.objects.exists()
