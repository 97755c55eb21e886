"""The words certificates use."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RenameReason(models.TextChoices):
    """Why a certificate is issued again with another name; the office's to know, nobody else's."""

    CHANGED = "changed", _("The name changed")
    MISSPELLED = "misspelled", _("The name was misspelled")
    OTHER_RECORD = "other_record", _("It was issued under another record of the same person")
