"""Where offices type words about certificates (lms.core.redaction).

Why one was issued again is chosen from a list by the person, and typed by offices only for many.
"""

from django.utils.translation import gettext_lazy as _

from lms.core.redaction import FreeText, register


def announce() -> None:
    """Tell the registry; called when the room is ready."""
    register(
        FreeText(
            "certificates.batch",
            _("Why many certificates were issued"),
            "certificates.CertificateBatch",
            "reason",
            offices=("office",),
        )
    )
