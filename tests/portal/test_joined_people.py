"""What two joined records had is one record everywhere, and two again after parting."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from courses.enums import EnrolmentStatus
from courses.models import Enrolment
from courses.services import enrol, start_attempt
from courses.services import plans as plan_services
from events.selectors import seat_of
from events.services import calendar_token, cancel_registration, register, renew_calendar_token
from lms.certificates.services import issue_certificate
from lms.completions.models import Completion
from lms.core.exceptions import Refused
from lms.core.personal_data import collisions, export, settled_by_merging
from lms.notices.enums import NoticeKind
from lms.notices.selectors import declined
from lms.notices.services import choose_reminders
from lms.people.enums import MergeReason
from lms.people.merge_models import PersonMerge
from lms.people.merging import services
from lms.people.models import Person
from tests.factories.completions import make_completion
from tests.factories.courses import make_course, make_enrolment, take_test, training_of
from tests.factories.events import make_coming_session, make_seat, make_session
from tests.factories.people import make_employment, make_facility, make_person
from tests.factories.plans import make_plan, training_of_plan
from tests.factories.trainings import make_training, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def stays() -> Person:
    return make_person("stays@example.org", name="Ana Rivera")


@pytest.fixture
def other() -> Person:
    return make_person("other@example.org", name="Anna Rivera")


def join(other: Person, stays: Person) -> PersonMerge:
    merge = services.merge(
        duplicate=other, into=stays, reason=MergeReason.PROVED, actor=stays, now=timezone.now()
    )
    other.refresh_from_db()
    return merge


def part(merge: PersonMerge) -> None:
    services.undo_merge(merge=merge, actor=merge.into)


def text(client: Client, path: str) -> str:
    return " ".join(client.get(path).content.decode().split())


def test_record_and_certificates_of_both_stand_and_verify(
    client: Client, stays: Person, other: Person
) -> None:
    certificates = [
        issue_certificate(
            completion=make_completion(
                person, version=make_version(make_training(title=f"Of {person.email}"))
            )
        )
        for person in (stays, other)
    ]
    merge = join(other, stays)
    client.force_login(stays)
    for path in ("/my/", "/my/transcript/", "/my/transcript.csv"):
        page = text(client, path)
        assert ("Of stays@" in page, "Of other@" in page) == (True, True)
    for certificate in certificates:
        code = certificate.code_in_groups
        assert client.get(f"/verify/{code}/").status_code == 200
        assert client.get(f"/my/certificates/{code}.pdf").status_code == 200
    part(merge)
    client.force_login(stays)
    page = text(client, "/my/transcript/")
    assert ("Of stays@" in page, "Of other@" in page) == (True, False)


def test_a_course_the_other_began_goes_on_and_is_not_begun_anew(
    client: Client, stays: Person, other: Person
) -> None:
    course = make_course()
    begun = make_enrolment(other, course)
    take_test(begun, "pre-test")
    join(other, stays)
    assert enrol(person=stays, training=training_of(course), actor=stays) == begun
    client.force_login(stays)
    assert client.get(f"/learn/{begun.pk}/").status_code in (200, 302)
    with pytest.raises(Refused) as refusal:
        start_attempt(enrolment=begun, step_key="pre-test", actor=stays)
    assert refusal.value.code == "done"


def test_of_a_course_both_are_in_the_one_further_on_goes_on_until_they_part(
    stays: Person, other: Person
) -> None:
    course = make_course(title="Seeing the signs")
    less, more = make_enrolment(stays, course), make_enrolment(other, course)
    take_test(more, "pre-test")
    assert settled_by_merging(other, stays) == [
        "Both are in the middle of Seeing the signs. It goes on where more is done."
    ]
    assert settled_by_merging(other, stays, offices=set()) == [
        "Both are in the middle of one course. It goes on where more is done."
    ]
    merge = join(other, stays)
    assert statuses(less, more) == ["withdrawn", "active"]
    assert enrol(person=stays, training=training_of(course), actor=stays) == more
    part(merge)
    assert statuses(less, more) == ["active", "active"]


def statuses(*rows: Enrolment) -> list[str]:
    for row in rows:
        row.refresh_from_db()
    return [EnrolmentStatus(row.status).value for row in rows]


def test_of_a_plan_both_follow_the_first_goes_on_until_they_part(
    stays: Person, other: Person
) -> None:
    training = training_of_plan(make_plan([make_course(), make_course()]))
    mine, theirs = (
        plan_services.join_plan(person=person, training=training, actor=person)
        for person in (stays, other)
    )
    merge = join(other, stays)
    assert plan_services.join_plan(person=stays, training=training, actor=stays) == mine
    theirs.refresh_from_db()
    assert theirs.status == EnrolmentStatus.WITHDRAWN
    part(merge)
    theirs.refresh_from_db()
    assert theirs.status == EnrolmentStatus.ACTIVE


def test_parts_done_under_both_records_complete_a_plan(stays: Person, other: Person) -> None:
    one, two = make_course(), make_course()
    training = training_of_plan(make_plan([one, two]))
    plan_services.join_plan(person=stays, training=training, actor=stays)
    for person, course in ((stays, one), (other, two)):
        version = training_of(course).versions.latest("number")
        make_completion(person, version=version)
    join(other, stays)
    plan_services.follow_all()
    assert Completion.objects.of(stays).filter(training=training).count() == 1


def test_a_seat_of_the_other_is_the_persons_and_no_second_one_is_given(
    client: Client, stays: Person, other: Person
) -> None:
    session = make_coming_session()
    seat = make_seat(session, other, now=timezone.now())
    token = calendar_token(person=other, actor=other)
    join(other, stays)
    assert register(session=session, person=stays, actor=stays) == seat
    own = calendar_token(person=stays, actor=stays)
    feeds = [client.get(f"/calendar/{each.token}.ics").content.decode() for each in (own, token)]
    assert [feed.count("BEGIN:VEVENT") for feed in feeds] == [1, 1]
    renew_calendar_token(person=stays, actor=stays)
    assert client.get(f"/calendar/{token.token}.ics").status_code == 404


def test_two_seats_in_one_session_to_come_are_settled_before(stays: Person, other: Person) -> None:
    session = make_coming_session()
    seats = [make_seat(session, person, now=timezone.now()) for person in (stays, other)]
    [said] = collisions(other, stays)
    assert (str(session) in said, "Give one of the two back first." in said) == (True, True)
    cancel_registration(registration=seats[0], actor=stays)
    assert collisions(other, stays) == []
    join(other, stays)
    found = seat_of(stays, session)
    assert found == seats[1]


def test_two_seats_in_a_session_that_was_keep_nobody_apart(stays: Person, other: Person) -> None:
    session = make_session()
    for person in (stays, other):
        make_seat(session, person)
    assert collisions(other, stays) == []


def test_reminders_the_other_declined_stay_declined_until_chosen(
    stays: Person, other: Person
) -> None:
    kind = NoticeKind.SESSION_DAY
    choose_reminders(person=other, wanted=set(NoticeKind) - {kind}, actor=other)
    assert declined(kind, [stays.pk]) == set()
    join(other, stays)
    assert declined(kind, [stays.pk]) == {stays.pk}
    choose_reminders(person=stays, wanted=set(NoticeKind) - {NoticeKind.SESSION_WEEK}, actor=stays)
    assert declined(kind, [stays.pk]) == set()


def test_employments_of_both_are_one_persons(stays: Person, other: Person) -> None:
    here, there = make_facility(), make_facility()
    for person, place in ((stays, here), (other, there)):
        make_employment(place, person=person)
    join(other, stays)
    assert make_employment(there, person=stays).person == other


def test_everything_of_both_is_handed_out(stays: Person, other: Person) -> None:
    make_enrolment(other, make_course(title="Begun before"))
    make_employment(make_facility(name="Hudson House"), person=other)
    make_seat(make_coming_session(), other, now=timezone.now())
    calendar_token(person=other, actor=other)
    make_completion(other)
    before: dict[str, Any] = {name: len(rows) for name, rows in export(other).items()}
    join(other, stays)
    after = {name: len(rows) for name, rows in export(stays).items()}
    lost = {name for name, count in before.items() if after[name] < count}
    assert lost == set()
    assert after["records joined"] == 1
