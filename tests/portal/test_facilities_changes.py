"""What a manager changes: signatures, employees, posts, leavings; and what gets printed."""

import csv
import io

import pytest
from django.test import Client

from courses.models import StepProgress
from lms.completions.enums import SourceKind
from lms.completions.services import record_completion
from lms.compliance.models import ConditionAttestation
from lms.core.models import AuditEntry
from lms.core.time import long_date
from lms.people.enums import Role
from lms.people.models import Employment, Organization
from lms.people.services import end_employment
from tests.factories.compliance import make_completion, make_program, sign, train
from tests.factories.courses import make_course, make_enrolment
from tests.factories.people import make_facility, make_person, make_with_role
from tests.portal.test_facilities import ago, as_person, page, staff, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def hotel() -> Organization:
    return make_facility(name="Hudson House", key="hudson")


@pytest.fixture
def manager(hotel: Organization) -> Client:
    return as_person(make_with_role(Role.MANAGER, hotel, name="Ravi Menon"))


def untold(hotel: Organization, name: str) -> tuple[Employment, str]:
    """Somebody whose training waits for the signature, and how the form names it."""
    employment = staff(hotel, 200, name=name)
    completion = make_completion(employment.person, occurred_on=ago(180))
    return employment, f"{employment.pk}:{completion.pk}"


YES = {"on_premises": "yes", "paid_time": "yes"}
CONFIRM = "/facilities/hudson/sign/confirm/"


# --- signing --------------------------------------------------------------------------------------


def test_signing_for_one_proves_the_training(hotel: Organization, manager: Client) -> None:
    employment, value = untold(hotel, "Imran Qureshi")
    response = manager.post(CONFIRM, {"training": value, **YES})
    assert response["Location"] == f"/facilities/hudson/people/{employment.pk}/"
    found = page(manager, "employee", hotel.key, employment.pk)
    assert "every point is shown" in found
    assert "by Ravi Menon" in found


def test_signing_for_many_shows_them_first_and_signs_on_the_answer(
    hotel: Organization, manager: Client
) -> None:
    values = [untold(hotel, name)[1] for name in ("Imran Qureshi", "Kwame Mensah")]
    untold(hotel, "Not Ticked")
    assert "Not Ticked" in page(manager, "sign", hotel.key)
    preview = page(manager, "sign_confirm", hotel.key, training=values)
    assert "You sign for these 2 trainings" in preview
    assert "Imran Qureshi" in preview
    assert "Not Ticked" not in preview
    assert ConditionAttestation.objects.count() == 0
    response = manager.post(CONFIRM, {"training": values, **YES}, follow=True)
    assert "Signed for 2 trainings." in text(response)
    assert ConditionAttestation.objects.filter(on_premises=True, paid_time=True).count() == 2
    assert AuditEntry.objects.filter(action="conditions.attested").count() == 2


def test_the_same_form_posted_twice_signs_once(hotel: Organization, manager: Client) -> None:
    _employment, value = untold(hotel, "Imran Qureshi")
    for _time in range(2):
        manager.post(CONFIRM, {"training": value, **YES})
    assert ConditionAttestation.objects.count() == 1


def test_signing_that_it_was_not_paid_is_shown_as_such(
    hotel: Organization, manager: Client
) -> None:
    employment, value = untold(hotel, "Imran Qureshi")
    manager.post(CONFIRM, {"training": value, "on_premises": "yes", "paid_time": "no"})
    assert "it was signed that it was not" in page(manager, "employee", hotel.key, employment.pk)


def test_both_answers_are_needed(hotel: Organization, manager: Client) -> None:
    _employment, value = untold(hotel, "Imran Qureshi")
    response = manager.post(CONFIRM, {"training": value, "on_premises": "yes"})
    assert response.status_code == 200
    assert ConditionAttestation.objects.count() == 0


def test_without_a_tick_one_is_sent_back_to_choose(manager: Client) -> None:
    response = manager.get(CONFIRM, follow=True)
    assert "Tick at least one training." in text(response)


def test_another_facilitys_training_cannot_be_signed_for(
    hotel: Organization, manager: Client
) -> None:
    _mine, value = untold(hotel, "Imran Qureshi")
    _theirs, foreign = untold(make_facility(), "Other Person")
    response = manager.post(CONFIRM, {"training": [value, foreign], **YES})
    assert response.status_code == 404
    assert ConditionAttestation.objects.count() == 0


