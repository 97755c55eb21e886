"""Where learners and their offices type words in courses (lms.core.redaction)."""

from django.utils.translation import gettext_lazy as _

from lms.core.redaction import FreeText, register


def announce() -> None:
    """Tell the registry; called when the room is ready."""
    proofs = (
        "enrolment__training__owner",
        "plan_enrolment__training__owner",
        "training__owner",
    )
    register(
        FreeText(
            "courses.survey_comment",
            _("Comment in a survey"),
            "courses.SurveyComment",
            "text",
            offices=("training__owner",),
        ),
        FreeText(
            "courses.ruling",
            _("Why something was ruled of a try at a test"),
            "courses.AttemptRuling",
            "reason",
            offices=("attempt__enrolment__training__owner",),
            evidence="attempt__enrolment__completion",
        ),
        FreeText("courses.outage", _("What an outage was"), "courses.Outage", "reason"),
        FreeText(
            "courses.proof_name",
            _("Name of a proof's file"),
            "courses.OutsideProof",
            "name",
            offices=proofs,
            evidence="enrolment__completion",
        ),
        FreeText(
            "courses.proof_answer",
            _("Why a proof was refused"),
            "courses.OutsideProof",
            "reason",
            offices=proofs,
        ),
    )
