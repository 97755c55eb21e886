"""Drawing a certificate: the facts of one revision on a sheet of paper, as its look wants it."""

from typing import Any

import segno
from django.utils import translation

from lms.certificates.backdrop import backdrop
from lms.certificates.facts import Facts, document_title
from lms.certificates.looks import Look
from lms.certificates.models import Certificate, CertificateRevision
from lms.core.pdf import draw

# Across the page where the certificate proves nothing; the same word in every language.
SAMPLE = "SAMPLE"


def draw_certificate(revision: CertificateRevision) -> bytes:
    """The certificate as PDF, in the language of the completion. Raises NotDrawable."""
    facts = revision.read_facts()
    watermark = SAMPLE if facts.trial else ""
    return draw_sheet(facts, Look.load(revision.look), revision.certificate, watermark=watermark)


def draw_sheet(facts: Facts, look: Look, certificate: Certificate, *, watermark: str) -> bytes:
    """These facts in this look as PDF. Raises NotDrawable, and DrawingError for a lost picture."""
    right_to_left = translation.get_language_info(facts.language)["bidi"]
    with translation.override(facts.language):
        title = document_title(facts)
    context: dict[str, Any] = {
        "facts": facts,
        "look": look,
        "sheet": look.sheet,
        "title": title,
        "certificate": certificate,
        "qr": qr_code(certificate.verify_url).png_data_uri(scale=10, border=0),
        "address": certificate.verify_url.partition("://")[2],
        "end": "left" if right_to_left else "right",
        "right_to_left": right_to_left,
        # How much has to go on the sheet, so that one sheet is enough for nearly all of them.
        "is_long_name": len(facts.name) > 34,
        "is_full": bool(facts.credit_papers) or len(facts.title) > 90 or len(facts.topics) > 5,
    }
    return draw(
        look.template,
        context,
        language=facts.language,
        watermark=watermark,
        backdrop=backdrop(look, right_to_left=right_to_left),
    )


def qr_code(url: str) -> segno.QRCode:
    """The address as a QR code that bears some dirt: 15 % may be unreadable."""
    return segno.make(url, error="m", micro=False)
