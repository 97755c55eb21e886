"""Where people type words about completions (lms.core.redaction)."""

from django.utils.translation import gettext_lazy as _

from lms.core.redaction import FreeText, register


def announce() -> None:
    """Tell the registry; called when the room is ready."""
    register(
        FreeText(
            "completions.evidence",
            _("What a completion rests on"),
            "completions.Completion",
            "evidence",
            offices=("training__owner",),
            nested=True,
        ),
        FreeText(
            "completions.revocation",
            _("Why a completion was taken back"),
            "completions.Revocation",
            "reason",
            offices=("completion__training__owner",),
            evidence="completion",
        ),
        FreeText(
            "completions.staff_entry",
            _("Why a completion was entered by hand"),
            "completions.StaffEntry",
            "reason",
            offices=("completion__training__owner",),
            evidence="completion",
        ),
        FreeText(
            "completions.import_row",
            _("Note on a row of an import"),
            "completions.ImportRow",
            "note",
            offices=("batch__office",),
            evidence="completion",
        ),
        FreeText(
            "completions.import_undone",
            _("Why an import was undone"),
            "completions.CompletionImport",
            "undo_reason",
            offices=("office",),
        ),
    )
