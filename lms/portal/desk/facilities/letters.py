"""The letter with a code, to print and send: one sheet for each claim, for a window envelope."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from lms.compliance.claim_models import FacilityClaim
from lms.compliance.claims.services import CODE_VALID
from lms.core.pdf import draw, join, unprintable_letters
from lms.core.time import new_york_today
from lms.people.models import Organization


def letters_pdf(written: Sequence[tuple[FacilityClaim, str]]) -> bytes:
    """The letters as PDF on US Letter, in the order given; pdf.NotDrawable as `draw` raises it."""
    office = Organization.objects.offices().speaking_for_state().order_by("pk").first()
    pieces = [_letter(claim, code, office) for claim, code in written]
    return pieces[0] if len(pieces) == 1 else join(pieces, label="")


def _letter(claim: FacilityClaim, code: str, office: Organization | None) -> bytes:
    person = str(claim.person)
    context = {
        "claim": claim,
        "office": office,
        "to": claim.letter_place,
        "state": claim.facility.state if claim.facility else "NY",
        # In a script our print would get wrong, the address says who it is.
        "person": claim.person.email if unprintable_letters(person) else person,
        "code": code,
        "days": CODE_VALID.days,
        "address": f"{settings.SITE_ORIGIN}{reverse('facilities:claim_code')}".partition("://")[2],
        "site": settings.WAGTAIL_SITE_NAME,
        "day": new_york_today(timezone.now()),
        "trial": settings.TRIAL,
    }
    return draw("desk/facilities/letter_paper.html", context, language=settings.LANGUAGE_CODE)
