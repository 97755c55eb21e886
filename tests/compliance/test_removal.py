"""The job that removes completions nobody needs: what each need keeps, and what goes with them."""

from collections.abc import Iterator
from datetime import date, datetime, time
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import IntegrityError, InternalError, connection, models, transaction

from lms.certificates.models import Certificate
from lms.certificates.services import issue_certificate
from lms.completions import removal as ledger
from lms.completions.enums import SourceKind
from lms.completions.models import Completion, Tombstone
from lms.completions.services import record_completion, revoke_completion
from lms.compliance.group_models import GroupListing
from lms.compliance.groups.services import confirm_by_sheet, log_group
from lms.compliance.models import ConditionAttestation
from lms.compliance.retention.needs import Need, needs_of, people_to_look_at
from lms.compliance.retention.removal import remove_unneeded
from lms.compliance.retention.services import end_hold, place_hold, release_records
from lms.core.exceptions import Refused
from lms.core.ledger import maintaining
from lms.core.models import AuditEntry
from lms.core.time import NEW_YORK
from lms.people.enums import Role
from lms.people.models import Employment, Organization, Person
from lms.people.services import end_employment, grant_role
from tests.factories.compliance import make_completion, make_program, sign
from tests.factories.people import make_employment, make_facility, make_office, make_person

pytestmark = pytest.mark.django_db
HIRED, DONE = date(2024, 3, 1), date(2024, 4, 1)
LEFT, TODAY = date(2025, 10, 31), date(2026, 11, 22)
NOW = datetime.combine(TODAY, time(9), tzinfo=NEW_YORK)


@pytest.fixture(autouse=True)
def _switched_on(settings: Any) -> None:
    settings.LMS_REMOVE_COMPLETIONS = True


def gone(person: Person | None = None, facility: Organization | None = None) -> Employment:
    """A worker without an address who left long ago, with one training signed for."""
    employment = make_employment(
        facility or make_facility(), person=person or make_person(None), started_on=HIRED
    )
    sign(employment, make_completion(employment.person, occurred_on=DONE))
    return end_employment(employment=employment, ended_on=LEFT, actor=None)


def let_go(employment: Employment) -> Employment:
    release_records(
        facility=employment.organization,
        employments=[employment.pk],
        actor=make_person(),
        now=NOW,
    )
    return employment


def test_what_nobody_needs_goes_and_leaves_id_hash_and_reason() -> None:
    employment = let_go(gone())
    done = Completion.objects.get()
    assert remove_unneeded(now=NOW) == 1
    assert Completion.objects.count() == ConditionAttestation.objects.count() == 0
    [left] = Tombstone.objects.all()
    assert (left.completion_id, left.evidence_hash, left.reason) == (
        done.pk, done.evidence_hash, "nobody needs it",
    )  # fmt: skip
    assert left.removed_at == NOW
    [noted] = AuditEntry.objects.filter(action="completion.removed")
    assert noted.data == {"reason": "nobody needs it"}
    assert Person.objects.filter(pk=employment.person_id).exists()


def test_off_until_an_operator_switches_it_on(settings: Any) -> None:
    settings.LMS_REMOVE_COMPLETIONS = False
    let_go(gone())
    assert remove_unneeded(now=NOW) == 0
    assert Completion.objects.count() == 1


def test_who_was_never_let_go_of_is_not_looked_at() -> None:
    gone()
    assert list(people_to_look_at()) == []
    assert remove_unneeded(now=NOW) == 0


def test_a_worker_in_two_hotels_is_kept_until_both_let_go() -> None:
    person = make_person(None)
    one, two = gone(person), gone(person)
    let_go(one)
    assert needs_of(person, TODAY) == {Need.EMPLOYMENT}
    assert remove_unneeded(now=NOW) == 0
    let_go(two)
    assert remove_unneeded(now=NOW) == 2


def test_who_is_hired_again_is_kept() -> None:
    employment = let_go(gone())
    make_employment(employment.organization, person=employment.person, started_on=TODAY)
    assert remove_unneeded(now=NOW) == 0


def test_a_licensees_credit_is_kept_and_the_rest_goes() -> None:
    employment = gone()
    credit = [{"accreditor": "nysed-social-work", "hours": "1"}]
    licensed = make_completion(employment.person, make_program(credits=credit), occurred_on=DONE)
    let_go(employment)
    assert remove_unneeded(now=NOW) == 1
    assert list(Completion.objects.all()) == [licensed]


