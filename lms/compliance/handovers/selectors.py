"""Questions about facilities that change hands."""

from datetime import date

from django.core import signing
from django.db.models import Q
from django.db.models.query import QuerySet

from lms.compliance.handover_models import FacilityHandover, HandoverStatus
from lms.compliance.selectors import companies_for
from lms.people.enums import Role
from lms.people.models import Organization, Person, RoleAssignment

_SALT = "lms.compliance.handovers"
_WITH = ("facility", "from_company", "to_company", "offered_by", "answered_by", "packet")


def token_of(handover: FacilityHandover) -> str:
    """What the mailed link carries."""
    return signing.dumps(handover.pk, salt=_SALT)


def by_token(token: str) -> FacilityHandover | None:
    """The hand-over a link is for; None for a link we did not sign."""
    try:
        pk = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    return FacilityHandover.objects.select_related(*_WITH).filter(pk=pk).first()


def open_for(facility: Organization) -> FacilityHandover | None:
    """The hand-over of this facility that is under way."""
    return (
        FacilityHandover.objects.select_related(*_WITH)
        .filter(facility=facility, status__in=[HandoverStatus.OFFERED, HandoverStatus.ACCEPTED])
        .first()
    )


def given_away_by(person: Person) -> "QuerySet[FacilityHandover]":
    """The facilities this person's companies, or the person, handed over: what is left of them."""
    mine = Q(from_company__in=companies_for(person)) | Q(
        from_company__isnull=True, offered_by__in=Person.objects.one_with(person)
    )
    return (
        FacilityHandover.objects.select_related(*_WITH)
        .filter(mine, status=HandoverStatus.DONE)
        .order_by("-done_on", "-pk")
    )


def due(today: date) -> list[int]:
    """The ids of what was accepted and whose day has come."""
    rows = FacilityHandover.objects.filter(status=HandoverStatus.ACCEPTED, day__lte=today)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def own_managers(facility: Organization) -> "QuerySet[RoleAssignment]":
    """The roles of the facility's own managers, by name."""
    return (
        RoleAssignment.objects.current()
        .filter(organization=facility, role=Role.MANAGER)
        .select_related("person")
        .order_by("person__sort_name", "pk")
    )
