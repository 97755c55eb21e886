"""The demo's duties besides training: a license that ends soon, cards looked for, a house rule."""

from datetime import date, timedelta

from lms.compliance.checklist import get_checklist
from lms.compliance.duties.cards import Look, record_round
from lms.compliance.duties.house import set_policy
from lms.compliance.duties.licenses import record_license
from lms.compliance.duty_models import CardCheck, FacilityLicense, HousePolicy
from lms.people.models import Organization, Person


def load_duties(*, today: date) -> None:
    """Hudson House's license and cards, Genesee Lodge's own yearly refresher; each once."""
    hudson = Organization.objects.get(key="hudson-house")
    genesee = Organization.objects.get(key="genesee-lodge")
    manager = Person.objects.get(email="manager@example.org")
    if not FacilityLicense.objects.filter(facility=hudson).exists():
        record_license(
            facility=hudson,
            number="SAMPLE-2048",
            ends_on=today + timedelta(days=75),
            actor=manager,
        )
    if not CardCheck.objects.filter(facility=hudson).exists():
        record_round(
            facility=hudson,
            checklist=get_checklist(),
            looks={
                "public-restrooms": Look(is_there=True),
                "guest-rooms": Look(is_there=False),
                "entrance": Look(is_there=True),
            },
            made_by="state",
            checked_on=today - timedelta(days=30),
            actor=manager,
        )
    if not HousePolicy.objects.filter(organization=genesee).exists():
        set_policy(
            organization=genesee,
            months=12,
            starts_on=today,
            actor=Person.objects.get(email="company@example.org"),
        )
