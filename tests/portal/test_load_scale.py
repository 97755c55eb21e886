"""`load_scale`: rows as the services would have written them, once; pages do not notice."""

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client

from lms.certificates.models import Certificate, CertificateRevision
from lms.completions.models import Completion
from lms.compliance.models import ConditionAttestation
from lms.compliance.rules import get_rule
from lms.compliance.selectors import standings, summarize
from lms.core.canonical import digest
from lms.core.time import new_york_today
from lms.people.enums import OrganizationKind, Role
from lms.people.models import Employment, Organization, Person
from lms.people.services import grant_role
from tests.factories.courses import make_course
from tests.factories.people import make_person
from tests.factories.trainings import make_version

pytestmark = pytest.mark.django_db


def load(facilities: int = 13, learners: int = 60, completions: int = 150) -> str:
    told = io.StringIO()
    call_command(
        "load_scale", facilities=facilities, learners=learners, completions=completions, stdout=told
    )
    return told.getvalue()


@pytest.fixture
def trainings() -> None:
    make_version(topics=sorted(get_rule().topic_codes))
    make_version()


def manager_of(key: str) -> Client:
    manager = make_person()
    place = Organization.objects.get(key=key)
    grant_role(person=manager, role=Role.MANAGER, organization=place, actor=None)
    client = Client()
    client.force_login(manager)
    return client


def test_rows_are_what_the_services_write(trainings: None) -> None:
    assert "150 completions" in load()
    facilities = Organization.objects.filter(kind=OrganizationKind.FACILITY)
    assert facilities.count() == 13
    lines = standings(
        facilities=list(facilities.select_related("facility_profile")),
        rule=get_rule(),
        as_of=new_york_today(),
    )
    assert 0 < summarize(lines).trained <= len(lines)
    for completion in Completion.objects.all()[:5]:
        assert digest(completion.evidence) == completion.evidence_hash
    for revision in CertificateRevision.objects.select_related("certificate__completion")[:5]:
        assert digest(revision.facts) == revision.facts_hash
        facts = revision.read_facts()
        assert facts.code == revision.certificate.code
        assert facts.occurred == revision.certificate.completion.occurred_on
        assert facts.name == str(revision.certificate.completion.person)
    signed = ConditionAttestation.objects.select_related("employment", "completion")
    assert signed.exists()
    assert all(row.employment.person_id == row.completion.person_id for row in signed)


def test_second_load_writes_nothing_and_new_rows_get_new_numbers(trainings: None) -> None:
    load()
    before = Completion.objects.count(), Certificate.objects.count(), Person.objects.count()
    assert "nothing was written" in load()
    assert before == (
        Completion.objects.count(),
        Certificate.objects.count(),
        Person.objects.count(),
    )
    assert make_person().pk == Person.objects.order_by("-pk")[0].pk
    Employment.objects.bulk_create(
        [Employment(person_id=10**9, organization_id=1, started_on=new_york_today())]
    )
    with pytest.raises(IntegrityError, match="foreign key"), transaction.atomic():
        connection.check_constraints()  # keys are asked as before
    Employment.objects.filter(person_id=10**9).delete()


def test_pages_ask_as_much_with_many_rows_as_with_few(
    trainings: None, django_assert_num_queries: Any
) -> None:
    load()
    person = Completion.objects.latest("recorded_at").person
    code = Certificate.objects.filter(completion__person=person)[0].code_in_groups
    learner, nobody, manager = Client(), Client(), manager_of("scale-0")
    learner.force_login(person)
    pages = [
        (manager, "/facilities/scale-0/", 11),  # in New York City: two laws
        (learner, "/my/transcript/", 4),
        (nobody, f"/verify/{code}/", 4),  # two of them: what it settles of a law
    ]
    for client, path, queries in pages:
        client.get(path)
        with django_assert_num_queries(queries):
            assert client.get(path).status_code == 200


def test_refused_where_it_has_no_business(settings: Any, trainings: None) -> None:
    settings.TRIAL = False
    with pytest.raises(CommandError, match="for measuring"):
        load()
    assert not Organization.objects.filter(key__startswith="scale-").exists()


def test_without_courses_it_says_what_to_do() -> None:
    make_course()
    with pytest.raises(CommandError, match="Load the demo first"):
        load()
    assert not Person.objects.filter(search_name__contains="000001").exists()


def test_completions_need_people(trainings: None) -> None:
    with pytest.raises(CommandError, match="--learners"):
        load(learners=0)
