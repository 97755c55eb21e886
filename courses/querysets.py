"""Adjectives for courses' rows."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from wagtail.models import PageQuerySet

from courses.enums import AttemptStatus, EnrolmentStatus, ProofStatus
from lms.people.enums import Role
from lms.people.models import Organization, Person

if TYPE_CHECKING:
    # Named in strings below, which the linter does not read.
    from courses.models import (  # noqa: F401
        Attempt,
        DocumentEdition,
        DocumentSignature,
        Enrolment,
        LessonFile,
        OutsideProof,
        Question,
        QuestionVersion,
        SurveyResponse,
    )


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    """Enrolments; reads follow a merged person's aliases (DESIGN 4.9)."""

    def visible_to(self, person: Person) -> "EnrolmentQuerySet":
        """What `person` may open in the player: their own, nobody else's, whatever their role.

        A guest's only while the training needs no account.
        """
        if not person.is_authenticated:
            return self.none()
        if person.is_guest:
            return self.filter(person=person.pk, training__without_account=True)
        return self.filter(person__in=Person.objects.one_with(person))

    def active(self) -> "EnrolmentQuerySet":
        return self.filter(status=EnrolmentStatus.ACTIVE)

    def of_people(self) -> "EnrolmentQuerySet":
        """Without guests', which count nowhere until somebody gives them a name."""
        return self.filter(person__guest_since__isnull=True)

    def completed(self) -> "EnrolmentQuerySet":
        return self.filter(status=EnrolmentStatus.COMPLETED)

    def with_standing(self) -> "EnrolmentQuerySet":
        """With all that `selectors.where` reads, in three queries however many there are."""
        from courses.models import Attempt  # noqa: PLC0415 - models import this module

        attempts = (
            Attempt.objects.with_result().defer("items", "rule").order_by("step_key", "number")
        )
        return (
            self.select_related("version", "training__owner", "own_word")
            .defer("version__spec")
            .prefetch_related("progress", models.Prefetch("attempts", attempts))
        )


class AttemptQuerySet(models.QuerySet["Attempt"]):
    """Attempts at tests."""

    def visible_to(self, person: Person) -> "AttemptQuerySet":
        """The person's own; a guest's only while the training needs no account."""
        if not person.is_authenticated:
            return self.none()
        if person.is_guest:
            mine = self.filter(enrolment__person=person.pk)
            return mine.filter(enrolment__training__without_account=True)
        return self.filter(enrolment__person__in=Person.objects.one_with(person))

    def with_result(self) -> "AttemptQuerySet":
        """With what counts of each, for `results.result_of`; no query more."""
        from courses.results import annotations  # noqa: PLC0415 - it reads models

        return self.annotate(**annotations())

    def counting(self) -> "AttemptQuerySet":
        """Handed in and not voided, with their results."""
        handed_in = self.with_result().filter(status=AttemptStatus.HANDED_IN)
        return handed_in.filter(Q(("is_void", False)))

    def that_saw(self, wording: "QuestionVersion | int") -> "AttemptQuerySet":
        """Those with this wording of a question."""
        return self.filter(items__contains=[{"version": getattr(wording, "pk", wording)}])

    def overdue(self, now: datetime) -> "AttemptQuerySet":
        """In progress though their time has run out, in courses that still go on."""
        return self.filter(
            status=AttemptStatus.IN_PROGRESS,
            deadline_at__lt=now,
            enrolment__status=EnrolmentStatus.ACTIVE,
        )


class LessonFileQuerySet(models.QuerySet["LessonFile"]):
    """Lessons' files."""

    def editable_by(self, person: "Person") -> "LessonFileQuerySet":
        """Those of the offices the person edits for; the administrator has all."""
        if not person.is_authenticated:
            return self.none()
        if person.is_superuser:
            return self.all()
        return self.filter(office__in=Organization.objects.with_role(person, *Role.editing()))


class CoursePageQuerySet(PageQuerySet):
    """Course pages."""

    def editable_by(self, person: Person) -> "CoursePageQuerySet":
        """Those of the offices the person edits for; the administrator has all."""
        if person.is_superuser:
            return self.all()
        offices = Organization.objects.offices().with_role(person, *Role.editing())
        return self.filter(office__in=offices)


class DocumentEditionQuerySet(models.QuerySet["DocumentEdition"]):
    """Versions of documents to sign."""

    def newest(self) -> "DocumentEditionQuerySet":
        """Each document's version as it is now."""
        last = (
            self.model.objects.filter(training=OuterRef("training"), document=OuterRef("document"))
            .order_by("-number")
            .values("pk")[:1]
        )
        return self.filter(pk=Subquery(last))

    def of_offices(self, offices: "Iterable[Organization]") -> "DocumentEditionQuerySet":
        """Those of trainings these offices own."""
        return self.filter(training__owner__in=list(offices))


class DocumentSignatureQuerySet(models.QuerySet["DocumentSignature"]):
    """Signatures under documents."""

    def visible_to(self, person: Person) -> "DocumentSignatureQuerySet":
        """The person's own."""
        if not person.is_authenticated:
            return self.none()
        return self.filter(enrolment__person__in=Person.objects.one_with(person))


class OutsideProofQuerySet(models.QuerySet["OutsideProof"]):
    """Proofs of courses taken elsewhere."""

    def of(self, person: Person) -> "OutsideProofQuerySet":
        """The person's own, in courses and in plans; reads follow a merged person's aliases."""
        one = Person.objects.one_with(person).values("pk")
        return self.filter(Q(enrolment__person__in=one) | Q(plan_enrolment__person__in=one))

    def visible_to(self, person: Person) -> "OutsideProofQuerySet":
        """The person's own."""
        return self.of(person) if person.is_authenticated else self.none()

    def reviewed_by(self, person: Person) -> "OutsideProofQuerySet":
        """What `person` decides on: proofs for their offices' trainings, never their own."""
        if not person.is_authenticated:
            return self.none()
        others = self.exclude(pk__in=self.of(person).values("pk"))
        if person.is_superuser:
            return others
        offices = Organization.objects.offices().with_role(person, Role.COORDINATOR)
        return others.filter(
            Q(enrolment__training__owner__in=offices) | Q(training__owner__in=offices)
        )

    def waiting(self) -> "OutsideProofQuerySet":
        """Not looked at yet, the oldest first."""
        return self.filter(status=ProofStatus.WAITING).order_by("sent_at", "id")


class SurveyResponseQuerySet(models.QuerySet["SurveyResponse"]):
    """Answers to surveys; they belong to nobody."""

    def of_offices(self, offices: "Iterable[Organization]") -> "SurveyResponseQuerySet":
        """Those given in trainings these offices own."""
        return self.filter(training__owner__in=list(offices))
