"""The words the ledger uses."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SourceKind(models.TextChoices):
    """What a completion came from; with the source's key it is unique, so it is recorded once."""

    ENROLMENT = "enrolment", _("Online course")
    REGISTRATION = "registration", _("Live session")
    OUTSIDE_PROOF = "outside_proof", _("Outside training with proof")
    GROUP_LOG = "group_log", _("Group training on the premises")
    STAFF_ENTRY = "staff_entry", _("Entered by staff")
    IMPORT = "import", _("Imported record")
    PLAN = "plan", _("Learning plan")
    # Somebody need not take it: no length, no topics, no credit, no certificate.
    WAIVER = "waiver", _("Waived by the office")


class Answer(models.TextChoices):
    """What going through a completion's evidence again came to (replay)."""

    SAME = "same", _("The same answer")
    DIFFERS = "differs", _("Another answer")
    RECORDED = "recorded", _("As recorded")
    GONE = "gone", _("Not kept in detail")


class StaffBasis(models.TextChoices):
    """What an office rests on when it enters a completion, or says that somebody need not."""

    PAPER_LIST = "paper_list", _("A signed attendance list on paper")
    PROVIDER = "provider", _("A confirmation by whoever gave the training")
    EARLIER_SYSTEM = "earlier_system", _("The record of an earlier system")
    TECHNICAL = "technical", _("A technical failure kept it from being recorded")
    EQUAL = "equal", _("An equal training taken elsewhere")
    DECISION = "decision", _("A decision of the office")
