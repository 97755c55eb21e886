"""Two records that are one person: joined by an alias, nothing lost, parted again."""

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import DatabaseError, transaction
from django.test import Client

from lms.core.exceptions import Refused
from lms.core.models import AuditEntry, OutboxMessage
from lms.people.enums import MergeReason, Role
from lms.people.merge_models import PersonMerge, SaidDifferent
from lms.people.merging import services
from lms.people.models import Person
from lms.people.selectors import person_for_address
from lms.people.services import confirm_address, end_employment, grant_role
from tests.factories.people import (
    make_employment,
    make_facility,
    make_office,
    make_person,
    make_with_role,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor() -> Person:
    return make_person("admin@example.org", is_superuser=True)


def confirmed(email: str | None, **fields: object) -> Person:
    person = make_person(email, **fields)  # type: ignore[arg-type]
    if email:
        EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def join(duplicate: Person, into: Person, actor: Person) -> PersonMerge:
    done = services.merge(duplicate=duplicate, into=into, reason=MergeReason.TOLD, actor=actor)
    duplicate.refresh_from_db()
    into.refresh_from_db()
    return done


def part(merge: PersonMerge, actor: Person) -> None:
    services.undo_merge(merge=merge, actor=actor)
    merge.duplicate.refresh_from_db()
    merge.into.refresh_from_db()


def addresses(person: Person) -> list[tuple[str, bool]]:
    rows = EmailAddress.objects.filter(user=person).order_by("email")
    return [(row.email, row.primary) for row in rows]


def test_either_address_signs_in_and_parting_gives_them_back(actor: Person) -> None:
    one, other = confirmed("one@example.org"), confirmed("other@example.org")
    merge = join(other, one, actor)
    assert other.canonical == one
    assert addresses(one) == [("one@example.org", True), ("other@example.org", False)]
    assert person_for_address("other@example.org") == one
    assert (one.email, other.email) == ("one@example.org", None)
    part(merge, actor)
    assert merge.duplicate.canonical == other
    assert addresses(one) == [("one@example.org", True)]
    assert addresses(other) == [("other@example.org", True)]
    assert merge.duplicate.email == "other@example.org"
    assert person_for_address("other@example.org") == other


def test_a_record_without_an_address_takes_the_others(actor: Person) -> None:
    worker, imported = make_person(None), make_person("typed@example.org")
    merge = join(imported, worker, actor)
    assert (worker.email, imported.email) == ("typed@example.org", None)
    part(merge, actor)
    assert (merge.into.email, merge.duplicate.email) == (None, "typed@example.org")


def test_an_address_confirmed_since_stays_with_who_confirmed_it(actor: Person) -> None:
    worker, imported = make_person(None), make_person("typed@example.org")
    merge = join(imported, worker, actor)
    confirm_address(person=worker, email="typed@example.org")
    part(merge, actor)
    assert (merge.into.email, merge.duplicate.email) == ("typed@example.org", None)


def test_the_other_address_can_become_the_main_one_and_still_goes_back(actor: Person) -> None:
    one, other = confirmed("one@example.org"), confirmed("other@example.org")
    merge = join(other, one, actor)
    EmailAddress.objects.get(email="other@example.org").set_as_primary()
    part(merge, actor)
    assert (merge.into.email, addresses(one)) == ("one@example.org", [("one@example.org", True)])
    assert addresses(other) == [("other@example.org", True)]


def test_an_unconfirmed_address_of_the_merged_record_can_become_the_main_one(
    actor: Person,
) -> None:
    one, other = confirmed("one@example.org"), make_person("typed@example.org")
    join(other, one, actor)
    assert person_for_address("typed@example.org") == one
    confirm_address(person=one, email="typed@example.org")
    EmailAddress.objects.get(email="typed@example.org", user=one).set_as_primary()
    one.refresh_from_db()
    assert one.email == "typed@example.org"


def test_sessions_of_the_duplicate_end_and_stay_ended(client: Client, actor: Person) -> None:
    one, other = confirmed("one@example.org"), confirmed("other@example.org")
    client.force_login(other)
    UserSession.objects.create(user=other, session_key=client.session.session_key, ip="192.0.2.1")
    assert client.get("/accounts/profile/").status_code == 200
    merge = join(other, one, actor)
    assert client.get("/accounts/profile/").status_code == 302
    part(merge, actor)
    assert client.get("/accounts/profile/").status_code == 302


def test_the_alias_is_one_level_deep_and_each_merge_is_undone_by_itself(actor: Person) -> None:
    first, second, third = make_person(), make_person(), make_person()
    inner = join(first, second, actor)
    outer = join(second, third, actor)
    first.refresh_from_db()
    assert (first.canonical_person, second.canonical_person) == (third, third)
    part(outer, actor)
    first.refresh_from_db()
    assert (first.canonical_person, outer.duplicate.canonical_person) == (second, None)
    part(inner, actor)
    first.refresh_from_db()
    assert first.canonical_person is None


def test_the_inner_merge_may_be_undone_first(actor: Person) -> None:
    first, second, third = make_person(), make_person(), make_person()
    inner, outer = join(first, second, actor), join(second, third, actor)
    part(inner, actor)
    part(outer, actor)
    first.refresh_from_db()
    assert (first.canonical_person, outer.duplicate.canonical_person) == (None, None)


def test_merging_and_undoing_twice_is_once(actor: Person) -> None:
    one, other = make_person(), make_person()
    merge = join(other, one, actor)
    assert join(other, one, actor) == merge
    assert services.undo_merge(merge=merge, actor=actor) == services.undo_merge(
        merge=merge, actor=actor
    )
    again = join(Person.objects.get(pk=other.pk), one, actor)
    assert again != merge


def test_both_are_told_without_the_others_name(actor: Person) -> None:
    one = confirmed("one@example.org", name="Ana Rivera")
    other = confirmed("other@example.org", name="Anna Rivera")
    join(other, one, actor)
    mails = OutboxMessage.objects.filter(key__startswith="records_joined")
    assert {mail.payload["to"] for mail in mails} == {"one@example.org", "other@example.org"}
    assert not any("Rivera" in str(mail.payload) for mail in mails)


def test_what_was_joined_is_kept_and_cannot_be_rewritten(actor: Person) -> None:
    merge = join(make_person(), make_person(), actor)
    [entry] = AuditEntry.objects.filter(action="person.merged")
    assert (entry.actor, entry.data) == (actor, {"into": merge.into_id, "reason": "told"})
    with pytest.raises(DatabaseError), transaction.atomic():
        PersonMerge.objects.update(reason="twice")
    with pytest.raises(DatabaseError), transaction.atomic():
        PersonMerge.objects.all().delete()


def refused(duplicate: Person, into: Person, actor: Person) -> Refused:
    with pytest.raises(Refused) as refusal:
        services.merge(duplicate=duplicate, into=into, reason=MergeReason.TOLD, actor=actor)
    return refusal.value


def test_what_cannot_be_joined(actor: Person) -> None:
    one, other = make_person(), make_person()
    assert refused(one, one, actor).code == "same"
    alias = make_person(canonical_person=one)
    assert refused(alias, other, actor).code == "merged_already"
    assert refused(other, alias, actor).code == "merged_already"


def test_rights_are_never_carried_over(actor: Person) -> None:
    office = make_office(name="City office")
    held = make_with_role(Role.COORDINATOR, office)
    refusal = refused(held, make_person(), actor)
    assert (refusal.code, "Training coordinator, City office" in str(refusal)) == (
        "roles_held",
        True,
    )
    assert refused(actor, make_person(), actor).code == "roles_held"


def test_only_an_administrator_or_the_person_gives_a_colleagues_record_an_address(
    actor: Person,
) -> None:
    office = make_office()
    colleague, coordinator = make_person(), make_person()
    for person in (colleague, coordinator):
        grant_role(person=person, role=Role.COORDINATOR, organization=office, actor=None)
    assert refused(make_person(), colleague, coordinator).code == "staff"
    assert join(make_person(), colleague, colleague).into == colleague
    assert join(make_person(), coordinator, actor).into == coordinator


def test_two_open_employments_in_one_place_are_settled_before(actor: Person) -> None:
    hotel = make_facility(name="Hudson House")
    one, other = make_person(), make_person()
    make_employment(hotel, person=one)
    twice = make_employment(hotel, person=other)
    refusal = refused(other, one, actor)
    assert refusal.code == "collisions"
    assert "Both work at Hudson House now." in str(refusal)
    end_employment(employment=twice, ended_on=twice.started_on, actor=None)
    join(other, one, actor)


def test_a_collision_of_a_record_merged_before_counts_too(actor: Person) -> None:
    hotel = make_facility()
    one, other, before = make_person(), make_person(), make_person()
    make_employment(hotel, person=one)
    make_employment(hotel, person=before)
    join(before, other, actor)
    assert refused(other, one, actor).code == "collisions"


def test_two_people_are_said_to_be_two_once(actor: Person) -> None:
    one, other = make_person(), make_person()
    said = services.say_different(one=other, other=one, actor=actor)
    assert services.say_different(one=one, other=other, actor=actor) == said
    assert (said.first, said.second) == (one, other)
    services.unsay_different(one=one, other=other, actor=actor)
    assert not SaidDifferent.objects.exists()