def test_somebody_elses_training_cannot_be_put_on_an_employee(
    hotel: Organization, manager: Client
) -> None:
    employment, _value = untold(hotel, "Imran Qureshi")
    _other, foreign = untold(make_facility(), "Other Person")
    mixed = f"{employment.pk}:{foreign.partition(':')[2]}"
    assert manager.post(CONFIRM, {"training": mixed, **YES}).status_code == 404


def test_a_training_before_the_hire_date_is_not_offered_to_sign(
    hotel: Organization, manager: Client
) -> None:
    employment = staff(hotel, 100, name="Imran Qureshi")
    completion = make_completion(employment.person, occurred_on=ago(180))
    value = f"{employment.pk}:{completion.pk}"
    assert value not in manager.get("/facilities/hudson/sign/").content.decode()
    assert manager.post(CONFIRM, {"training": value, **YES}).status_code == 404


@pytest.mark.parametrize("value", ["", "12", "a:b", "12:nonsense", "99999999999999999999999:x"])
def test_a_made_up_training_is_not_found(hotel: Organization, manager: Client, value: str) -> None:
    assert manager.get(CONFIRM, {"training": value}).status_code == 404


def test_a_training_outside_the_law_is_not_the_employers(
    hotel: Organization, manager: Client
) -> None:
    employment = staff(hotel, 200)
    version = make_program(topics=["FC-1"], title="Fostering")
    completion = make_completion(employment.person, version, occurred_on=ago(100))
    assert "Fostering" not in page(manager, "employee", hotel.key, employment.pk)
    value = f"{employment.pk}:{completion.pk}"
    assert manager.get(CONFIRM, {"training": value}).status_code == 404


# --- people ---------------------------------------------------------------------------------------

ROSA = {
    "first_name": "Rosa",
    "last_name": "Almonte",
    "started_on": "2026-03-02",
    "post": "housekeeping",
    "guest_contact": "yes",
    "language": "es",
}
ADD = "/facilities/hudson/people/add/"


def test_an_employee_is_added_and_due(hotel: Organization, manager: Client) -> None:
    response = manager.post(ADD, ROSA, follow=True)
    assert "Rosa Almonte was added." in text(response)
    employment = Employment.objects.get()
    assert (employment.person.email, employment.person.preferred_language) == (None, "es")


def test_a_second_person_of_the_same_name_is_asked_about(
    hotel: Organization, manager: Client
) -> None:
    for _time in range(2):
        response = manager.post(ADD, ROSA)
    assert "Somebody with this name already works here." in text(response)
    assert Employment.objects.count() == 1
    manager.post(ADD, {**ROSA, "same_name": "on"})
    assert Employment.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"guest_contact": "no"}, "Say why this post does not meet guests."),
        ({"started_on": "soon"}, "Enter a valid date."),
        ({"email": "not an address"}, "Enter a valid email address."),
        ({"first_name": ""}, "This field is required."),
        ({"email": "boss@example.org"}, "cannot be used with this name"),
        ({"number": "17"}, "Employee number 17 is already used"),
    ],
)
def test_what_cannot_be_added_is_said_and_nothing_is_lost(
    hotel: Organization, manager: Client, change: dict[str, str], words: str
) -> None:
    make_person("boss@example.org", name="Vera Stone")
    staff(hotel, 100, name="Somebody Else", number="17")
    response = manager.post(ADD, {**ROSA, **change})
    assert words in text(response)
    assert "Stone" not in text(response)
    assert 'value="Almonte"' in text(response)
    assert Employment.objects.count() == 1


def test_a_post_without_guests_takes_the_duty_away_with_its_reason(
    hotel: Organization, manager: Client
) -> None:
    employment = staff(hotel, 100)
    manager.post(
        f"/facilities/hudson/people/{employment.pk}/post/",
        {"post": "maintenance", "starts_on": ago(1).isoformat(), "guest_contact": "no",
         "no_contact_reason": "Boilers"},
    )  # fmt: skip
    found = page(manager, "employee", hotel.key, employment.pk)
    assert "The post does not meet guests: Boilers" in found
    assert "Hired: Front desk" in found


def test_a_post_of_somebody_who_left_meanwhile_is_refused_in_words(
    hotel: Organization, manager: Client
) -> None:
    employment = staff(hotel, 100)
    end_employment(employment=employment, ended_on=ago(3), actor=None)
    response = manager.post(
        f"/facilities/hudson/people/{employment.pk}/post/",
        {"post": "bell", "starts_on": ago(1).isoformat(), "guest_contact": "yes"},
    )
    assert "This person has left, so there is no post to change." in text(response)
    assert employment.periods.count() == 1


