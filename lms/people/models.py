"""People, the organizations they belong to, and what they may do there."""

from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.people.enums import OrganizationKind, Post, Role
from lms.people.fields import FoldedField
from lms.people.querysets import (
    EmploymentQuerySet,
    OrganizationQuerySet,
    PersonQuerySet,
    RoleAssignmentQuerySet,
)


class PersonManager(BaseUserManager["Person"].from_queryset(PersonQuerySet)):  # type: ignore[misc]
    """Makes people; e-mail is optional, always lower case."""

    def create_user(
        self, email: str | None = None, password: str | None = None, **fields: Any
    ) -> "Person":
        person: Person = self.model(email=email.strip().lower() if email else None, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "Person":
        person: Person = self.get(email=(username or "").lower())
        return person


class Person(AbstractBaseUser, PermissionsMixin):
    """A person, who is also the user (DESIGN 4.4). No social security number, no date of birth.

    Two rows that are one person are joined by an alias: `canonical_person` points to the row that
    services write for; facts keep the row they were written for (DESIGN 4.9).

    A guest is a row without name and address, for a browser that takes a course without an account
    (lms.people.guests); `guest_seen_on` is the New York day it last did something. Nobody signs in
    as a guest, and no fact is written for one.
    """

    email = models.EmailField(_("e-mail address"), null=True, blank=True, unique=True)
    first_name = models.CharField(_("first name"), max_length=150, blank=True)
    last_name = models.CharField(_("last name"), max_length=150, blank=True)
    sort_name = FoldedField(sources=("last_name", "first_name"), db_index=True)
    search_name = FoldedField(sources=("first_name", "last_name"), db_index=True)
    preferred_language = models.CharField(
        _("language"), max_length=10, default=settings.LANGUAGE_CODE
    )
    canonical_person = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="aliases"
    )
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(default=timezone.now)
    guest_since = models.DateTimeField(null=True, blank=True, editable=False)
    guest_seen_on = models.DateField(null=True, blank=True, editable=False)

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []  # type: ignore[misc]  # as the stubs declare it elsewhere

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="people_person_email_any_case"),
            models.CheckConstraint(condition=~Q(email=""), name="people_person_email_not_empty"),
            models.CheckConstraint(
                condition=~Q(canonical_person=F("id")), name="people_person_not_its_own_alias"
            ),
            models.CheckConstraint(
                condition=Q(guest_since__isnull=True, guest_seen_on__isnull=True)
                | Q(
                    guest_since__isnull=False,
                    guest_seen_on__isnull=False,
                    email__isnull=True,
                    first_name="",
                    last_name="",
                    canonical_person__isnull=True,
                    is_superuser=False,
                ),
                name="people_person_guest_is_nobody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["guest_seen_on"],
                name="people_guests",
                condition=Q(guest_since__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email or f"#{self.pk}"

    def get_full_name(self) -> str:
        """The name as it is printed: first, last."""
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        return self.first_name or self.email or ""

    @property
    def is_staff(self) -> bool:
        """For libraries that ask; what staff may do is decided by roles."""
        return self.is_superuser

    @property
    def is_guest(self) -> bool:
        """Whether this is a browser that nobody has given a name yet."""
        return self.guest_since is not None

    @property
    def canonical(self) -> "Person":
        """The row that services write for."""
        return self.canonical_person or self


class Organization(models.Model):
    """An office that owns trainings, an agency, a lodging company or one of its facilities."""

    key = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=12, choices=OrganizationKind.choices)
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(max_length=80, blank=True)
    search_name = FoldedField(sources=("name",))
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    street = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    county = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=2, default="NY")
    postcode = models.CharField(max_length=10, blank=True)
    privacy_notice = models.TextField(blank=True)
    # Of a facility that turned out to be another one: that one, one level deep. Its employments,
    # roles and devices are there by now; facts that are never rewritten stay here and are read from
    # both (lms.compliance.doubles).
    canonical_organization = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="aliases"
    )
    # Since when this office speaks for the state, if it does (lms.people.state_office).
    speaks_for_state_since = models.DateTimeField(null=True, blank=True, editable=False)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        ordering = ["search_name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=OrganizationKind.values), name="people_organization_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | Q(kind=OrganizationKind.FACILITY),
                name="people_organization_only_facilities_have_parents",
            ),
            models.CheckConstraint(
                condition=Q(canonical_organization__isnull=True)
                | (
                    Q(kind=OrganizationKind.FACILITY, parent__isnull=True)
                    & ~Q(canonical_organization=F("id"))
                ),
                name="people_organization_only_facilities_are_aliases",
            ),
            models.CheckConstraint(
                condition=Q(speaks_for_state_since__isnull=True) | Q(kind=OrganizationKind.OFFICE),
                name="people_organization_only_offices_speak_for_state",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The short name where there is one."""
        return self.short_name or self.name

    @property
    def speaks_for_state(self) -> bool:
        """Whether this office enters the state's programs, and its reviewers look for the state."""
        return self.speaks_for_state_since is not None


class RoleAssignment(models.Model):
    """A role a person holds for an organization, from a moment until a moment."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=20, choices=Role.choices)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="roles")
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="people_role_known"),
            models.UniqueConstraint(
                fields=["person", "role", "organization"],
                condition=Q(ended_at__isnull=True),
                name="people_role_held_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="people_role_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()}, {self.organization}"


class Employment(models.Model):
    """A person's employment with an organization, first to last day (New York calendar days).

    Nobody is deleted; employments end. A rehire is a new employment.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="employments")
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="employments"
    )
    number = models.CharField(_("employee number"), max_length=40, blank=True)
    started_on = models.DateField(_("hired on"))
    ended_on = models.DateField(_("left on"), null=True, blank=True)
    sent_by = models.CharField(_("sent by an agency"), max_length=120, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)
    # Since when the employer no longer keeps its record of it (compliance.retention); it reads it
    # no more, the person does.
    released_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = EmploymentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="people_employment_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | Q(ended_on__isnull=False),
                name="people_employment_released_after_end",
            ),
            models.UniqueConstraint(
                fields=["person", "organization"],
                condition=Q(ended_on__isnull=True),
                name="people_employment_one_open",
            ),
            models.UniqueConstraint(
                fields=["organization", "number"],
                condition=Q(ended_on__isnull=True) & ~Q(number=""),
                name="people_employment_number_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} at {self.organization}"


class EmploymentPeriod(models.Model):
    """The post somebody holds within an employment, and whether it meets guests; dated.

    Guest contact is yes unless a reason is given: the statute asks for "every employee likely to
    interact or come into contact with guests" (GBL 205; DOMAIN 2).
    """

    employment = models.ForeignKey(Employment, on_delete=models.PROTECT, related_name="periods")
    post = models.CharField(max_length=24, choices=Post.choices)
    guest_contact = models.BooleanField(default=True)
    no_contact_reason = models.CharField(max_length=300, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(post__in=Post.values), name="people_post_known"),
            models.CheckConstraint(
                condition=Q(guest_contact=True) | ~Q(no_contact_reason=""),
                name="people_period_no_contact_has_reason",
                violation_error_message=_("Say why this post does not meet guests."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="people_period_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["employment"],
                condition=Q(ends_on__isnull=True),
                name="people_period_one_open",
            ),
            models.UniqueConstraint(
                fields=["employment", "starts_on"], name="people_period_one_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_post_display()} from {self.starts_on}"


# The rest of this room's models; here, so that Django finds them.
from lms.people.correction_models import EmploymentCorrection  # noqa: E402, F401
from lms.people.device_models import PinTries, SharedDevice, WorkerPin  # noqa: E402, F401
from lms.people.look_models import RecordLook  # noqa: E402, F401
from lms.people.merge_models import PersonMerge, PersonSplit, SaidDifferent  # noqa: E402, F401
from lms.people.redaction_models import Redaction  # noqa: E402, F401
from lms.people.roster_models import RosterImport, RosterLayout, RosterRow  # noqa: E402, F401
