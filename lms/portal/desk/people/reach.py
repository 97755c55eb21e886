"""Whom a coordinator may look up: people who took part with the office, or gave their address.

A coordinator's scope is an office. Names are searched among people who have something to do with
its trainings; anybody else is found by their exact address alone, which only they can have given.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet

from courses.models import Enrolment
from events.models import Registration
from lms.completions.models import Completion
from lms.people.enums import Role
from lms.people.models import Organization, Person
from lms.people.querysets import OrganizationQuerySet
from lms.people.selectors import person_for_address
from lms.trainings.enums import TrainingKind
from lms.trainings.models import Training, VersionInForce

ENTERED_KINDS = [
    TrainingKind.COURSE, TrainingKind.LIVE, TrainingKind.CONFERENCE, TrainingKind.OUTSIDE,
]  # fmt: skip


def offices_of(actor: Person) -> OrganizationQuerySet:
    """The offices the person coordinates; the administrator has all."""
    offices = Organization.objects.offices()
    return offices if actor.is_superuser else offices.with_role(actor, Role.COORDINATOR)


def people_in_reach(actor: Person) -> "QuerySet[Person]":
    """People with a course, a seat or a completion in a training of the actor's offices.

    Asked of each person rather than of each completion: those are a few hundred times as many, and
    whoever looks for somebody has named a few.
    """
    mine = Training.objects.filter(owner__in=offices_of(actor)).values("pk")
    theirs = {"person": OuterRef("pk")}
    took_part = Person.objects.filter(
        Q(pk=OuterRef("pk")) | Q(canonical_person=OuterRef("pk")),
        Exists(Enrolment.objects.filter(training__in=mine, **theirs))
        | Exists(Registration.objects.filter(session__training__in=mine, **theirs))
        | Exists(Completion.objects.filter(training__in=mine, **theirs)),
    )
    return Person.objects.canonical().filter(Exists(took_part)).order_by("sort_name", "pk")


def find(actor: Person, words: str) -> list[Person]:
    """At most 50 people by name or part of an address; one more by an exact address."""
    found = list(people_in_reach(actor).matching(words)[:50])  # type: ignore[attr-defined]  # our queryset
    exact = person_for_address(words) if "@" in words else None
    return [exact] if exact and exact not in found else found


def may_see(actor: Person, person: Person, address: str) -> bool:
    """Whether the person is in reach, or was found by `address`, which is theirs."""
    if address and person_for_address(address) == person:
        return True
    return people_in_reach(actor).filter(pk=person.pk).exists()


def record_of(actor: Person, person: Person) -> "QuerySet[Completion]":
    """The person's completions of the offices' trainings; of other offices' nothing is shown."""
    return (
        Completion.objects.of(person)
        .filter(training__owner__in=offices_of(actor))
        .select_related("training__owner", "version", "revocation", "staff_entry", "actor")
    )


def courses_of(actor: Person, person: Person) -> "QuerySet[Enrolment]":
    """The person's online courses with the actor's offices, newest first, ready for `where`."""
    mine = Enrolment.objects.filter(
        person__in=Person.objects.one_with(person), training__owner__in=offices_of(actor)
    )
    return mine.of_people().with_standing().order_by("-started_at", "-pk")


def trainings_to_enter(actor: Person) -> "QuerySet[Training]":
    """What the offices' coordinators can enter: their trainings that were ever published."""
    return (
        Training.objects.filter(
            owner__in=offices_of(actor),
            kind__in=ENTERED_KINDS,
            pk__in=VersionInForce.objects.values("training"),
        )
        .select_related("owner")
        .order_by("title", "pk")
    )