def test_a_post_that_begins_too_early_is_refused_in_words(
    hotel: Organization, manager: Client
) -> None:
    employment = staff(hotel, 100)
    response = manager.post(
        f"/facilities/hudson/people/{employment.pk}/post/",
        {"post": "bell", "starts_on": ago(200).isoformat(), "guest_contact": "yes"},
    )
    assert "The new post must start after" in text(response)


def test_a_leaving_is_recorded_and_taken_back(hotel: Organization, manager: Client) -> None:
    employment = staff(hotel, 100)
    base = f"/facilities/hudson/people/{employment.pk}/leaving/"
    response = manager.post(base, {"ended_on": ago(3).isoformat()}, follow=True)
    assert "You can take it back on this page." in text(response)
    assert "Left, no training shown" in text(response)
    response = manager.post(f"{base}undo/", follow=True)
    assert "Taken back" in text(response)
    employment.refresh_from_db()
    assert employment.ended_on is None


def test_a_leaving_today_says_until_when_the_person_counts(
    hotel: Organization, manager: Client
) -> None:
    employment = staff(hotel, 100)
    address = f"/facilities/hudson/people/{employment.pk}/leaving/"
    found = text(manager.post(address, {"ended_on": ago(0).isoformat()}, follow=True))
    assert f"Last day {long_date(ago(0))}; counted as working here until then." in found
    assert "Counted as working here until then" in found


def test_a_last_day_before_the_hire_date_names_that_day_in_words(
    hotel: Organization, manager: Client
) -> None:
    employment = staff(hotel, 100)
    address = f"/facilities/hudson/people/{employment.pk}/leaving/"
    found = text(manager.post(address, {"ended_on": ago(101).isoformat()}))
    assert f"before the hire date, {long_date(ago(100))}." in found


def test_an_untrained_employees_page_lists_all_that_the_law_asks(
    hotel: Organization, manager: Client
) -> None:
    employment = staff(hotel, 100)
    found = page(manager, "employee", hotel.key, employment.pk)
    for words in [
        "Topic: ",
        "An established or approved program",
        "That it was on the premises",
        "That the time was paid",
    ]:
        assert f"<li>{words}" in found


@pytest.mark.parametrize(("days", "words"), [(-1, "Record it on the last day"), (200, "before")])
def test_an_impossible_last_day_is_refused_in_words(
    hotel: Organization, manager: Client, days: int, words: str
) -> None:
    employment = staff(hotel, 100)
    address = f"/facilities/hudson/people/{employment.pk}/leaving/"
    assert words in text(manager.post(address, {"ended_on": ago(days).isoformat()}))
    employment.refresh_from_db()
    assert employment.ended_on is None


def test_taking_back_needs_a_post(hotel: Organization, manager: Client) -> None:
    employment = staff(hotel, 100)
    address = f"/facilities/hudson/people/{employment.pk}/leaving/undo/"
    assert manager.get(address).status_code == 405


# --- what gets printed ----------------------------------------------------------------------------


def test_todays_sheet_names_who_has_to_train(hotel: Organization, manager: Client) -> None:
    staff(hotel, 100, name="Lucia Quispe")
    staff(hotel, 5, name="Diego Salazar")
    train(staff(hotel, 200, name="Mei Chen"), on=ago(180))
    found = page(manager, "today", hotel.key)
    assert "Train these 2 today" in found
    assert found.index("Lucia Quispe") < found.index("Diego Salazar")
    assert "Mei Chen" not in found


def test_the_record_shows_what_is_missing_first(hotel: Organization, manager: Client) -> None:
    train(staff(hotel, 200, name="Mei Chen"), on=ago(180))
    staff(hotel, 100, name="Lucia Quispe")
    found = page(manager, "record", hotel.key)
    assert found.index("Lucia Quispe") < found.index("Mei Chen")
    for words in [
        "Training record of Hudson House",
        "Made by the state (State office)",
        "Place: on the premises. Pay: on paid time.",
        "SHA-256 ",
        "This is not legal advice",
    ]:
        assert words in found
    assert "complian" not in found.lower()


def test_the_record_of_an_earlier_day_shows_who_worked_then(
    hotel: Organization, manager: Client
) -> None:
    staff(hotel, 20, name="Diego Salazar")
    gone = staff(hotel, 400, name="Beatriz Gomes")
    end_employment(employment=gone, ended_on=ago(50), actor=None)
    found = page(manager, "record", hotel.key, as_of=ago(60).isoformat())
    assert "Beatriz Gomes" in found
    assert "Diego Salazar" not in found


