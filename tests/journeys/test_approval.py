"""A restricted course: asked for and proved on a phone, answered at the desk, entered; or not."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from courses.models import CoursePage, Enrolment
from lms.people.enums import Role
from lms.people.models import Organization, Person
from lms.trainings.access_models import AccessGrant, AccessRequest
from lms.trainings.models import Training
from tests.browser import Reader, code_from_mail, link_from_mail, sign_in
from tests.factories.courses import make_course, training_of
from tests.factories.people import make_office, make_person, make_with_role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORK = "ana.rivera@agency.ny.gov"
BOSS = "supervisor@agency.ny.gov"
TITLE = "Casework with minors"


@pytest.fixture
def office(db: None) -> Organization:
    return make_office(name="City office", contact_email="desk@example.org")


@pytest.fixture
def course(office: Organization) -> CoursePage:
    return make_course(title=TITLE, access="approval", office=office)


@pytest.fixture
def coordinator(office: Organization) -> Person:
    return make_with_role(Role.COORDINATOR, office, name="Kim Lee")


@pytest.fixture
def person(db: None) -> Person:
    return make_person(name="Ana Rivera")


def statuses(reader: Reader, *paths: str) -> set[int]:
    """What the addresses answer to whoever sits there."""
    return {reader.page.request.get(path, max_redirects=0).status for path in paths}


def fits(reader: Reader) -> None:
    """The page as it must be on a phone: nothing wrong, nothing to push sideways."""
    reader.check()
    assert reader.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def inside(training: Training) -> list[str]:
    """What only those let in reach."""
    return [reverse("courses:start", args=[training.key])]


def ask(reader: Reader, course: CoursePage, *, proof: str, address: str) -> None:
    """From the course's public page to a request, with a private address on the way."""
    reader.page.goto(course.get_url())
    fits(reader)
    reader.press("Go in, or see how to get access")
    fits(reader)
    assert reader.sees("The office answers within 2 working days.")
    reader.fill("Where you work", "City agency, unit 3")
    reader.page.get_by_text(proof).click()
    reader.fill("That work address", "ana@gmail.com")
    reader.press("Ask for access")
    fits(reader)
    assert reader.sees("This is a private address.")
    # What was typed is still there.
    assert reader.page.get_by_label("Where you work").input_value() == "City agency, unit 3"
    reader.fill("That work address", address)
    reader.press("Ask for access")
    fits(reader)
    assert reader.sees("You asked for access. One step is left: the proof.")
    assert reader.sees("An answer is due by")


def answer_at_the_desk(reader: Reader) -> None:
    """From the desk's first page to the one request that waits."""
    reader.go("/desk/")
    reader.press("1 person asks for access")
    reader.check()
    reader.press("Ana Rivera")
    reader.check()
    assert reader.sees("answer is due by")


def test_proved_by_a_code_and_let_in(
    *,
    phone: Reader,
    reader: Reader,
    live_server: Any,
    course: CoursePage,
    coordinator: Person,
    person: Person,
) -> None:
    training = training_of(course)
    sign_in(phone, person, live_server.url)
    assert statuses(phone, *inside(training)) == {404}
    ask(phone, course, proof="A code sent to my work address", address=WORK)
    phone.fill("Code from the mail", "0000-0000")
    phone.press("Prove my address")
    fits(phone)
    assert phone.sees("This is not the code we sent.")
    phone.fill("Code from the mail", code_from_mail(WORK))
    phone.press("Prove my address")
    fits(phone)
    assert phone.sees("Your work address is proved.")
    phone.go("/my/")
    fits(phone)
    assert phone.sees("An answer is due by")
    assert statuses(phone, *inside(training)) == {404}, "proving lets nobody in"

    # The office answers; whoever coordinates another one sees nothing of it.
    request = AccessRequest.objects.get()
    desk = reverse("desk_access:request", args=[request.pk])
    outsider = make_with_role(Role.COORDINATOR, make_office(), name="Olu Stone")
    sign_in(reader, outsider, live_server.url)
    pages = [desk, reverse("desk_access:training", args=[training.pk]), *inside(training)]
    assert statuses(reader, *pages) == {404}
    sign_in(reader, coordinator, live_server.url)
    answer_at_the_desk(reader)
    assert reader.sees("typed the code sent there")
    reader.press("Give access")
    reader.check()
    assert reader.sees("Access is given, and the person is told.")
    assert any(person.email in message.to and TITLE in message.body for message in mail.outbox)

    # In, on the phone; the outsider still is not.
    phone.go("/my/")
    phone.press(TITLE)
    fits(phone)
    assert phone.sees("You have access to this training.")
    phone.press("Go to the course")
    fits(phone)
    phone.press("Begin now")
    fits(phone)
    enrolment = Enrolment.objects.get(person=person)
    sign_in(reader, outsider, live_server.url)
    assert statuses(
        reader, *pages, f"/learn/{enrolment.pk}/", f"/learn/{enrolment.pk}/pre-test/"
    ) == {404}


def test_supervisors_word_and_a_refusal_with_its_reason(
    *,
    phone: Reader,
    reader: Reader,
    chromium: Any,
    live_server: Any,
    course: CoursePage,
    coordinator: Person,
    person: Person,
) -> None:
    training = training_of(course)
    sign_in(phone, person, live_server.url)
    ask(phone, course, proof="My supervisor's word", address=BOSS)

    # The supervisor has no account, and a phone. Looking at the link says nothing yet.
    context = chromium.new_context(
        base_url=live_server.url, viewport={"width": 360, "height": 740}, is_mobile=True
    )
    boss = Reader(context.new_page())
    boss.go(link_from_mail(BOSS, "/access/word/"))
    fits(boss)
    assert boss.sees("Does Ana Rivera work with you?")
    assert AccessRequest.objects.get().supervisor_said is None
    boss.press("Yes, that is right")
    fits(boss)
    assert boss.sees("Your answer is noted")
    context.close()

    # It waited too long: the clock says so, to the office and to who asked.
    AccessRequest.objects.update(
        asked_at=AccessRequest.objects.get().asked_at - timedelta(days=9),
        due_at=AccessRequest.objects.get().due_at - timedelta(days=9),
    )
    phone.go("/my/")
    assert phone.sees("An answer was due by")
    sign_in(reader, coordinator, live_server.url)
    reader.go("/desk/access/")
    assert reader.sees("Late")
    reader.press("Ana Rivera")
    reader.check()
    reader.press("Refuse")
    reader.check()
    assert AccessRequest.objects.open().exists(), "without a reason nobody is refused"
    reader.fill("Reason", "Type the address of the unit you work for.")
    reader.press("Refuse")
    reader.check()
    assert reader.sees("The person is told, with your reason.")

    assert AccessGrant.objects.count() == 0
    assert statuses(phone, *inside(training)) == {404}
    phone.go(reverse("access:door", args=[training.key]))
    fits(phone)
    assert phone.sees("The office said: Type the address of the unit you work for.")
    assert phone.sees("Ask again")
