"""How an office wants its certificates to look; every change is a new row."""

from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.certificates import designs
from lms.core.files import private_storage
from lms.people.models import Organization
from lms.trainings.models import Training

COLOUR = r"^#[0-9a-f]{6}$"


class CertificateLook(models.Model):
    """An office's look, or (with a training) the design that this training uses instead.

    Append-only; the newest row of a place is in force. A training's row holds a design only, an
    empty one says that the office's is used again. The pictures lie in private storage, named by
    their hash, and stay there for the certificates drawn with them.
    """

    office = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    training = models.ForeignKey(Training, null=True, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    design = models.CharField(_("design"), max_length=20, blank=True)
    sheet = models.CharField(_("paper"), max_length=10, default=designs.USUAL_SHEET)
    colour = models.CharField(
        _("colour"), max_length=7, default=designs.USUAL_COLOUR, validators=[RegexValidator(COLOUR)]
    )
    logo = models.FileField(_("logo"), storage=private_storage, max_length=200, blank=True)
    signatory_name = models.CharField(_("name of who signs"), max_length=120, blank=True)
    signatory_title = models.CharField(_("title of who signs"), max_length=160, blank=True)
    signature = models.FileField(
        _("picture of the signature"), storage=private_storage, max_length=200, blank=True
    )
    wording = models.CharField(_("a line of your own"), max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "training", "number"],
                nulls_distinct=False,
                name="certificates_look_number_once",
            ),
            models.CheckConstraint(
                condition=Q(training__isnull=False) | ~Q(design=""),
                name="certificates_look_of_office_has_design",
            ),
            models.CheckConstraint(
                condition=Q(colour__regex=COLOUR), name="certificates_look_colour_form"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office} {self.number}"

    def as_snapshot(self) -> dict[str, Any]:
        """What a certificate keeps of it: all that is drawn, the pictures by name and hash."""
        return {
            "look": self.pk,
            "design": self.design,
            "version": designs.DESIGNS[self.design].version,
            "sheet": self.sheet,
            "colour": self.colour,
            "logo": self.logo.name,
            "signatory_name": self.signatory_name,
            "signatory_title": self.signatory_title,
            "signature": self.signature.name,
            "wording": self.wording,
        }
