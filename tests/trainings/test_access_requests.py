"""Asking for access: proved, answered by people, with a clock, a deputy and an end."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from lms.core.exceptions import Refused
from lms.core.models import OutboxMessage
from lms.core.outbox import sweep
from lms.people.enums import Role
from lms.people.models import Organization, Person
from lms.trainings.access import may_take
from lms.trainings.access_models import AccessGrant, AccessRequest
from lms.trainings.access_selectors import asked, clock
from lms.trainings.enums import Access, Proof, RequestStatus
from lms.trainings.models import Training
from lms.trainings.services import access, requests
from lms.trainings.working_days import due_at, holidays, is_working_day
from tests.factories.access import make_grant
from tests.factories.courses import make_course, training_of
from tests.factories.people import make_office, make_person, make_with_role

pytestmark = pytest.mark.django_db
FRIDAY = datetime(2026, 11, 20, 21, tzinfo=UTC)  # 4 p.m. in New York
WORK = "rivera@agency.ny.gov"


@pytest.fixture
def office() -> Organization:
    return make_office(contact_email="desk@example.org", name="City office")


@pytest.fixture
def training(office: Organization) -> Training:
    return training_of(make_course(access="approval", office=office, title="Casework"))


@pytest.fixture
def coordinator(office: Organization) -> Person:
    return make_with_role(Role.COORDINATOR, office)


def ask(training: Training, person: Person | None = None, **given: Any) -> AccessRequest:
    person = person or make_person()
    defaults: dict[str, Any] = {
        "workplace": "Agency, unit 3",
        "proof": Proof.AGENCY_EMAIL,
        "proof_address": WORK,
        "now": FRIDAY,
    }
    return requests.ask(person=person, training=training, actor=person, **{**defaults, **given})


def code_of(request: AccessRequest) -> str:
    last = OutboxMessage.objects.filter(key__startswith=f"access-code:{request.pk}:").latest("pk")
    found = re.search(r"\d{4}-\d{4}", last.payload["text"])
    assert found
    return found.group()


def proved(training: Training, person: Person | None = None) -> AccessRequest:
    request = ask(training, person)
    return requests.prove_by_code(
        request=request, code=code_of(request), actor=request.person, now=FRIDAY
    )


def refusal(act: Any, **given: Any) -> str:
    with pytest.raises(Refused) as refused:
        act(**given)
    return refused.value.code


def test_asking_tells_the_office_and_sends_the_code_once(training: Training) -> None:
    person = make_person()
    request = ask(training, person)
    assert ask(training, person) == request
    letters = {row.key.partition(":")[0]: row for row in OutboxMessage.objects.all()}
    told = {kind: row.payload["to"] for kind, row in letters.items()}
    assert told == {"access-asked": "desk@example.org", "access-code": WORK}
    assert letters["access-code"].secret
    assert may_take(person, training) is False


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"proof_address": "ana@gmail.com"}, "not_work_address"),
        ({"proof_address": "ana@mail.yahoo.com"}, "not_work_address"),
        ({"proof_address": "no address"}, "not_an_address"),
        ({"workplace": "  "}, "workplace_missing"),
        ({"workplace": "https://example.org/badge.jpg"}, "picture"),
        ({"proof": Proof.SUPERVISOR, "proof_address": "me@agency.ny.gov"}, "own_address"),
    ],
)
def test_what_proves_nothing_is_refused(
    training: Training, given: dict[str, Any], code: str
) -> None:
    person = make_person("me@agency.ny.gov")
    assert refusal(ask, training=training, person=person, **given) == code
    assert AccessRequest.objects.count() == 0


def test_asking_where_access_does_not_come_by_asking(training: Training) -> None:
    person = make_person()
    make_grant(person, training)
    assert refusal(ask, training=training, person=person) == "has_access"
    invited = training_of(make_course(access=Access.INVITATION))
    assert refusal(ask, training=invited) == "not_asked_for"


def test_code_proves_and_grants_nothing(training: Training) -> None:
    request = proved(training)
    assert request.proved_at == FRIDAY
    assert may_take(request.person, training) is False


def test_five_wrong_codes_end_it_and_a_new_one_works(training: Training) -> None:
    request = ask(training)
    right = code_of(request)
    wrong = "0000-0000" if right != "0000-0000" else "1111-1111"
    given: dict[str, Any] = {"request": request, "actor": request.person}
    for _time in range(5):
        assert refusal(requests.prove_by_code, code=wrong, now=FRIDAY, **given) == "wrong_code"
    assert refusal(requests.prove_by_code, code=right, now=FRIDAY, **given) == "code_over"
    assert refusal(requests.send_new_code, now=FRIDAY, **given) == "too_soon"
    later = FRIDAY + timedelta(minutes=5)
    requests.send_new_code(now=later, **given)
    old = {**given, "code": code_of(request), "now": later + timedelta(hours=2)}
    assert refusal(requests.prove_by_code, **old) == "code_over"
    assert requests.prove_by_code(**{**old, "now": later}).proved_at == later


@pytest.mark.parametrize("yes", [True, False])
def test_supervisors_word_counts_once_and_decides_nothing(training: Training, yes: bool) -> None:
    request = ask(training, proof=Proof.SUPERVISOR, proof_address="boss@agency.ny.gov")
    letter = OutboxMessage.objects.get(key=f"access-word:{request.pk}").payload["text"]
    token = re.search(r"/access/word/(\S+)/", letter)
    assert token
    found = requests.request_of_word(token.group(1))
    assert found == request
    requests.give_word(request=found, yes=yes, now=FRIDAY)
    again = requests.give_word(request=found, yes=not yes, now=FRIDAY + timedelta(hours=1))
    assert (again.supervisor_said, bool(again.proved_at)) == (yes, yes)
    assert AccessGrant.objects.count() == 0


def test_yes_lets_in_until_the_day_and_tells(training: Training, coordinator: Person) -> None:
    request = proved(training)
    until = date(2027, 1, 31)
    for _time in range(2):
        grant = requests.grant(request=request, expires_on=until, actor=coordinator, now=FRIDAY)
    assert (grant.granted_by, grant.request, grant.expires_on) == (coordinator, request, until)
    assert may_take(request.person, training, FRIDAY)
    letter = OutboxMessage.objects.get(key=f"access-granted:{grant.pk}").payload["text"]
    assert "It lasts until January 31, 2027." in letter


def test_no_needs_a_reason_tells_it_and_one_may_ask_again(
    training: Training, coordinator: Person
) -> None:
    request = proved(training)
    given: dict[str, Any] = {"request": request, "actor": coordinator}
    assert refusal(requests.refuse, reason=" ", **given) == "reason_missing"
    requests.refuse(reason="This is for investigators.", now=FRIDAY, **given)
    letter = OutboxMessage.objects.get(key=f"access-refused:{request.pk}").payload["text"]
    assert "This is for investigators." in letter
    assert refusal(requests.grant, expires_on=date(2027, 1, 1), **given) == "answered"
    assert ask(training, request.person) != request


def test_nobody_is_let_in_unproved_in_the_past_or_by_themselves(
    training: Training, coordinator: Person
) -> None:
    until = {"expires_on": date(2027, 1, 1), "now": FRIDAY}
    unproved = ask(training)
    assert refusal(requests.grant, request=unproved, actor=coordinator, **until) == "not_proved"
    mine = proved(training)
    assert refusal(requests.grant, request=mine, actor=mine.person, **until) == "own_request"
    past = {**until, "expires_on": date(2026, 11, 19)}
    assert refusal(requests.grant, request=mine, actor=coordinator, **past) == "past"
    requests.take_back(request=mine, actor=mine.person)
    assert refusal(requests.grant, request=mine, actor=coordinator, **until) == "answered"


@pytest.mark.parametrize(
    ("asked_at", "days", "due"),
    [
        # Friday 4 p.m.: Tuesday 5 p.m. The weekend does not count.
        (datetime(2026, 11, 20, 21, tzinfo=UTC), 2, datetime(2026, 11, 24, 22, tzinfo=UTC)),
        # Friday 6 p.m. counts as Monday.
        (datetime(2026, 11, 20, 23, tzinfo=UTC), 2, datetime(2026, 11, 25, 22, tzinfo=UTC)),
        # Wednesday before Thanksgiving: Friday, Monday.
        (datetime(2026, 11, 25, 15, tzinfo=UTC), 2, datetime(2026, 11, 30, 22, tzinfo=UTC)),
        # Over the change of clocks on 1 November.
        (datetime(2026, 10, 30, 15, tzinfo=UTC), 1, datetime(2026, 11, 2, 22, tzinfo=UTC)),
    ],
)
def test_target_runs_in_working_days(asked_at: datetime, days: int, due: datetime) -> None:
    assert due_at(asked_at, days) == due


def test_target_runs_every_day_to_the_hour_where_the_rule_says_so() -> None:
    friday = datetime(2026, 11, 20, 23, tzinfo=UTC)
    assert due_at(friday, 1, every_day=True) == friday + timedelta(days=1)
    # Over the change of clocks on 1 November: the same hour in New York.
    asked_at = datetime(2026, 10, 31, 15, tzinfo=UTC)
    assert due_at(asked_at, 1, every_day=True) == datetime(2026, 11, 1, 16, tzinfo=UTC)


def test_holidays_move_off_weekends() -> None:
    assert date(2026, 7, 3) in holidays(2026)  # the Fourth is a Saturday
    assert date(2027, 12, 31) in holidays(2027)  # New Year's 2028 is a Saturday
    days = [date(2026, 11, 26), date(2026, 11, 27)]
    assert [is_working_day(day) for day in days] == [False, True]


def test_clock_says_how_long_and_until_when(training: Training) -> None:
    request = ask(training)
    assert asked(request, FRIDAY + timedelta(days=3)).text == (
        "Waiting for 1 working day. An answer is due by"
        " Tuesday, Nov. 24, 2026 at 5 p.m. Eastern (EST)."
    )
    late = clock(request, FRIDAY + timedelta(days=5))
    assert (late.late, late.waiting) == (True, "Waiting for 3 working days")


def test_clock_counts_every_day_where_the_target_does(
    training: Training, coordinator: Person
) -> None:
    access.set_rule(
        training=training,
        target_days=1,
        every_day=True,
        deputy=None,
        grant_days=90,
        actor=coordinator,
    )
    request = ask(training)
    assert clock(request, FRIDAY + timedelta(hours=20)).waiting == "Waiting for less than a day"
    assert clock(request, FRIDAY + timedelta(days=3)).waiting == "Waiting for 3 days"


def test_late_requests_go_to_the_deputy_once_and_are_never_granted_by_time(
    training: Training, office: Organization, coordinator: Person
) -> None:
    deputy = make_with_role(Role.COORDINATOR, office, email="deputy@example.org")
    access.set_rule(
        training=training, target_days=2, deputy=deputy, grant_days=90, actor=coordinator
    )
    request = proved(training)
    year_later = FRIDAY + timedelta(days=365)
    assert requests.escalate_late(now=FRIDAY + timedelta(days=2)) == 0  # Sunday
    assert requests.escalate_late(now=FRIDAY + timedelta(days=4, hours=2)) == 1
    for _time in range(3):
        assert requests.escalate_late(now=year_later) == 0
        requests.tell_endings(now=year_later)
        sweep(now=year_later)
    request.refresh_from_db()
    letters = OutboxMessage.objects.filter(key=f"access-late:{request.pk}")
    assert [letter.payload["to"] for letter in letters] == ["deputy@example.org"]
    assert (request.status, request.escalated_to) == (RequestStatus.OPEN, deputy)
    assert AccessGrant.objects.count() == 0
    assert may_take(request.person, training, year_later) is False


def test_deputy_is_told_on_a_weekend_where_every_day_counts(
    training: Training, office: Organization, coordinator: Person
) -> None:
    deputy = make_with_role(Role.COORDINATOR, office, email="deputy@example.org")
    access.set_rule(
        training=training,
        target_days=1,
        every_day=True,
        deputy=deputy,
        grant_days=90,
        actor=coordinator,
    )
    request = ask(training)
    assert requests.escalate_late(now=FRIDAY + timedelta(hours=23)) == 0
    assert requests.escalate_late(now=FRIDAY + timedelta(hours=25)) == 1  # Saturday
    assert set(told(request, "late")) == {"deputy@example.org"}


def told(request: AccessRequest, news: str) -> dict[str, str]:
    """Whom the letters about the request went to, and what they say."""
    letters = OutboxMessage.objects.filter(key__startswith=f"access-{news}:{request.pk}")
    return {letter.payload["to"]: letter.payload["text"] for letter in letters}


def test_letter_names_a_deputy_only_where_there_is_one(
    training: Training, office: Organization, coordinator: Person
) -> None:
    assert "deputy" not in told(ask(training), "asked")["desk@example.org"]
    access.set_rule(
        training=training, target_days=2, deputy=coordinator, grant_days=90, actor=coordinator
    )
    assert "After that the deputy is asked" in told(ask(training), "asked")["desk@example.org"]


def test_late_request_without_a_deputy_goes_to_the_office_once_more(
    training: Training, office: Organization, coordinator: Person
) -> None:
    request, late = ask(training), FRIDAY + timedelta(days=5)
    assert [requests.escalate_late(now=late) for _time in range(2)] == [1, 0]
    letters = told(request, "late")
    assert list(letters) == ["desk@example.org"]
    assert "Please answer it." in letters["desk@example.org"]
    assert "deputy" not in letters["desk@example.org"]
    request.refresh_from_db()
    assert clock(request, late).escalated == ""
    deputy = make_with_role(Role.COORDINATOR, office, email="deputy@example.org")
    access.set_rule(
        training=training, target_days=2, deputy=deputy, grant_days=90, actor=coordinator
    )
    assert [requests.escalate_late(now=late) for _time in range(2)] == [1, 0]
    assert "You are the deputy" in told(request, "late")["deputy@example.org"]


def test_office_without_an_address_is_told_through_its_coordinators(
    training: Training, office: Organization
) -> None:
    Organization.objects.filter(pk=office.pk).update(contact_email="")
    training = Training.objects.get(pk=training.pk)
    for name in ("one", "two"):
        make_with_role(Role.COORDINATOR, office, email=f"{name}@example.org")
    make_with_role(Role.EDITOR, office, email="editor@example.org")
    make_with_role(Role.COORDINATOR, make_office(), email="elsewhere@example.org")
    request = ask(training)
    both = {"one@example.org", "two@example.org"}
    assert set(told(request, "asked")) == both
    requests.escalate_late(now=FRIDAY + timedelta(days=5))
    assert set(told(request, "late")) == both


def test_deputy_must_be_able_to_answer(training: Training, coordinator: Person) -> None:
    given = {"training": training, "target_days": 2, "grant_days": 90, "actor": coordinator}
    assert refusal(access.set_rule, deputy=make_person(), **given) == "not_coordinator"


def test_people_are_told_once_before_their_access_ends(training: Training) -> None:
    soon = make_grant(make_person(), training, expires_on=date(2026, 12, 1), now=FRIDAY)
    make_grant(make_person(), training, expires_on=date(2027, 3, 1), now=FRIDAY)
    for _time in range(2):
        requests.tell_endings(now=FRIDAY)
    told = OutboxMessage.objects.filter(key__startswith="access-ending:")
    assert [letter.key for letter in told] == [f"access-ending:{soon.pk}"]


def test_pasted_addresses_are_invited_once_or_refused_together(
    training: Training, coordinator: Person
) -> None:
    given: dict[str, Any] = {"training": training, "actor": coordinator}
    pasted = ["Ana@agency.gov", "ana@agency.gov", "bo@agency.gov"]
    assert len(access.invite(addresses=pasted, **given)) == 2
    assert len(access.invite(addresses=["ana@agency.gov", "cy@agency.gov"], **given)) == 1
    assert refusal(access.invite, addresses=["di@agency.gov", "x"], **given) == "not_an_address"
    assert OutboxMessage.objects.filter(key__startswith="access-invited:").count() == 3


@pytest.mark.parametrize("domain", ["gmail.com", "nodot", "a_b.gov", "-x.gov"])
def test_domains_that_say_nothing_are_refused(
    training: Training, coordinator: Person, domain: str
) -> None:
    with pytest.raises(Refused):
        access.add_organization(
            training=training, organization=make_office(), domains=[domain], actor=coordinator
        )
