"""Choosing reminders: signed in or from the link in a mail; and outsiders."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from lms.core.personal_data import export
from lms.notices.enums import NoticeKind
from lms.notices.links import reminders_link
from lms.notices.models import Preference
from lms.notices.selectors import wanted_by
from lms.notices.services import choose_reminders
from lms.people.enums import Role
from tests.factories.people import (
    make_employment,
    make_facility,
    make_person,
    make_with_role,
)

pytestmark = pytest.mark.django_db

SESSIONS = {NoticeKind.SESSION_WEEK, NoticeKind.SESSION_DAY, NoticeKind.SESSION_HOUR}
PAGE = "/my/reminders/"


def test_everything_is_wanted_until_one_chooses() -> None:
    person = make_person()
    assert wanted_by(person) == set(NoticeKind)
    choose_reminders(person=person, wanted=[*NoticeKind], actor=person)
    assert Preference.objects.count() == 0
    choose_reminders(person=person, wanted=["session_day"], actor=person)
    assert wanted_by(person) == {NoticeKind.SESSION_DAY}
    assert {row["reminder"] for row in export(person)["notices.preferences"]} == set(NoticeKind)


def test_page_shows_the_choice_and_keeps_it() -> None:
    person, client = make_person(), Client()
    assert client.get(PAGE).url.startswith("/accounts/login/")
    client.force_login(person)
    assert client.get(PAGE).content.decode().count(" checked") == 3
    answer = client.post(PAGE, {"wanted": ["session_hour"]}, follow=True)
    assert "Saved." in answer.content.decode()
    assert client.get(PAGE).content.decode().count(" checked") == 1
    client.post(PAGE, {})
    assert not wanted_by(person) & SESSIONS
    assert client.get(PAGE).content.decode().count(" checked") == 0


def test_duties_are_offered_to_those_who_have_to_do_with_one() -> None:
    hotel, client = make_facility(), Client()
    manager = make_with_role(Role.MANAGER, hotel)
    client.force_login(manager)
    assert "facilities you manage" in client.get(PAGE).content.decode()
    assert "your workplace" not in client.get(PAGE).content.decode()
    client.post(PAGE, {"wanted": ["session_day"]})
    assert wanted_by(manager) == {NoticeKind.SESSION_DAY, NoticeKind.DUTY_DUE}  # never asked of
    client.force_login(make_employment(hotel, person=make_person()).person)
    assert "your workplace" in client.get(PAGE).content.decode()
    assert "facilities you manage" not in client.get(PAGE).content.decode()


def test_unknown_reminder_is_refused() -> None:
    client = Client()
    client.force_login(make_person())
    assert "wanted" in client.post(PAGE, {"wanted": ["carrier_pigeon"]}).context["form"].errors


def test_link_in_the_mail_opens_one_persons_choice_without_signing_in() -> None:
    person, other = make_person(), make_person()
    path = reminders_link(person).partition("http://testserver")[2]
    anyone = Client()
    assert anyone.get(path).status_code == 200
    assert wanted_by(person) == set(NoticeKind)  # a scanner that follows links changes nothing
    anyone.post(path, {})
    assert not wanted_by(person) & SESSIONS
    assert wanted_by(other) == set(NoticeKind)
    assert anyone.get(reverse("notices:by_link", args=["forged"])).status_code == 404
    person.is_active = False
    person.save(update_fields=["is_active"])
    assert anyone.get(path).status_code == 404


def test_database_keeps_one_choice_for_each_kind() -> None:
    person = make_person()
    choose_reminders(person=person, wanted=[], actor=None)
    with pytest.raises(IntegrityError, match="one_each"), transaction.atomic():
        Preference.objects.create(person=person, kind="session_day", wanted=True)
    with pytest.raises(IntegrityError, match="kind_known"), transaction.atomic():
        Preference.objects.create(person=person, kind="pigeon", wanted=True)
