"""What facilities state and sign: each call, its repeat, its refusals, the database's word."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from lms.completions.services import revoke_completion
from lms.compliance import services
from lms.compliance.enums import Basis
from lms.compliance.models import (
    ConditionAttestation,
    Exemption,
    FacilityProfile,
    ProgramApproval,
)
from lms.core import personal_data
from lms.core.exceptions import Refused
from lms.core.models import AuditEntry
from lms.people.models import Person
from lms.people.services import end_employment
from tests.factories.compliance import describe, gbl205, make_completion, make_program, sign
from tests.factories.people import make_employment, make_facility, make_office, make_person
from tests.factories.trainings import make_version

pytestmark = pytest.mark.django_db
DAY = date(2026, 2, 2)


def _run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def audited(action: str) -> int:
    return AuditEntry.objects.filter(action=action).count()


def test_signing_twice_the_same_is_one_signature() -> None:
    employment = make_employment(make_facility(), started_on=DAY)
    completion = make_completion(employment.person, occurred_on=DAY)
    assert sign(employment, completion) == sign(employment, completion)
    assert audited("conditions.attested") == 1


def test_a_correction_is_a_newer_signature() -> None:
    employment = make_employment(make_facility(), started_on=DAY)
    completion = make_completion(employment.person, occurred_on=DAY)
    sign(employment, completion, paid_time=False)
    sign(employment, completion)
    assert list(employment.attestations.order_by("id").values_list("on_premises", "paid_time")) == [
        (True, False),
        (True, True),
    ]


def test_somebody_elses_training_is_refused() -> None:
    employment = make_employment(make_facility(), started_on=DAY)
    with pytest.raises(Refused) as refusal:
        sign(employment, make_completion(make_person(), occurred_on=DAY))
    assert refusal.value.code == "not_theirs"


def test_a_training_of_a_merged_row_is_theirs() -> None:
    employment = make_employment(make_facility(), started_on=DAY)
    alias = make_person()
    completion = make_completion(alias, occurred_on=DAY)
    Person.objects.filter(pk=alias.pk).update(canonical_person=employment.person)
    completion.refresh_from_db()
    assert sign(employment, completion).pk


def test_a_revoked_training_is_refused() -> None:
    employment = make_employment(make_facility(), started_on=DAY)
    completion = make_completion(employment.person, occurred_on=DAY)
    revoke_completion(completion=completion, reason="Entered by mistake", actor=None)
    with pytest.raises(Refused) as refusal:
        sign(employment, completion)
    assert refusal.value.code == "revoked"


def test_a_training_before_the_hire_date_is_refused() -> None:
    employment = make_employment(make_facility(), started_on=DAY)
    completion = make_completion(employment.person, occurred_on=date(2026, 2, 1))
    with pytest.raises(Refused) as refusal:
        sign(employment, completion)
    assert refusal.value.code == "before_hiring"
    assert not employment.attestations.exists()


def test_a_training_after_the_last_day_is_refused() -> None:
    employment = make_employment(make_facility(), started_on=DAY)
    end_employment(employment=employment, ended_on=date(2026, 3, 1), actor=None)
    completion = make_completion(employment.person, occurred_on=date(2026, 3, 2))
    with pytest.raises(Refused) as refusal:
        sign(employment, completion)
    assert refusal.value.code == "after_leaving"


def test_signing_for_many_is_all_or_none() -> None:
    facility = make_facility()
    good, bad = (make_employment(facility, started_on=DAY) for _one in range(2))
    completions = [make_completion(good.person, occurred_on=DAY)]
    completions.append(make_completion(make_person(), occurred_on=DAY))
    with pytest.raises(Refused), transaction.atomic():
        services.attest_many(
            trainings=zip([good, bad], completions, strict=True),
            on_premises=True,
            paid_time=True,
            actor=None,
        )
    assert ConditionAttestation.objects.count() == 0


def test_describing_a_facility_again_changes_only_what_differs() -> None:
    facility = make_facility()
    for rooms in (40, 40, 41):
        describe(facility, rooms_for_hire=rooms)
    assert FacilityProfile.objects.get().rooms_for_hire == 41
    assert audited("facility.described") == 2


@pytest.mark.parametrize("rooms", [0, -1])
def test_a_facility_without_rooms_is_refused(rooms: int) -> None:
    with pytest.raises(Refused) as refusal:
        describe(make_facility(), rooms_for_hire=rooms)
    assert refusal.value.code == "no_rooms"


def test_an_office_has_no_rooms() -> None:
    with pytest.raises(Refused) as refusal:
        describe(make_office())
    assert refusal.value.code == "not_a_facility"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"basis": Basis.STATE_LISTED, "link": "https://example.org"}, "listed_without_link"),
        ({"basis": Basis.STATE_LISTED, "checked_on": DAY}, "listed_without_link"),
        ({"basis": Basis.OTHER}, "approver_missing"),
        ({"basis": Basis.OWN_WITH_WORKSHEET, "approved_by": " "}, "approver_missing"),
    ],
)
def test_half_an_approval_is_refused(given: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        services.approve_program(training=make_version().training, actor=None, **given)  # type: ignore[arg-type]
    assert refusal.value.code == code


def test_an_approval_for_another_trainings_version_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        services.approve_program(
            training=make_version().training,
            version=make_version(),
            basis=Basis.WITHDRAWN,
            actor=None,
        )
    assert refusal.value.code == "other_training"


def test_approving_twice_the_same_is_one_approval() -> None:
    training = make_version().training
    for _time in range(2):
        services.approve_program(
            training=training, basis=Basis.OTHER, approved_by="Federal office", actor=None
        )
    assert ProgramApproval.objects.count() == 1


def test_an_exemption_needs_a_reason_and_days_in_order() -> None:
    employment = make_employment(make_facility(), started_on=DAY)
    for given, code in [
        ({"reason": " "}, "reason_missing"),
        ({"reason": "Leave", "ends_on": date(2026, 1, 1)}, "ends_before_start"),
    ]:
        with pytest.raises(Refused) as refusal:
            services.exempt(
                employment=employment, rule=gbl205(), starts_on=DAY, actor=None, **given
            )  # type: ignore[arg-type]
        assert refusal.value.code == code


def test_the_same_exemption_twice_is_one() -> None:
    employment = make_employment(make_facility(), started_on=DAY)
    for _time in range(2):
        services.exempt(
            employment=employment, rule=gbl205(), reason="Leave", starts_on=DAY, actor=None
        )
    assert Exemption.objects.count() == 1


@pytest.mark.parametrize(
    "table",
    ["conditionattestation", "programapproval", "exemption"],
)
@pytest.mark.parametrize("change", ["UPDATE {} SET id = 0", "DELETE FROM {}", "TRUNCATE {}"])
def test_what_was_signed_is_not_rewritten(table: str, change: str) -> None:
    employment = make_employment(make_facility(), started_on=DAY)
    completion = make_completion(employment.person, make_program(), occurred_on=DAY)
    sign(employment, completion)
    services.approve_program(
        training=completion.training, basis=Basis.OTHER, approved_by="Office", actor=None
    )
    services.exempt(employment=employment, rule=gbl205(), reason="Leave", starts_on=DAY, actor=None)
    statement = change.format(f"compliance_{table}")
    with pytest.raises(IntegrityError, match="keeps facts"), transaction.atomic():
        _run("SET CONSTRAINTS ALL IMMEDIATE", statement)


@pytest.mark.parametrize(
    ("row", "constraint"),
    [
        ({"basis": "hearsay", "approved_by": "x"}, "basis_known"),
        ({"basis": "state_listed", "link": "https://example.org"}, "listed_has_link_and_day"),
        ({"basis": "other"}, "says_by_whom"),
    ],
)
def test_the_database_refuses_half_an_approval(row: dict[str, str], constraint: str) -> None:
    training = make_version().training
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ProgramApproval.objects.create(training=training, **row)


def test_the_database_refuses_an_exemption_without_reason() -> None:
    employment = make_employment(make_facility(), started_on=DAY)
    with pytest.raises(IntegrityError, match="has_reason"), transaction.atomic():
        Exemption.objects.create(employment=employment, rule="ny-gbl-205", reason="", starts_on=DAY)


def test_everyone_can_see_what_was_signed_about_them() -> None:
    employment = make_employment(make_facility(name="Hudson House"), started_on=DAY)
    completion = make_completion(employment.person, occurred_on=DAY)
    sign(employment, completion)
    services.exempt(employment=employment, rule=gbl205(), reason="Leave", starts_on=DAY, actor=None)
    kept = personal_data.export(employment.person)
    [signature] = kept["signatures about place and pay"]
    [exemption] = kept["exemptions from a duty"]
    assert (signature["facility"], signature["on the premises"]) == ("Hudson House", True)
    assert (exemption["rule"], exemption["reason"]) == ("ny-gbl-205", "Leave")
    assert personal_data.export(make_person())["signatures about place and pay"] == []
