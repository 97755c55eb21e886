"""Who may take a restricted training: one answer, and each way in."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from courses import services as courses
from courses.models import CoursePage
from events import services as events
from lms.core.exceptions import Refused
from lms.core.models import AuditEntry
from lms.people.enums import OrganizationKind, Role
from lms.people.models import Person
from lms.trainings.access import may_take, reach_of, why_not
from lms.trainings.access_models import AccessGrant, AccessInvitation
from lms.trainings.enums import Access, GrantBasis
from lms.trainings.models import Training
from lms.trainings.services import access as access_services
from tests.courses.reading import costs
from tests.factories.access import make_access_organization, make_grant, make_invitation, prove
from tests.factories.courses import make_course, training_of
from tests.factories.events import EARLIER, make_live_page, make_session
from tests.factories.people import (
    make_employment,
    make_facility,
    make_office,
    make_organization,
    make_person,
    make_with_role,
)

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 17, tzinfo=UTC)  # a Friday


def restricted(access: Access = Access.APPROVAL, **fields: Any) -> Training:
    return training_of(make_course(access=access, **fields))


def test_an_open_training_is_everybodys_and_asks_nothing() -> None:
    training, person = training_of(make_course()), make_person()
    assert costs(lambda: may_take(person, training)) == 0
    assert may_take(person, training)


@pytest.mark.parametrize("access", [Access.ORGANIZATION, Access.INVITATION, Access.APPROVAL])
def test_a_restricted_training_is_nobodys_by_itself(access: Access) -> None:
    training, person = restricted(access), make_person()
    assert may_take(person, training) is False
    refusal = why_not(person, training)
    assert refusal
    assert refusal.code == "not_in_audience"


def test_a_grant_holds_through_its_last_new_york_day() -> None:
    training, person = restricted(), make_person()
    make_grant(person, training, expires_on=date(2026, 11, 20), now=NOON)
    late_friday = datetime(2026, 11, 21, 4, 59, tzinfo=UTC)
    assert may_take(person, training, late_friday)
    assert may_take(person, training, late_friday + timedelta(minutes=2)) is False
    refusal = why_not(person, training, late_friday + timedelta(days=3))
    assert "ended on November 20, 2026" in str(refusal)


def test_a_grant_follows_a_merged_person() -> None:
    training, stayed = restricted(), make_person()
    make_grant(make_person(canonical_person=None), training)
    merged = make_person()
    make_grant(merged, training)
    Person.objects.filter(pk=merged.pk).update(canonical_person=stayed)
    assert may_take(stayed, training)


def test_an_ended_grant_opens_nothing_and_ends_once() -> None:
    training, person = restricted(), make_person()
    grant = make_grant(person, training)
    for _time in range(2):
        access_services.end_grant(grant=grant, actor=grant.granted_by)
    assert may_take(person, training) is False
    assert AuditEntry.objects.filter(action="access.ended").count() == 1


def test_employment_opens_a_training_of_the_organization_while_it_lasts() -> None:
    training, agency = restricted(Access.ORGANIZATION), make_organization(OrganizationKind.AGENCY)
    make_access_organization(training, agency)
    here, gone = make_person(), make_person()
    make_employment(agency, person=here, started_on=date(2026, 1, 5))
    left = make_employment(agency, person=gone, started_on=date(2026, 1, 5))
    left.ended_on = date(2026, 11, 19)
    left.save(update_fields=["ended_on"])
    assert (may_take(here, training, NOON), may_take(gone, training, NOON)) == (True, False)


def test_a_companys_training_is_its_hotels_peoples_too() -> None:
    training, company = restricted(Access.ORGANIZATION), make_organization(OrganizationKind.COMPANY)
    make_access_organization(training, company)
    clerk = make_person()
    make_employment(make_facility(parent=company), person=clerk, started_on=date(2026, 1, 5))
    assert may_take(clerk, training, NOON)


@pytest.mark.parametrize(
    ("address", "opens"),
    [
        ("ana@harbor.example.org", True),
        ("ana@mail.harbor.example.org", True),
        ("ana@notharbor.example.org", False),
        ("ana@example.org", False),
        ("harbor.example.org@evil.example", False),
    ],
)
def test_a_proved_address_at_the_organizations_domain_opens(address: str, opens: bool) -> None:
    training, agency = restricted(Access.ORGANIZATION), make_organization(OrganizationKind.AGENCY)
    make_access_organization(training, agency, "harbor.example.org")
    person = make_person()
    prove(person, address)
    assert may_take(person, training) is opens


def test_an_address_nobody_proved_opens_nothing() -> None:
    training, agency = restricted(Access.ORGANIZATION), make_organization(OrganizationKind.AGENCY)
    make_access_organization(training, agency, "harbor.example.org")
    invited = restricted(Access.INVITATION)
    make_invitation(invited, "ana@harbor.example.org")
    person = make_person("ana@harbor.example.org")
    assert (may_take(person, training), may_take(person, invited)) == (False, False)


def test_listed_organizations_count_for_trainings_by_organization_only() -> None:
    training, agency = restricted(Access.APPROVAL), make_organization(OrganizationKind.AGENCY)
    make_access_organization(training, agency)
    person = make_person()
    make_employment(agency, person=person)
    assert may_take(person, training) is False


def test_an_invitation_becomes_a_grant_by_who_invited_when_it_is_used() -> None:
    training, person = restricted(Access.INVITATION), make_person()
    invitation = make_invitation(training, "ana@example.org")
    prove(person, "ana@example.org")
    for _time in range(2):
        courses.enrol(person=person, training=training, actor=person)
    [grant] = AccessGrant.objects.all()
    assert (grant.basis, grant.invitation, grant.granted_by) == (
        GrantBasis.INVITATION,
        invitation,
        invitation.invited_by,
    )
    assert AccessInvitation.objects.open().count() == 0
    assert may_take(person, training)


def test_people_of_the_owning_office_see_it_as_learners_do() -> None:
    office = make_office()
    training = restricted(office=office)
    ours = make_with_role(Role.COORDINATOR, office)
    theirs = make_with_role(Role.COORDINATOR, make_office())
    admin = make_person(is_superuser=True)
    asked = [may_take(person, training) for person in (ours, theirs, admin)]
    assert asked == [True, False, True]


def test_services_refuse_whom_it_is_not_for() -> None:
    course, session = restricted(), make_session(make_live_page(access="approval").training())
    person = make_person()
    with pytest.raises(Refused) as refused_course:
        courses.enrol(person=person, training=course, actor=person)
    with pytest.raises(Refused) as refused_seat:
        events.register(session=session, person=person, actor=person, now=EARLIER)
    assert (refused_course.value.code, refused_seat.value.code) == ("not_in_audience",) * 2
    make_grant(person, session.training)
    assert events.register(session=session, person=person, actor=person, now=EARLIER).is_live


def test_reach_costs_the_same_however_many_trainings_there_are() -> None:
    person = make_person()
    make_grant(person, restricted())
    first = costs(lambda: reach_of(Person.objects.get(pk=person.pk)))
    for _time in range(2):
        make_grant(person, restricted())
    assert (first, costs(lambda: reach_of(Person.objects.get(pk=person.pk)))) == (5, 5)


def test_publication_in_the_main_language_sets_the_door() -> None:
    page = make_course()
    page.access, page.is_hidden = Access.APPROVAL, True
    page.save_revision()
    assert training_of(page).access == Access.OPEN  # a draft changes nothing
    page.get_latest_revision().publish()
    training = training_of(page)
    assert (training.access, training.is_hidden) == (Access.APPROVAL, True)
    changes = AuditEntry.objects.filter(action="training.access_changed")
    assert [entry.data for entry in changes] == [
        {"access": "approval", "is_hidden": True, "without_account": False}
    ]


@pytest.mark.parametrize(
    "fields",
    [{"is_hidden": True}, {"access": Access.APPROVAL, "without_account": True}],
)
def test_what_does_not_fit_together_is_refused_by_page_and_database(
    fields: dict[str, Any],
) -> None:
    page = CoursePage.objects.get(pk=make_course().pk)
    for name, value in fields.items():
        setattr(page, name, value)
    with pytest.raises(ValidationError):
        page.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        Training.objects.filter(key=page.translation_key).update(**fields)


def test_database_asks_of_each_grant_who_decided() -> None:
    """Never granted by a timer: there is no grant without a person behind it."""
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessGrant.objects.create(
            training=restricted(), person=make_person(), basis="by_hand", granted_by=None
        )
    grant = make_grant(make_person(), restricted())
    with pytest.raises(ProtectedError):
        grant.granted_by.delete()


def test_one_grant_at_a_time_and_the_longer_one_stays() -> None:
    training, person = restricted(), make_person()
    short = make_grant(person, training, expires_on=date(2027, 1, 1), now=NOON)
    assert make_grant(person, training, expires_on=date(2026, 12, 1), now=NOON) == short
    longer = make_grant(person, training, expires_on=date(2027, 2, 1), now=NOON)
    short.refresh_from_db()
    assert (short.ended_at, longer.ended_at) == (NOON, None)
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessGrant.objects.filter(pk=short.pk).update(ended_at=None)
