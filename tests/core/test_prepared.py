"""Querysets written once: the same rows as any, read anew each time; specs parsed once."""

from typing import Any

import pytest
from django.db.models import QuerySet

from lms.completions.models import Completion
from lms.core.prepared import Prepared, any_given, given, given_person
from lms.people.models import Organization, Person
from lms.trainings.models import TrainingVersion
from tests.factories.completions import make_completion
from tests.factories.people import make_person
from tests.factories.trainings import make_version

pytestmark = pytest.mark.django_db


def test_the_sql_is_written_once_and_the_rows_are_read_anew(
    django_assert_num_queries: Any,
) -> None:
    made = []

    def make() -> "QuerySet[Person]":
        made.append(1)
        return Person.objects.filter(pk=given("pk")).select_related("canonical_person")

    by_number = Prepared(make)
    first, second = make_person(name="Ana Rivera"), make_person(name="Bo Diaz")
    assert by_number(pk=first.pk) == [first]
    Person.objects.filter(pk=first.pk).update(first_name="Anna")
    with django_assert_num_queries(3):
        assert [row.first_name for row in by_number(pk=first.pk)] == ["Anna"]
        assert by_number.first(pk=second.pk) == second
        assert by_number.first(pk=0) is None
    assert made == [1]


def test_a_merged_person_is_read_with_the_rows_that_became_theirs() -> None:
    of_person = Prepared(
        lambda: Completion.objects.of(given_person("person")).select_related("person")
    )
    person, other = make_person(), make_person()
    merged = make_person(canonical_person=person)
    mine = {make_completion(person), make_completion(merged)}
    make_completion(other)
    assert set(of_person(person=person)) == mine
    assert set(of_person(person=merged)) == mine


def test_lists_and_what_is_written_into_the_sql() -> None:
    odd = Prepared(
        lambda: Person.objects.filter(
            pk=any_given("pks"), first_name__startswith="100%s", is_active=True
        ).values_list("pk", "first_name")
    )
    found = make_person(name="100%sure Diaz")
    make_person(name="Ana Rivera")
    everybody = list(Person.objects.values_list("pk", flat=True))
    assert odd(pks=everybody) == [(found.pk, "100%sure")]
    assert odd(pks=[]) == []


def test_a_queryset_that_depends_on_who_is_reading_is_refused() -> None:
    def make() -> "QuerySet[Any]":
        person = given_person("reader")
        rows = Organization.objects.all()
        return rows if person.is_superuser else rows.none()

    with pytest.raises(AttributeError):
        Prepared(make)(reader=make_person())


def test_what_a_version_says_is_parsed_once_for_each_hash(django_assert_num_queries: Any) -> None:
    one, other = make_version(minutes=10), make_version(minutes=20)
    late = TrainingVersion.objects.defer("spec").order_by("pk").filter(pk__in=[one.pk, other.pk])
    assert [version.spec["minutes"] for version in late] == [10, 20]
    with django_assert_num_queries(1):
        assert [version.spec["minutes"] for version in late.all()] == [10, 20]
    with django_assert_num_queries(1):
        one.refresh_from_db()
    assert one.spec["minutes"] == 10
