"""What the people's room keeps about a person, for the registry that exports, erases and merges."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Q
from django.db.models.query import QuerySet
from django.utils.translation import gettext_lazy as _

from lms.core.bounces import normal
from lms.core.models import Bounce
from lms.core.personal_data import Both, Holding, register
from lms.people.correction_models import EmploymentCorrection
from lms.people.device_models import WorkerPin
from lms.people.looks import forget_looks, looks_at
from lms.people.merge_models import PersonMerge
from lms.people.models import Employment, Person, RoleAssignment
from lms.people.roster_models import RosterRow


def register_holdings() -> None:
    """Announce our rows about people; called once when the app is ready."""
    register(Holding(name="person", export=export_person))
    register(Holding(name="sign_in", export=export_sign_in))
    register(Holding(name="corrections of employments", export=export_corrections))
    register(
        Holding(
            name="employments",
            export=export_employments,
            collisions=both_employed,
            said=_(
                "Both work at %(what)s now. A manager there ends one of the two employments first."
            ),
            unnamed=_("one place"),
        )
    )
    register(Holding(name="addresses that bounced", export=export_bounces, erase=erase_bounces))
    register(Holding(name="who looked", export=export_looks, forget=forget_looks))
    register(Holding(name="roles", export=export_roles))
    register(Holding(name="records joined", export=export_merges))
    register(Holding(name="sign_in_on_shared_devices", export=export_pins))
    register(Holding(name="rows of rosters", export=export_roster_rows))


def rows_of(person: Person) -> QuerySet[Person]:
    """The rows that are this person: the one that stays and those merged into it."""
    return Person.objects.one_with(person).order_by("pk")


def export_person(person: Person) -> list[dict[str, Any]]:
    """Names, address, language, and since when."""
    return [
        {
            "first_name": row.first_name,
            "last_name": row.last_name,
            "email": row.email,
            "language": row.preferred_language,
            "since": row.date_joined,
            "open": row.is_active,
        }
        for row in rows_of(person)
    ]


def export_sign_in(person: Person) -> list[dict[str, Any]]:
    """Addresses that sign the person in, second factors (never their secrets), devices."""
    rows = rows_of(person)
    addresses = EmailAddress.objects.filter(user__in=rows).order_by("email")
    factors = Authenticator.objects.filter(user__in=rows).order_by("created_at")
    sessions = UserSession.objects.filter(user__in=rows).order_by("created_at")
    return [
        *[{"address": row.email, "confirmed": row.verified} for row in addresses],
        *[{"second_factor": row.type, "since": row.created_at} for row in factors],
        *[
            {"device": row.user_agent, "internet_address": row.ip, "since": row.created_at}
            for row in sessions
        ],
    ]


def export_employments(person: Person) -> list[dict[str, Any]]:
    """Where the person worked, with the posts held."""
    employments = Employment.objects.filter(person__in=rows_of(person)).order_by("started_on", "pk")
    return [
        {
            "organization": employment.organization.name,
            "number": employment.number,
            "sent_by": employment.sent_by,
            "started_on": employment.started_on,
            "ended_on": employment.ended_on,
            "posts": [
                {
                    "post": period.post,
                    "guest_contact": period.guest_contact,
                    "reason": period.no_contact_reason,
                    "starts_on": period.starts_on,
                    "ends_on": period.ends_on,
                }
                for period in employment.periods.all()
            ],
        }
        for employment in employments.select_related("organization").prefetch_related("periods")
    ]


def export_corrections(person: Person) -> list[dict[str, Any]]:
    """What employers corrected about the person's employments, and why."""
    rows = EmploymentCorrection.objects.filter(employment__person__in=rows_of(person))
    return [
        {
            "organization": row.employment.organization.name,
            "what": row.kind,
            "was": row.was,
            "became": row.became,
            "reason": row.reason,
            "corrected_at": row.corrected_at,
        }
        for row in rows.select_related("employment__organization")
    ]


def export_looks(person: Person) -> list[dict[str, Any]]:
    """Who opened the person's record, by role and organization; names are kept to check abuse."""
    return [
        {"day": look.day, "role": look.role, "organization": str(look.organization or "")}
        for look in looks_at(person)
    ]


def _addresses(person: Person) -> set[str]:
    rows = rows_of(person)
    known = EmailAddress.objects.filter(user__in=rows).values_list("email", flat=True)
    return {normal(address) for address in [*known, *(row.email for row in rows)] if address}


def export_bounces(person: Person) -> list[dict[str, Any]]:
    """When mail to one of the person's addresses came back, and since when it works again."""
    return [
        {
            "address": row.address,
            "reason": row.reason,
            "noted_at": row.noted_at,
            "works_again_since": row.cleared_at,
        }
        for row in Bounce.objects.filter(address__in=_addresses(person)).order_by("pk")
    ]


def erase_bounces(person: Person) -> int:
    """What mail servers said of the person's addresses."""
    return Bounce.objects.filter(address__in=_addresses(person)).delete()[0]


def export_roles(person: Person) -> list[dict[str, Any]]:
    """What the person may and might do here."""
    roles = RoleAssignment.objects.filter(person__in=rows_of(person)).order_by("started_at", "pk")
    return [
        {
            "role": role.role,
            "organization": role.organization.name,
            "started_at": role.started_at,
            "ended_at": role.ended_at,
        }
        for role in roles.select_related("organization")
    ]


def export_merges(person: Person) -> list[dict[str, Any]]:
    """When records of the person were joined and parted, and how that was known."""
    rows = rows_of(person)
    merges = PersonMerge.objects.filter(Q(duplicate__in=rows) | Q(into__in=rows))
    return [
        {
            "joined_at": merge.merged_at,
            "because": merge.get_reason_display(),
            "parted_at": merge.split.split_at if hasattr(merge, "split") else None,
        }
        for merge in merges.select_related("split")
    ]


def export_roster_rows(person: Person) -> list[dict[str, Any]]:
    """Rows of lists that employers handed in, kept for some days, and what they came to."""
    found = RosterRow.objects.filter(person__in=rows_of(person)).order_by("pk")
    return [
        {
            "organization": row.roster.organization.name,
            "uploaded_at": row.roster.uploaded_at,
            "row": row.cells,
            "typed_instead": row.given,
            "came_to": row.kind,
        }
        for row in found.select_related("roster__organization")
    ]


def export_pins(person: Person) -> list[dict[str, Any]]:
    """How the person signs in on shared devices: when chosen and reset, never what."""
    found = WorkerPin.objects.filter(employment__person__in=rows_of(person)).order_by("pk")
    return [
        {
            "organization": pin.employment.organization.name,
            "chosen_at": pin.chosen_at,
            "reset_at": pin.reset_at,
        }
        for pin in found.select_related("employment__organization")
    ]


def both_employed(one: Person, other: Person) -> list[Both]:
    """Where both rows of one person work now: one of the two employments must end first."""
    now = Employment.objects.filter(ended_on__isnull=True)
    theirs = now.filter(person__in=rows_of(other)).values("organization")
    doubles = now.filter(person__in=rows_of(one), organization__in=theirs)
    return [
        Both(str(employment.organization), employment.organization_id)
        for employment in doubles.select_related("organization")
    ]