def _address(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(email="rosa@example.org")


def _signed_in(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(last_login=NOW)


def _role(person: Person) -> None:
    grant_role(person=person, role=Role.TRAINER, organization=make_office(), actor=None)


def _merged(person: Person) -> None:
    make_person("rosa@example.org", canonical_person=person)


@pytest.mark.parametrize("account", [_address, _signed_in, _role, _merged])
def test_who_has_an_account_keeps_everything(account: Any) -> None:
    employment = let_go(gone())
    account(employment.person)
    assert needs_of(employment.person, TODAY) == {Need.ACCOUNT}
    assert remove_unneeded(now=NOW) == 0
    assert Completion.objects.count() == 1


@pytest.mark.parametrize("on", ["person", "employment", "facility"])
def test_a_hold_keeps_it_until_it_ends(on: str) -> None:
    employment = let_go(gone())
    target: Any = {
        "person": employment.person,
        "employment": employment,
        "facility": employment.organization,
    }[on]
    actor = make_person()
    hold = place_hold(**{on: target}, reason="A claim.", since=TODAY, actor=actor)
    assert needs_of(employment.person, TODAY) == {Need.HOLD}
    assert remove_unneeded(now=NOW) == 0
    end_hold(hold=hold, reason="Settled.", actor=actor)
    assert remove_unneeded(now=NOW) == 1


def test_a_second_run_finds_nothing_to_do() -> None:
    let_go(gone())
    assert [remove_unneeded(now=NOW) for _ in "ab"] == [1, 0]
    [left] = Tombstone.objects.all()
    assert ledger.remove_completions(completions=[left.completion_id], reason="x") == []
    assert Tombstone.objects.count() == 1


def test_the_same_source_records_nothing_again() -> None:
    employment = gone()
    [done] = Completion.objects.all()
    let_go(employment)
    remove_unneeded(now=NOW)
    with pytest.raises(Refused) as refusal:
        record_completion(
            person=employment.person,
            version=done.version,
            source_kind=SourceKind(done.source_kind),
            source_key=done.source_key,
            occurred_on=DONE,
            evidence={"why": "Once more."},
        )
    assert refusal.value.code == "removed"
    assert Completion.objects.count() == 0


@pytest.fixture
def fails_at() -> Iterator[set[Any]]:
    """Completions at whose removal the worker is cut off."""
    chosen: set[Any] = set()

    def cut(ids: Any) -> None:
        if chosen & set(ids):
            raise KeyboardInterrupt

    ledger.register("test", ledger.Hanging(frozenset(), cut))
    yield chosen
    ledger._hanging.pop("test")


def test_cut_off_in_the_middle_each_person_is_whole(fails_at: set[Any]) -> None:
    other = let_go(gone())
    person = make_person(None)
    let_go(gone(person))
    let_go(gone(person))
    fails_at.add(Completion.objects.of(person).first().pk)  # type: ignore[union-attr]
    with pytest.raises(KeyboardInterrupt):
        remove_unneeded(now=NOW)
    assert Completion.objects.of(other.person).count() == 0
    assert Completion.objects.of(person).count() == ConditionAttestation.objects.count() == 2
    assert Tombstone.objects.count() == 1
    fails_at.clear()
    assert remove_unneeded(now=NOW) == 2
    assert Tombstone.objects.count() == 3


def test_certificates_confirmations_and_revocations_go_along(
    django_capture_on_commit_callbacks: Any,
) -> None:
    employment = make_employment(make_facility(), person=make_person(None), started_on=HIRED)
    manager = make_person()
    group = log_group(
        facility=employment.organization, version=make_program(), held_on=DONE, place="Hall",
        on_premises=True, paid_time=True, trainer="Ana Rivera", language="en",
        employments=[employment], actor=manager, now=NOW,
    )  # fmt: skip
    confirm_by_sheet(group=group, listings=list(group.listings.all()), actor=manager, now=NOW)
    done = Completion.objects.get()
    issue_certificate(completion=done)
    revoke_completion(completion=done, reason="Was not there.", actor=manager)
    end_employment(employment=employment, ended_on=LEFT, actor=None)
    let_go(employment)
    with django_capture_on_commit_callbacks(execute=True):
        assert remove_unneeded(now=NOW) == 1
    assert Certificate.objects.count() == GroupListing.objects.count() == 0
    assert group.__class__.objects.filter(pk=group.pk).exists()


def test_every_row_that_hangs_on_a_completion_knows_how_it_goes() -> None:
    protecting = {
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.fields
        if isinstance(field, models.ForeignKey)
        and field.related_model is Completion
        and field.remote_field.on_delete in {models.PROTECT, models.RESTRICT}
    }
    assert protecting <= ledger.hanging_models()


def _delete() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM completions_completion")


def _delete_as_another_table() -> None:
    with maintaining("compliance_conditionattestation"):
        _delete()


def _delete_after_the_announcement() -> None:
    with maintaining("completions_completion"):
        pass
    _delete()


def _update_announced() -> None:
    with maintaining("completions_completion"), connection.cursor() as cursor:
        cursor.execute("UPDATE completions_completion SET language = 'es'")


@pytest.mark.parametrize(
    "act", [_delete, _delete_as_another_table, _delete_after_the_announcement, _update_announced]
)
def test_the_trigger_refuses_everybody_else(act: Any) -> None:
    make_completion(make_person(None), occurred_on=DONE)
    with pytest.raises((InternalError, IntegrityError), match="keeps facts"), transaction.atomic():
        act()
    assert Completion.objects.count() == 1


def test_the_command_says_what_would_go_and_removes_only_when_asked(settings: Any) -> None:
    let_go(gone())
    said = StringIO()
    call_command("remove_completions", stdout=said)
    assert "1 completions of 1 people would go. The nightly job is on." in said.getvalue()
    settings.LMS_REMOVE_COMPLETIONS = False
    with pytest.raises(CommandError):
        call_command("remove_completions", now=True)
    settings.LMS_REMOVE_COMPLETIONS = True
    call_command("remove_completions", now=True, stdout=said)
    assert Completion.objects.count() == 0
