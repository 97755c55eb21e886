"""A worksheet on paper, as it stands: draft, waiting, attested or declined."""

from typing import Any

from django.conf import settings
from django.utils import timezone

from lms.compliance.worksheet_models import Worksheet
from lms.compliance.worksheets.wording import mapping_of
from lms.core.pdf import draw


def worksheet_pdf(worksheet: Worksheet) -> bytes:
    """The worksheet as PDF on US Letter. Raises pdf.NotDrawable for letters we cannot print."""
    answer = getattr(worksheet, "answer", None)
    context: dict[str, Any] = {
        "worksheet": worksheet,
        "rule": worksheet.rule_set,
        "state": worksheet.state(),
        "answer": answer,
        "mapping": answer.mapping
        if answer
        else mapping_of(worksheet, list(worksheet.topics.all())),
        "drawn_at": timezone.now(),
        "trial": settings.TRIAL,
    }
    return draw("facilities/worksheets/paper.html", context, language=settings.LANGUAGE_CODE)
