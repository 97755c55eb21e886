"""Where people type words about sessions and seats (lms.core.redaction)."""

from django.utils.translation import gettext_lazy as _

from lms.core.redaction import FreeText, register


def announce() -> None:
    """Tell the registry; called when the room is ready."""
    owner = "registration__session__training__owner"
    register(
        FreeText(
            "events.arrangement",
            _("What somebody needs at a session"),
            "events.Arrangement",
            "note",
            offices=(owner,),
        ),
        FreeText(
            "events.answer",
            _("Answer to a question at registration"),
            "events.RegistrationAnswer",
            "text",
            offices=(owner,),
        ),
        FreeText(
            "events.seat",
            _("Note on a registration"),
            "events.RegistrationEvent",
            "note",
            offices=(owner,),
        ),
        FreeText(
            "events.attendance",
            _("Note on attendance"),
            "events.Attendance",
            "note",
            offices=(owner,),
            evidence="registration__completion",
        ),
        FreeText(
            "events.cancelled",
            _("Why a session was cancelled"),
            "events.Session",
            "cancel_reason",
            offices=("training__owner",),
        ),
        FreeText(
            "events.message",
            _("Message to everybody registered"),
            "events.SessionMessage",
            "body",
            offices=("session__training__owner",),
        ),
        FreeText(
            "events.speaker",
            _("What a speaker says of themselves"),
            "events.Speaker",
            "biography",
            offices=("office",),
        ),
        FreeText(
            "events.wish",
            _("Training asked for: the subject"),
            "events.TrainingWish",
            "topic",
            offices=("office",),
        ),
        FreeText(
            "events.wish_note",
            _("Training asked for: anything else"),
            "events.TrainingWish",
            "note",
            offices=("office",),
        ),
        FreeText(
            "events.wish_answer",
            _("Training asked for: the answer"),
            "events.TrainingWish",
            "reason",
            offices=("office",),
        ),
    )
