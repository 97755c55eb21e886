"""Who opened a person's record: so that the person can see it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.people.enums import Role
from lms.people.models import Organization

ADMINISTRATOR = "administrator"
LOOKERS = [*Role.choices, (ADMINISTRATOR, _("Administrator of this site"))]


class RecordLook(models.Model):
    """Somebody opened the record of a person that day, in a role for an organization. Append-only.

    One row for a day (New York's), however often. The person is told role and organization, not
    who it was (docs/decisions/0029). Rows go after three years (`people.looks.KEPT`).
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="looks_at"
    )
    viewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=LOOKERS)
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    day = models.DateField()

    class Meta:
        ordering = ["-day", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=[value for value, _label in LOOKERS]),
                name="people_look_role_known",
            ),
            models.UniqueConstraint(
                fields=["person", "viewer", "organization", "day"],
                name="people_look_once_a_day",
                nulls_distinct=False,
            ),
        ]
        indexes = [models.Index(fields=["day"], name="people_look_day")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.role} {self.day}"
