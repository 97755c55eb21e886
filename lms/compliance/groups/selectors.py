"""Questions about group trainings."""

from collections.abc import Sequence

from django.db.models import Count, Max, Q
from django.db.models.query import QuerySet

from lms.compliance.group_models import GroupListing, GroupTraining
from lms.compliance.rules import Rule
from lms.compliance.worksheets.selectors import owners_for
from lms.people.models import Employment, Organization, Person
from lms.trainings.enums import TrainingKind
from lms.trainings.models import VersionInForce


def programs_for(rule: Rule, facility: Organization) -> "QuerySet[VersionInForce]":
    """The programs in force that cover any topic of the rule, by title.

    Of facilities' own programs only those that this one may use.
    """
    newest = VersionInForce.objects.values("training").annotate(last=Max("pk")).values("last")
    return (
        VersionInForce.objects.filter(
            pk__in=newest, version__spec__topics__has_any_keys=sorted(rule.topic_codes)
        )
        .exclude(~Q(training__owner__in=owners_for(facility)), training__kind=TrainingKind.FACILITY)
        .select_related("training", "version")
        .order_by("training__title", "pk")
    )


def groups_of(facility: Organization) -> "QuerySet[GroupTraining]":
    """The facility's group trainings, the newest first, with how many are listed and confirmed."""
    return (
        GroupTraining.objects.filter(facility__in=Organization.objects.one_place(facility))
        .select_related("version__training", "logged_by")
        .annotate(
            listed=Count("listings"),
            confirmed=Count("listings", filter=Q(listings__confirmation__was_there=True)),
            answered=Count("listings__confirmation"),
        )
    )


def listings_of(group: GroupTraining) -> "QuerySet[GroupListing]":
    """Who is listed, by name, with what each said; without those whose record was let go."""
    return (
        GroupListing.objects.filter(group=group, employment__released_at__isnull=True)
        .select_related("employment__person", "confirmation")
        .order_by("employment__person__sort_name", "pk")
    )


def open_listings(employment: Employment) -> "QuerySet[GroupListing]":
    """What waits for this employee's own yes or no.

    A training from before a hire date that was corrected since is asked of nobody.
    """
    return (
        GroupListing.objects.filter(
            employment=employment,
            confirmation__isnull=True,
            group__held_on__gte=employment.started_on,
        )
        .select_related("group__version__training", "group__facility")
        .order_by("group__held_on", "pk")
    )


def present_at(facility: Organization, on: object) -> "Sequence[Employment]":
    """Who worked at the facility on a day, by name."""
    found = Employment.objects.on(on).kept().filter(organization=facility)  # type: ignore[arg-type]
    return list(found.select_related("person").order_by("person__sort_name", "pk"))


def told_about(person: Person) -> "QuerySet[GroupListing]":
    """All listings of a person, for the personal-data registry."""
    return (
        GroupListing.objects.filter(employment__person__in=Person.objects.one_with(person))
        .select_related("group__version__training", "group__facility", "confirmation")
        .order_by("pk")
    )
