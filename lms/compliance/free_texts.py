"""Where facilities, trainers and operators type words (lms.core.redaction)."""

from django.utils.translation import gettext_lazy as _

from lms.core.redaction import FreeText, register


def announce() -> None:
    """Tell the registry; called when the room is ready."""
    register(
        FreeText(
            "compliance.attestation",
            _("Note on premises and pay"),
            "compliance.ConditionAttestation",
            "note",
        ),
        FreeText(
            "compliance.exemption",
            _("Why an employee is exempt"),
            "compliance.Exemption",
            "reason",
        ),
        FreeText(
            "compliance.approval",
            _("Why an approval was withdrawn"),
            "compliance.ProgramApproval",
            "reason",
            offices=("training__owner",),
        ),
        FreeText(
            "compliance.proof",
            _("Name of a scan a facility uploaded"),
            "compliance.FacilityProof",
            "name",
        ),
        FreeText(
            "compliance.worksheet_answer",
            _("Why a trainer did not attest"),
            "compliance.WorksheetAnswer",
            "reason",
        ),
        FreeText(
            "compliance.claim",
            _("Answer to somebody who says that they manage a facility"),
            "compliance.FacilityClaim",
            "reason",
        ),
        FreeText(
            "compliance.doubles",
            _("Why two entries of a facility were joined"),
            "compliance.FacilityMerge",
            "reason",
        ),
        FreeText(
            "compliance.sample",
            _("Why a reviewer drew a sample"),
            "compliance.ReviewSample",
            "reason",
            offices=("office",),
        ),
        FreeText("compliance.hold", _("Why a record is held"), "compliance.LegalHold", "reason"),
        FreeText("compliance.hold_end", _("Why a hold ended"), "compliance.HoldEnd", "reason"),
    )
