"""Who needs a completion: an employer, its person's account, a credit rule, a legal hold."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from allauth.account.models import EmailAddress
from django.db.models import Q

from lms.completions.models import Completion
from lms.compliance.retention.selectors import active_holds
from lms.compliance.retention_models import RecordRelease
from lms.people.models import Employment, Organization, Person


class Need(StrEnum):
    """Why a completion stays."""

    EMPLOYMENT = "employment"
    ACCOUNT = "account"
    CREDIT = "credit"
    HOLD = "hold"


def people_to_look_at() -> Iterator[int]:
    """People of whom an employer let go, and nobody else can be seen to need a record of."""
    released = RecordRelease.objects.values("employment__person")
    rows = Person.objects.filter(pk__in=released)
    found = Person.objects.canonical().filter(
        Q(pk__in=rows.values("pk")) | Q(pk__in=rows.values("canonical_person")),
        email__isnull=True,
        last_login__isnull=True,
    )
    yield from found.order_by("pk").values_list("pk", flat=True).iterator()


def needs_of(person: Person, today: date) -> set[Need]:
    """Who needs all that is recorded of the person and of the rows merged into it."""
    rows = Person.objects.one_with(person)
    employments = Employment.objects.filter(person__in=rows)
    found = set()
    if employments.kept().exists():
        found.add(Need.EMPLOYMENT)
    has_account = (
        rows.filter(Q(email__isnull=False) | Q(last_login__isnull=False)).exists()
        or EmailAddress.objects.filter(user__in=rows).exists()
        or person.roles.exists()
    )
    if has_account:
        found.add(Need.ACCOUNT)
    places = Organization.objects.filter(employments__in=employments)
    held = active_holds(today).filter(
        Q(person__in=rows)
        | Q(employment__in=employments)
        | Q(facility__in=places)
        | Q(facility__canonical_organization__in=places)
    )
    if held.exists():
        found.add(Need.HOLD)
    return found


def needed_for_credit(completion: Completion) -> bool:
    """Whether a licensee may have to show it: no accreditor's rules say until when, so it stays."""
    return bool(completion.credits)


def unneeded(person: Person, today: date) -> list[Completion]:
    """The person's completions that nobody needs."""
    if needs_of(person, today):
        return []
    return [row for row in Completion.objects.of(person) if not needed_for_credit(row)]
