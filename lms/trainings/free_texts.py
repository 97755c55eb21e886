"""Where people type words about access and accreditors (lms.core.redaction)."""

from django.utils.translation import gettext_lazy as _

from lms.core.redaction import FreeText, register


def announce() -> None:
    """Tell the registry; called when the room is ready."""
    owner = ("training__owner",)
    register(
        FreeText(
            "trainings.access_request",
            _("Answer to a request for access"),
            "trainings.AccessRequest",
            "reason",
            offices=owner,
        ),
        FreeText(
            "trainings.access_grant",
            _("Why somebody was let in"),
            "trainings.AccessGrant",
            "reason",
            offices=owner,
        ),
        FreeText(
            "trainings.confirmation",
            _("Why an accreditor's numbers were withdrawn"),
            "trainings.AccreditorConfirmation",
            "reason",
            offices=("office",),
        ),
    )
