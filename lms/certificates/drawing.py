"""Drawing a certificate: the facts of one revision on a sheet of paper."""

import segno
from django.utils import translation

from lms.certificates.facts import document_title
from lms.certificates.models import CertificateRevision
from lms.core.pdf import draw

# Across the page where the certificate proves nothing; the same word in every language.
SAMPLE = "SAMPLE"


def draw_certificate(revision: CertificateRevision) -> bytes:
    """The certificate as PDF, in the language of the completion. Raises NotDrawable."""
    facts = revision.read_facts()
    certificate = revision.certificate
    with translation.override(facts.language):
        title = document_title(facts)
    return draw(
        "certificates/certificate.html",
        {
            "facts": facts,
            "title": title,
            "certificate": certificate,
            "qr": qr_code(certificate.verify_url).png_data_uri(scale=10, border=0),
            "address": certificate.verify_url.partition("://")[2],
            "name_size": "long" if len(facts.name) > 34 else "usual",
        },
        language=facts.language,
        watermark=SAMPLE if facts.trial else "",
    )


def qr_code(url: str) -> segno.QRCode:
    """The address as a QR code that bears some dirt: 15 % may be unreadable."""
    return segno.make(url, error="m", micro=False)
