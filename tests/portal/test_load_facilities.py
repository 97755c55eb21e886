"""The demo's hotels: loaded once, left alone after, and standing as the file says."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

import lms.portal.demo
from lms.completions.models import Completion
from lms.compliance.enums import StandingState
from lms.compliance.models import ConditionAttestation, FacilityProfile, ProgramApproval
from lms.compliance.rules import get_rule
from lms.compliance.selectors import Scope, facilities_for, standings
from lms.core.models import AuditEntry
from lms.people.enums import Role
from lms.people.models import Employment, Organization, Person, RoleAssignment
from lms.people.permissions import has_role
from lms.portal.demo.load_facilities import load_facilities, load_organizations_and_people
from tests.factories.compliance import make_program, sign
from tests.factories.trainings import make_training

pytestmark = pytest.mark.django_db
FOLDER = Path(lms.portal.demo.__file__).parent
TODAY = date(2026, 11, 21)


def load(today: date = TODAY) -> None:
    load_organizations_and_people(FOLDER, today=today)
    load_facilities(FOLDER, today=today)


@pytest.fixture
def _course() -> None:
    make_program(training=make_training(title="Awareness"), approval={})


def counts() -> list[int]:
    models = [
        Organization, Person, RoleAssignment, Employment, Completion, ConditionAttestation,
        ProgramApproval, FacilityProfile, AuditEntry,
    ]  # fmt: skip
    return [model._base_manager.count() for model in models]


def states(key: str, today: date = TODAY, scope: Scope = Scope.ALL) -> Counter[str]:
    facility = Organization.objects.select_related("facility_profile").get(key=key)
    found = standings(facilities=[facility], rule=get_rule(), as_of=today, scope=scope)
    return Counter(str(line.standing.state) for line in found)


@pytest.mark.usefixtures("_course")
def test_the_hotels_stand_as_the_file_says() -> None:
    load()
    assert states("hudson-house") == {
        "met_on_time": 16,
        "trained_not_proven": 2,
        "overdue": 1,
        "due_soon": 2,
        "due": 2,
        "not_covered": 1,
    }
    assert states("genesee-lodge")[StandingState.MET_LATE] == 1
    assert states("lakeside-inn") == Counter()


@pytest.mark.usefixtures("_course")
def test_loading_again_next_month_changes_nothing() -> None:
    load()
    before = counts()
    load(TODAY + timedelta(days=30))
    assert counts() == before


@pytest.mark.usefixtures("_course")
def test_what_somebody_tried_in_the_trial_stays() -> None:
    load()
    signature = ConditionAttestation.objects.select_related("employment", "completion").first()
    assert signature is not None
    sign(signature.employment, signature.completion, paid_time=False)
    before = counts()
    load()
    assert counts() == before


@pytest.mark.usefixtures("_course")
def test_staff_have_their_roles_and_nobody_else_does() -> None:
    load()
    person = {person.email: person for person in Person.objects.exclude(email=None)}
    hudson = Organization.objects.get(key="hudson-house")
    assert has_role(person["manager@example.org"], Role.MANAGER, hudson)
    assert [place.key for place in facilities_for(person["lakeside@example.org"])] == [
        "lakeside-inn"
    ]
    assert {place.key for place in facilities_for(person["company@example.org"])} == {
        "hudson-house",
        "genesee-lodge",
    }
    assert person["admin@example.org"].is_superuser
    assert not facilities_for(person["learner@example.org"]).exists()
    assert person["rosa.almonte@example.org"].has_usable_password() is False


def test_without_a_course_it_says_what_to_load_first() -> None:
    load_organizations_and_people(FOLDER, today=TODAY)
    with pytest.raises(LookupError, match="Load the courses first"):
        load_facilities(FOLDER, today=TODAY)


def test_records_rest_on_the_version_in_force() -> None:
    training = make_training(title="Awareness")
    first = make_program(training=training, approval={})
    make_program(training=training, approval={}, minutes=90)
    make_program(training=training, approval={})
    load()
    courses = Completion.objects.filter(training__kind="course")
    assert set(courses.values_list("version__number", flat=True)) == {first.number}
