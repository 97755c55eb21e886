"""Slips with start codes: one document, each slip in its worker's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse

from lms.core.pdf import draw, unprintable_letters
from lms.people.devices.services import START_CODE_VALID
from lms.people.models import Employment, Organization

AT_ONCE = 60


@dataclass(frozen=True)
class Slip:
    """A worker and the code just made; it is nowhere else."""

    employment: Employment
    code: str

    @property
    def language(self) -> str:
        """The worker's, where the site speaks it; else English."""
        wanted = self.employment.person.canonical.preferred_language
        return wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE

    @property
    def is_rtl(self) -> bool:
        """Whether the slip reads from right to left."""
        return self.language in settings.LANGUAGES_BIDI

    @property
    def name(self) -> str:
        """The worker's name; left out in a script our print would get wrong: the number says it."""
        name = str(self.employment.person)
        return "" if unprintable_letters(name) else name


def slips_pdf(place: Organization, slips: Sequence[Slip]) -> bytes:
    """The slips as PDF, three to a sheet of US Letter."""
    address = f"{settings.SITE_ORIGIN}{reverse('device:home')}".partition("://")[2]
    context: dict[str, Any] = {
        "facility": place.name,
        "sheets": [slips[start : start + 3] for start in range(0, len(slips), 3)],
        "address": address,
        "days": START_CODE_VALID.days,
    }
    return draw("facilities/slips.html", context, language=settings.LANGUAGE_CODE)
