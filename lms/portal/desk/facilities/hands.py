"""Claims that wait for the office, as the desk's first page shows them."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.compliance.claim_models import ClaimStatus, ClaimWay
from lms.compliance.claims.permissions import looks_after_facilities
from lms.compliance.claims.selectors import claims_for_desk
from lms.people.models import Person
from lms.portal.desk.hand import Hand


def facility_hands(person: Person) -> list[Hand]:
    """What waits; letters on their way wait for somebody else."""
    if not looks_after_facilities(person):
        return []
    count = (
        claims_for_desk(person)
        .filter(status=ClaimStatus.PENDING)
        .exclude(way=ClaimWay.LETTER, letter_sent_on__isnull=False)
        .count()
    )
    if not count:
        return []
    return [
        Hand(
            title=ngettext(
                "%(count)d person asks to manage a facility",
                "%(count)d people ask to manage a facility",
                count,
            )
            % {"count": count},
            text=_("A letter to send, or a license to look at. Until then they see nothing."),
            url=reverse("desk_facilities:queue"),
            label=_("Look at them"),
        )
    ]
