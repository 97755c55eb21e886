"""A browser takes a course without an account: what opens to it, what never does, and the claim."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from courses import services
from courses.models import Attempt, CoursePage, Enrolment
from lms.certificates.models import Certificate
from lms.completions.models import Completion
from lms.people import guests
from lms.people.guest_services import make_guest
from lms.people.models import Person
from lms.people.services import confirm_address
from lms.trainings.models import Training
from tests.factories.courses import (
    complete_course,
    make_course,
    make_enrolment,
    make_lesson_file,
    training_of,
)
from tests.factories.people import become_guest, make_person

pytestmark = pytest.mark.django_db
WHO = {"first_name": "Ana", "last_name": "Rivera", "email": "ana@example.org"}


@pytest.fixture
def course() -> CoursePage:
    return make_course(without_account=True, pre_test=False, lessons=1)


def start_of(course: CoursePage) -> str:
    return reverse("courses:start", args=[course.translation_key])


def begin(client: Client, course: CoursePage) -> Enrolment:
    response = client.post(start_of(course))
    assert response.status_code == 302
    assert "/learn/" in response["Location"]
    return Enrolment.objects.latest("pk")


def guest_with(client: Client, course: CoursePage, *, finished: bool = True) -> Enrolment:
    """The browser took the course as a guest."""
    guest = become_guest(client)
    return complete_course(guest, course) if finished else make_enrolment(guest, course)


def type_code(client: Client, address: str, next_url: str = "") -> str:
    """Type the code from the newest mail; returns where that leads."""
    body = str(next(m for m in reversed(mail.outbox) if address in m.to).body)
    found = re.search(r"^\s*([0-9]{4}-[0-9]{4})\s*$", body, re.MULTILINE)
    assert found
    response = client.post(
        reverse("account_confirm_login_code"), {"code": found.group(1), "next": next_url}
    )
    assert response.status_code == 302
    return str(response["Location"])


def text(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response
    return response.content.decode()


# --- beginning --------------------------------------------------------------------------------


def test_course_page_says_that_no_account_is_needed(client: Client, course: CoursePage) -> None:
    assert "You need no account" in text(client, course.get_url())
    assert "You need no account" not in text(client, make_course().get_url())


def test_door_makes_nobody_until_the_button_is_pressed(client: Client, course: CoursePage) -> None:
    shown = text(client, start_of(course))
    assert "Start without an account" in shown
    assert f"/accounts/login/?next={start_of(course)}" in shown
    assert (Person.objects.guests().count(), Enrolment.objects.count()) == (0, 0)


def test_start_leads_to_the_first_lesson_of_ones_own(client: Client, course: CoursePage) -> None:
    enrolment = begin(client, course)
    assert enrolment.person.is_guest
    step = reverse("courses:step", args=[enrolment.pk, "lesson-1"])
    shown = text(client, step)
    assert f'data-reader="{enrolment.person_id}"' in shown
    assert ">Guest<" in shown
    assert client.post(step).status_code == 302
    assert enrolment.progress.get().done_at


def test_start_twice_is_one_guest_and_one_course(client: Client, course: CoursePage) -> None:
    assert begin(client, course) == begin(client, course)
    assert Person.objects.guests().count() == 1


def test_another_course_is_the_same_guest(client: Client, course: CoursePage) -> None:
    begin(client, course)
    begin(client, make_course(without_account=True))
    assert Person.objects.guests().count() == 1


def test_course_that_needs_an_account_asks_to_sign_in(client: Client) -> None:
    path = start_of(make_course())
    for method in (client.get, client.post):
        response = method(path)
        assert response["Location"] == f"/accounts/login/?next={path}"
    assert Person.objects.guests().count() == 0


def test_who_comes_back_is_asked_whether_it_is_they(client: Client, course: CoursePage) -> None:
    begin(client, course)
    shown = text(client, start_of(course))
    assert "Go on where you were" in shown
    assert "Not you? Start over" in shown


def test_session_key_changes_when_a_guest_begins(client: Client, course: CoursePage) -> None:
    client.get(reverse("account_login"))
    before = client.session
    before["planted"] = "yes"
    before.save()
    client.cookies["sessionid"] = before.session_key
    begin(client, course)
    assert client.session.session_key != before.session_key


def test_too_many_guests_from_one_place_wait(course: CoursePage, settings: object) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"begin_as_guest": "2/m/ip"}  # type: ignore[attr-defined]
    assert [Client().post(start_of(course)).status_code for _time in range(3)] == [302, 302, 429]
    assert Person.objects.guests().count() == 2


# --- what a guest reaches -----------------------------------------------------------------------


def test_guest_opens_nothing_of_another_guest(client: Client, course: CoursePage) -> None:
    other = make_enrolment(make_guest(language="en"), course)
    become_guest(client)
    for path in (
        reverse("courses:outline", args=[other.pk]),
        reverse("courses:step", args=[other.pk, "lesson-1"]),
    ):
        assert client.get(path).status_code == 404
    assert client.post(f"{path}time/").status_code == 404
    assert client.post(f"{path}answers/", {"attempt": 1}).status_code == 404


def test_guest_is_signed_out_everywhere_else(client: Client, course: CoursePage) -> None:
    guest_with(client, course)
    for path in ("/my/", "/my/transcript/", "/desk/", "/accounts/profile/", "/notices/"):
        response = client.get(path)
        assert response.status_code in (302, 404)
        assert response.get("Location", "/accounts/login/").startswith("/accounts/login/")


def test_guest_saves_answers_and_sees_files(client: Client, course: CoursePage) -> None:
    enrolment = guest_with(client, course, finished=False)
    services.finish_lesson(enrolment=enrolment, step_key="lesson-1", actor=enrolment.person)
    step = reverse("courses:step", args=[enrolment.pk, "post-test"])
    client.post(step, {"action": "start"})
    attempt = Attempt.objects.get()
    saved = client.post(
        f"{step}answers/",
        {"attempt": attempt.pk, "position": 1, "choice": attempt.items[0]["choices"][0]},
    )
    assert (saved.status_code, attempt.answers.count()) == (200, 1)
    # The queue on the device is kept under whoever the page says is reading.
    shown = text(client, step)
    assert f'data-person="{enrolment.person_id}"' in shown
    assert f'data-reader="{enrolment.person_id}"' in shown
    file = make_lesson_file(course.office)
    assert client.get(f"/learn/{enrolment.pk}/lesson-1/files/{file.pk}/").status_code == 404


def test_course_that_needs_an_account_by_now_leads_to_the_claim(
    client: Client, course: CoursePage
) -> None:
    enrolment = guest_with(client, course, finished=False)
    Training.objects.update(without_account=False)
    response = client.get(reverse("courses:outline", args=[enrolment.pk]))
    assert response["Location"] == reverse("courses:claim")
    assert enrolment.training.title in text(client, reverse("courses:claim"))
    step = reverse("courses:step", args=[enrolment.pk, "lesson-1"])
    client.post(step)
    assert not enrolment.progress.filter(done_at__isnull=False).exists()


def test_activity_keeps_the_work_longer(client: Client, course: CoursePage) -> None:
    enrolment = guest_with(client, course, finished=False)
    Person.objects.filter(pk=enrolment.person_id).update(guest_seen_on="2026-01-05")
    before = guests.last_day(Person.objects.get(pk=enrolment.person_id))
    client.get(reverse("courses:outline", args=[enrolment.pk]))
    after = guests.last_day(Person.objects.get(pk=enrolment.person_id))
    assert after > before


def test_player_costs_a_guest_no_more_queries(client: Client, course: CoursePage) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    signed_in = Client()
    person = make_person()
    signed_in.force_login(person)
    for browser, enrolment in (
        (client, guest_with(client, course, finished=False)),
        (signed_in, make_enrolment(person, course)),
    ):
        path = reverse("courses:step", args=[enrolment.pk, "lesson-1"])
        browser.get(path)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            browser.get(path)
        counts.append(len(queries))
    assert counts[0] <= counts[1]


# --- finishing and claiming -------------------------------------------------------------------


def test_last_page_says_until_when_and_what_for(client: Client, course: CoursePage) -> None:
    enrolment = guest_with(client, course)
    shown = text(client, reverse("courses:outline", args=[enrolment.pk]))
    assert "You have done everything" in shown
    assert "kept on this device until" in shown
    assert reverse("courses:claim") in shown
    result = text(client, reverse("courses:step", args=[enrolment.pk, "post-test"]))
    assert "Get the certificate" in result
    assert Completion.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_claim_by_somebody_new(client: Client, course: CoursePage) -> None:
    enrolment = guest_with(client, course)
    key = client.session.session_key
    response = client.post(reverse("courses:claim"), WHO)
    assert response["Location"].startswith(reverse("account_confirm_login_code"))
    assert Completion.objects.count() == 0
    where = type_code(client, "ana@example.org", reverse("courses:take_along"))
    assert where == reverse("courses:take_along")
    landed = client.get(where)
    assert landed["Location"] == reverse("courses:outline", args=[enrolment.pk])
    completion = Completion.objects.get()
    assert str(completion.person) == "Ana Rivera"
    assert Certificate.objects.get(completion=completion)
    assert client.session.session_key != key
    assert guests.GUEST not in client.session
    assert Person.objects.guests().count() == 0
    assert "is in your record now" in text(client, landed["Location"])


@pytest.mark.django_db(transaction=True)
def test_claim_by_somebody_known_keeps_their_name_and_says_what_was_there(
    client: Client, course: CoursePage
) -> None:
    person = make_person("ana@example.org", name="Anna Known")
    confirm_address(person=person, email="ana@example.org")
    complete_course(person, course)
    enrolment = guest_with(client, course)
    client.post(reverse("courses:claim"), WHO)
    wanted = reverse("courses:take_along")
    landed = client.get(type_code(client, "ana@example.org", wanted), follow=True)
    assert "You had completed" in landed.content.decode()
    assert Completion.objects.filter(person=person).count() == 2
    enrolment.refresh_from_db()
    assert str(enrolment.person) == "Anna Known"


def test_claim_shows_nothing_of_who_is_known(client: Client, course: CoursePage) -> None:
    make_person("ana@example.org")
    guest_with(client, course)
    known = client.post(reverse("courses:claim"), WHO)
    other = Client()
    guest_with(other, make_course(without_account=True))
    unknown = other.post(reverse("courses:claim"), {**WHO, "email": "new@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_claim_with_bad_input_keeps_what_was_typed(client: Client, course: CoursePage) -> None:
    guest_with(client, course)
    response = client.post(reverse("courses:claim"), {**WHO, "email": "no address"})
    assert response.status_code == 200
    assert "Rivera" in response.content.decode()


def test_claim_without_a_guest_says_so(client: Client) -> None:
    assert "Nothing is kept on this device" in text(client, reverse("courses:claim"), 404)


# --- signing in where a guest was -------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_signing_in_asks_before_my_learning(client: Client, course: CoursePage) -> None:
    enrolment = guest_with(client, course)
    person = make_person("ana@example.org")
    client.post(reverse("account_login"), {"login": "ana@example.org"})
    where = type_code(client, "ana@example.org")
    assert where.startswith(reverse("courses:take_along"))
    shown = text(client, where)
    assert "Was this you?" in shown
    assert Completion.objects.count() == 0
    assert "Was this you?" in text(client, "/my/")
    client.post(reverse("courses:take_along"), {"action": "take"})
    enrolment.refresh_from_db()
    assert (enrolment.person, Completion.objects.count()) == (person, 1)


@pytest.mark.django_db(transaction=True)
def test_somebody_elses_claim_is_not_taken_along_unasked(
    client: Client, course: CoursePage
) -> None:
    """One asked for a code and went away; the next one signs in with their own address."""
    guest_with(client, course)
    client.post(reverse("courses:claim"), WHO)
    make_person("bea@example.org")
    client.post(reverse("account_login"), {"login": "bea@example.org"})
    shown = text(client, type_code(client, "bea@example.org"))
    assert "Was this you?" in shown
    assert Completion.objects.count() == 0


def test_who_says_no_removes_it(client: Client, course: CoursePage) -> None:
    guest_with(client, course)
    client.force_login(make_person())
    session = client.session
    guest = make_guest(language="en")
    make_enrolment(guest, course)
    session[guests.GUEST] = guest.pk
    session.save()
    client.post(reverse("courses:take_along"), {"action": "remove"})
    assert not Person.objects.filter(pk=guest.pk).exists()
    assert guests.GUEST not in client.session
    assert client.get("/my/").status_code == 200  # still signed in


# --- the next person on a shared device ---------------------------------------------------------


def test_start_over_asks_then_leaves_nothing(client: Client, course: CoursePage) -> None:
    enrolment = guest_with(client, course)
    path = reverse("courses:start_over")
    assert "cannot be brought back" in text(client, path)
    assert Enrolment.objects.count() == 1
    key = client.session.session_key
    response = client.post(path)
    assert response["Clear-Site-Data"] == '"storage"'
    assert Enrolment.objects.count() == 0
    assert client.session.session_key != key
    assert client.get(reverse("courses:outline", args=[enrolment.pk])).status_code == 302
    assert "Start without an account" in text(client, start_of(course))


def test_signing_out_ends_the_guest_too(client: Client, course: CoursePage) -> None:
    guest_with(client, course)
    client.force_login(make_person())
    client.post(reverse("account_logout"))
    assert guests.GUEST not in client.session


def test_only_online_courses_go_without_an_account() -> None:
    from django.core.exceptions import ValidationError

    from tests.factories.events import make_live_page

    page = make_live_page()
    page.without_account = True
    with pytest.raises(ValidationError, match="Only an online course"):
        page.clean()
    assert training_of(make_course(without_account=True)).without_account
