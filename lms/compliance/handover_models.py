"""A facility that changes hands: offered, accepted, carried out on its day."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.compliance.packet_models import InspectionPacket
from lms.people.models import Organization


class HandoverStatus(models.TextChoices):
    """offered -> accepted -> done; offered -> refused or withdrawn. `handovers.services` moves it.

    A facility that goes to nobody needs no acceptance, and can be taken back until it is done.
    """

    OFFERED = "offered", _("Waits for an answer")
    ACCEPTED = "accepted", _("Accepted, waits for its day")
    DONE = "done", _("Handed over")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Taken back")


class FacilityHandover(models.Model):
    """A facility goes from a company (or its own managers) to another company, or to nobody.

    Employments and records stay with the facility. `day` is the first day of the new owner; those
    who gave it may still have the packet of the day before. `keeps` are the role assignments of the
    facility's own managers that stay.
    """

    facility = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="handovers")
    from_company = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    to_company = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    to_email = models.EmailField(blank=True)
    day = models.DateField()
    status = models.CharField(
        max_length=9, choices=HandoverStatus.choices, default=HandoverStatus.OFFERED
    )
    keeps = models.JSONField(default=list)
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    offered_at = models.DateTimeField(default=timezone.now)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    packet = models.ForeignKey(
        InspectionPacket, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-offered_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=HandoverStatus.values),
                name="compliance_handover_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status=HandoverStatus.OFFERED) | ~Q(to_email=""),
                name="compliance_handover_offered_to_somebody",
            ),
            models.CheckConstraint(
                condition=Q(status=HandoverStatus.DONE, done_on__isnull=False)
                | (~Q(status=HandoverStatus.DONE) & Q(done_on__isnull=True)),
                name="compliance_handover_done_on_a_day",
            ),
            models.UniqueConstraint(
                fields=["facility"],
                condition=Q(status__in=["offered", "accepted"]),
                name="compliance_handover_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.status}"

    @property
    def is_offered(self) -> bool:
        return self.status == HandoverStatus.OFFERED

    @property
    def is_open(self) -> bool:
        """Whether it may still come to be."""
        return self.status in {HandoverStatus.OFFERED, HandoverStatus.ACCEPTED}

    @property
    def goes_to_nobody(self) -> bool:
        """Whether the facility is to stand by itself."""
        return not self.to_email

    @property
    def can_be_taken_back(self) -> bool:
        """Until it is accepted; where nobody accepts, until its day."""
        return self.is_offered or (self.is_open and self.goes_to_nobody)

    def day_from(self, today: date) -> date:
        """The new owner's first day: the day agreed on, or today if that is past."""
        return max(self.day, today)
