"""Sources are looked at again within a year: who is reminded, once, and what a look changes."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from lms.compliance.duties.sources import (
    due_for_a_look,
    record_look,
    tell_of_old_sources,
    watched_laws,
)
from lms.compliance.duty_models import SourceCheck
from lms.compliance.enums import Basis, SourceFound
from lms.compliance.proofs import programs
from lms.compliance.rules import load_rules
from lms.compliance.tasks import tell_of_old_sources as task
from lms.core.exceptions import Refused
from lms.core.models import AuditEntry, OutboxMessage
from lms.core.time import NEW_YORK
from lms.people.enums import Role
from lms.people.models import Organization, Person
from tests.factories.people import make_office, make_state_office, make_with_role

pytestmark = pytest.mark.django_db
# GBL 205 and 206-f were checked on Nov. 21, 2026, Local Law 104 a day later.
BEFORE = datetime(2027, 11, 20, 9, 15, tzinfo=NEW_YORK)
DUE = datetime(2027, 11, 21, 9, 15, tzinfo=NEW_YORK)
NEXT = datetime(2027, 11, 22, 9, 15, tzinfo=NEW_YORK)


@pytest.fixture
def office() -> Organization:
    return make_state_office(key="state", name="State office", contact_email="ask@example.org")


@pytest.fixture
def ana(office: Organization) -> Person:
    return make_with_role(Role.COORDINATOR, office, name="Ana Rivera")


def names(now: datetime) -> list[str]:
    return [one.name for one in due_for_a_look(now.date())]


def letters() -> list[tuple[str, str]]:
    """To whom, and the subject."""
    found = OutboxMessage.objects.filter(key__startswith="sources-due").order_by("id")
    return [(row.payload["to"], row.payload["subject"]) for row in found]


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_a_year_after_the_last_look_it_is_due() -> None:
    assert names(BEFORE) == []
    assert names(DUE) == ["GBL 205", "GBL 206-f"]
    assert names(NEXT) == ["GBL 205", "GBL 206-f", "NYC Local Law 104"]


def test_a_look_on_a_leap_day_is_due_the_day_after_the_shorter_february() -> None:
    [law] = [one for one in watched_laws() if one.subject == "ny-gbl-205"]
    assert replace(law, checked_on=date(2028, 2, 29)).due_on == date(2029, 3, 1)


def test_coordinators_of_the_states_office_are_written_to_once(ana: Person) -> None:
    make_with_role(Role.COORDINATOR, make_office())
    make_with_role(Role.EDITOR, Organization.objects.get(key="state"))
    assert tell_of_old_sources(now=BEFORE) == 0
    for _again in range(3):
        tell_of_old_sources(now=DUE)
    assert letters() == [(ana.email, "2 sources to look at again")]
    tell_of_old_sources(now=NEXT)
    tell_of_old_sources(now=NEXT)
    assert letters()[1:] == [(ana.email, "1 source to look at again")]
    [first, _second] = OutboxMessage.objects.filter(key__startswith="sources-due").order_by("id")
    assert "GBL 206-f, last checked on November 21, 2026" in first.payload["text"]
    assert reverse("desk_sources:list") in first.payload["text"]


def test_the_task_can_run_on_any_day() -> None:
    task()
    assert letters() == []


def test_a_day_that_was_missed_is_made_good(ana: Person) -> None:
    tell_of_old_sources(now=NEXT)
    assert len(letters()) == 2


def test_a_coordinator_of_two_such_offices_gets_one_letter(ana: Person) -> None:
    from lms.people.services import grant_role

    grant_role(
        person=ana, role=Role.COORDINATOR, organization=make_state_office(key="b"), actor=None
    )
    tell_of_old_sources(now=DUE)
    assert len(letters()) == 1


def test_who_found_the_same_is_reminded_a_year_later(ana: Person) -> None:
    first = record_look(subject="ny-gbl-205", found=SourceFound.SAME, actor=ana, now=DUE)
    assert record_look(subject="ny-gbl-205", found=SourceFound.SAME, actor=ana, now=DUE) == first
    assert names(DUE) == ["GBL 206-f"]
    assert names(datetime(2028, 11, 20, tzinfo=NEW_YORK)) == ["GBL 206-f", "NYC Local Law 104"]
    assert "GBL 205" in names(datetime(2028, 11, 21, tzinfo=NEW_YORK))
    assert AuditEntry.objects.filter(action="source.looked_at").count() == 1


def test_what_was_found_changed_stays_until_the_file_follows(
    ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime(2027, 3, 1, 12, tzinfo=NEW_YORK)
    record_look(subject="ny-gbl-205", found=SourceFound.CHANGED, actor=ana, now=now)
    assert names(now) == ["GBL 205"]
    tell_of_old_sources(now=now)
    assert letters() == []  # they know
    rule = load_rules()["ny-gbl-205"]
    followed = replace(rule, authority=replace(rule.authority, checked_on=date(2027, 3, 20)))
    monkeypatch.setitem(load_rules(), "ny-gbl-205", followed)
    assert names(now) == []


def test_a_listed_program_is_looked_at_again_too_until_it_is_withdrawn(
    office: Organization, ana: Person
) -> None:
    said = programs.ProgramSaid(
        title="Signs",
        provider="A body",
        basis=Basis.STATE_LISTED,
        link="https://example.org/list",
        checked_on=date(2026, 11, 2),
        languages=("en",),
        topics=("NY205-T1",),
    )
    version = programs.add_program(office=office, said=said, actor=ana)
    now = datetime(2027, 11, 2, 9, tzinfo=NEW_YORK)
    assert names(now) == ["Signs"]
    tell_of_old_sources(now=now)
    assert letters() == [(ana.email, "1 source to look at again")]
    training = getattr(version, "training", version)
    programs.withdraw_program(
        training=training, last_day=date(2026, 11, 5), reason="Off the list", actor=ana
    )
    assert names(now) == []


@pytest.mark.parametrize("subject", ["ny-gbl-205", "no-such-rule"])
def test_others_record_no_look_and_nobody_one_of_nothing(ana: Person, subject: str) -> None:
    stranger = make_with_role(Role.COORDINATOR, make_office())
    actor = stranger if subject == "ny-gbl-205" else ana
    with pytest.raises(Refused):
        record_look(subject=subject, found=SourceFound.SAME, actor=actor)
    assert not SourceCheck.objects.exists()


def test_a_look_is_never_rewritten(ana: Person) -> None:
    record_look(subject="ny-gbl-205", found=SourceFound.SAME, actor=ana)
    with pytest.raises(DatabaseError), transaction.atomic():
        SourceCheck.objects.all().delete()


# --- on the desk ----------------------------------------------------------------------------------


def test_the_desk_says_what_is_due_and_takes_the_answer(
    ana: Person, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = load_rules()["ny-gbl-205"]
    old = replace(rule, authority=replace(rule.authority, checked_on=date(2025, 11, 1)))
    monkeypatch.setitem(load_rules(), "ny-gbl-205", old)
    client.force_login(ana)
    desk = text(client.get("/desk/"))
    assert "1 source to look at again" in desk
    assert "A law may have changed: GBL 205." in desk
    found = text(client.get("/desk/sources/"))
    assert "1 is to be looked at again." in found
    assert rule.sources[0].url in found
    client.post("/desk/sources/ny-gbl-205/", {"found": "same"})
    assert "to look at again" not in text(client.get("/desk/"))
    client.post("/desk/sources/ny-gbl-205/", {"found": "changed"})
    assert "Something has changed" in text(client.get("/desk/sources/"))
    assert "1 source to look at again" in text(client.get("/desk/"))


def test_another_offices_coordinator_reads_and_changes_nothing(client: Client) -> None:
    client.force_login(make_with_role(Role.COORDINATOR, make_office()))
    found = text(client.get("/desk/sources/"))
    assert "The office that speaks for the state looks after this." in found
    assert "Still the same" not in found
    client.post("/desk/sources/ny-gbl-205/", {"found": "same"})
    assert not SourceCheck.objects.exists()


def test_to_managers_the_page_does_not_exist(client: Client) -> None:
    client.force_login(
        make_with_role(
            Role.MANAGER, Organization.objects.create(key="h", kind="facility", name="H")
        )
    )
    assert client.get("/desk/sources/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_however_often_somebody_looked(
    ana: Person, client: Client, count: int, django_assert_num_queries: Any
) -> None:
    for day in range(count):
        now = datetime(2027, 1, 1 + day, 12, tzinfo=NEW_YORK)
        record_look(subject="ny-gbl-205", found=SourceFound.SAME, actor=ana, now=now)
    client.force_login(ana)
    with django_assert_num_queries(6):
        client.get("/desk/sources/")
