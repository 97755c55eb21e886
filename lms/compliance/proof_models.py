"""Proofs of outside programs: one file for many employees, accepted by the facility."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.completions.models import Completion
from lms.core.files import private_storage
from lms.people.models import Employment, Organization
from lms.trainings.models import TrainingVersion


class FacilityProof(models.Model):
    """A scan that shows who took a listed program on a day, and the words it was accepted with.

    The facility's manager accepts it; the office looks at none by default. Who was named wrongly is
    taken out by revoking that person's completion.
    """

    facility = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="facility_proofs"
    )
    version = models.ForeignKey(TrainingVersion, on_delete=models.PROTECT, related_name="+")
    held_on = models.DateField(_("day"))
    place = models.CharField(_("where"), max_length=120)
    on_premises = models.BooleanField(_("on the premises"))
    paid_time = models.BooleanField(_("in paid time"))
    language = models.CharField(max_length=10, default=settings.LANGUAGE_CODE)
    file = models.FileField(upload_to="facility-proofs/%Y/%m/", storage=private_storage)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=8)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    words = models.TextField()
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    accepted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-held_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(words="") & ~Q(place=""), name="compliance_facilityproof_has_words"
            )
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.held_on}"


class ProofPerson(models.Model):
    """Somebody the proof is for, with the completion it gave."""

    proof = models.ForeignKey(FacilityProof, on_delete=models.PROTECT, related_name="people")
    employment = models.ForeignKey(
        Employment, on_delete=models.PROTECT, related_name="facility_proofs"
    )
    completion = models.OneToOneField(Completion, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["proof", "employment"], name="compliance_proof_names_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.proof_id} {self.employment_id}"
