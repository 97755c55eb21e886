"""Where managers type words about employees (lms.core.redaction)."""

from django.utils.translation import gettext_lazy as _

from lms.core.redaction import FreeText, register


def announce() -> None:
    """Tell the registry; called when the room is ready."""
    register(
        FreeText(
            "people.no_contact",
            _("Why a post does not meet guests"),
            "people.EmploymentPeriod",
            "no_contact_reason",
        ),
        FreeText(
            "people.correction",
            _("Why an employment was corrected"),
            "people.EmploymentCorrection",
            "reason",
        ),
        FreeText(
            "people.correction_was",
            _("What an employment said before it was corrected"),
            "people.EmploymentCorrection",
            "was",
            nested=True,
        ),
        FreeText(
            "people.correction_became",
            _("What an employment was corrected to"),
            "people.EmploymentCorrection",
            "became",
            nested=True,
        ),
    )