def test_who_left_is_listed_apart_so_that_the_records_numbers_agree(
    hotel: Organization, manager: Client
) -> None:
    train(staff(hotel, 200, name="Mei Chen"), on=ago(180))
    staff(hotel, 100, name="Lucia Quispe")
    for name in ("Beatriz Gomes", "Imran Qureshi"):
        gone = staff(hotel, 400, name=name)
        train(gone, on=ago(380))
        end_employment(employment=gone, ended_on=ago(30), actor=None)
    found = page(manager, "record", hotel.key)
    assert "1 of 2 trained." in found
    assert "And 2 who left, listed apart." in found
    for heading, count in [
        ("Overdue", 1),
        ("Met: trained, with every point shown", 1),
        ("Left, and the record is kept", 2),
    ]:
        assert f'{heading} <span class="count">{count}</span>' in found
    assert found.index("Left, and the record is kept") < found.index("Beatriz Gomes")


def test_what_was_recorded_after_the_day_is_told_apart(
    hotel: Organization, manager: Client
) -> None:
    employment = staff(hotel, 200, name="Mei Chen")
    train(employment, on=ago(190))
    found = page(manager, "record", hotel.key, as_of=ago(30).isoformat())
    told = found.partition("Corrected after")[2]
    assert told.index("Mei Chen") < told.index("Not recorded then") < told.index("every point")


@pytest.mark.parametrize("as_of", ["2999-01-01", "nonsense", "2026-02-30"])
def test_an_impossible_day_is_said_and_today_is_shown(
    hotel: Organization, manager: Client, as_of: str
) -> None:
    staff(hotel, 100, name="Lucia Quispe")
    found = page(manager, "record", hotel.key, as_of=as_of)
    assert "Lucia Quispe" in found
    assert "Choose today or an earlier day." in found or "Enter a valid date." in found


def digest_of(found: str) -> str:
    return found.partition("SHA-256 ")[2][:64]


def test_the_hash_changes_with_the_facts_and_only_with_them(
    hotel: Organization, manager: Client
) -> None:
    employment = staff(hotel, 200)
    completion = make_completion(employment.person, occurred_on=ago(190))
    first, again = (digest_of(page(manager, "record", hotel.key)) for _time in range(2))
    sign(employment, completion)
    third = digest_of(page(manager, "record", hotel.key))
    assert first == again
    assert len(first) == 64
    assert third != first


def test_the_record_as_a_table_is_the_same_and_noted(hotel: Organization, manager: Client) -> None:
    train(staff(hotel, 200, name="Mei Chen", number="HH-3"), on=ago(180))
    staff(hotel, 100, name="=Lucia Quispe")
    digest = digest_of(page(manager, "record", hotel.key))
    response = manager.get("/facilities/hudson/record.csv")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row["name"] for row in rows] == ["'=Lucia Quispe", "Mei Chen"]
    assert (rows[1]["approval"], rows[1]["on the premises"]) == ("state_made", "yes")
    assert {row["reading"] for row in rows} == {"as known then and now"}
    assert {row["hash of the record"] for row in rows} == {digest}
    noted = AuditEntry.objects.get(action="facility.record_exported")
    assert (noted.data["digest"], noted.data["employees"]) == (digest, 2)


def test_a_manager_sees_done_day_and_program_and_nothing_else(
    hotel: Organization, manager: Client
) -> None:
    """What the ledger holds beyond that must not show on any page."""
    employment = staff(hotel, 200)
    record_completion(
        person=employment.person,
        version=make_program(),
        source_kind=SourceKind.ENROLMENT,
        source_key="77",
        occurred_on=ago(180),
        evidence={"why": "Scored 7 of 10", "answers": ["secret"], "active_minutes": 41},
    )
    begun = make_enrolment(employment.person, make_course(title="Films", pre_test=False))
    StepProgress.objects.create(
        enrolment=begun, step_key="lesson-1", played_file=1, played_second=3_192_192
    )
    pages = [
        page(manager, "facility", hotel.key),
        page(manager, "employee", hotel.key, employment.pk),
        page(manager, "record", hotel.key),
        text(manager.get("/facilities/hudson/record.csv")),
    ]
    for found in pages:
        for word in ("Scored", "secret", "active_minutes", "3192192", "886:43:12"):
            assert word not in found
