"""What steps show beyond their pinned pages: documents in force for all, files, other providers."""

from collections.abc import Iterable

from django.conf import settings
from django.db.models import F, OuterRef, QuerySet, Subquery

from courses.enums import EnrolmentStatus, StepKind
from courses.models import (
    CoursePage,
    DocumentEdition,
    DocumentPage,
    DocumentSignature,
    DocumentText,
    Enrolment,
)
from courses.selectors import Step, step_content
from lms.core.prepared import Prepared, given_person
from lms.people.models import Person
from lms.trainings.access import reach_of


def document_text(enrolment: Enrolment, step: Step) -> DocumentText | None:
    """The wording of the document's version in force, in the enrolment's language if there is one.

    Else in the main language, else in any. None for a step without a document.
    """
    if step.document is None:
        return None
    texts = DocumentText.objects.filter(edition=step.document.edition).select_related("revision")
    by_locale = {text.locale: text for text in texts}
    return (
        by_locale.get(enrolment.language)
        or by_locale.get(settings.LANGUAGE_CODE)
        or next(iter(by_locale.values()), None)
    )


def documents_due(person: Person) -> list[DocumentEdition]:
    """New versions the person has yet to sign in courses they have completed; one query.

    Each has `enrolment_id` and `step_key`, where it is signed. Courses under way ask by themselves;
    a course that is no longer for the person asks for nothing.
    """
    due = _documents_due(person=person)
    if not any(edition.training.is_restricted for edition in due):
        return due
    reach = reach_of(person)
    return [edition for edition in due if reach.covers(edition.training)]


@Prepared
def _documents_due() -> "QuerySet[DocumentEdition]":
    mine = DocumentSignature.objects.visible_to(given_person("person")).filter(
        edition__training=OuterRef("training"), edition__document=OuterRef("document")
    )
    last = mine.order_by("-edition__number", "-id")
    done = last.filter(enrolment__status=EnrolmentStatus.COMPLETED)
    return (
        DocumentEdition.objects.newest()
        .annotate(
            signed_number=Subquery(last.values("edition__number")[:1]),
            enrolment_id=Subquery(done.values("enrolment")[:1]),
            step_key=Subquery(done.values("step_key")[:1]),
        )
        .filter(signed_number__lt=F("number"), enrolment_id__isnull=False)
        .select_related("training")
        .order_by("recorded_at")
    )


def files_of(enrolment: Enrolment, step: Step) -> set[int]:
    """The ids of the files that the step's page plays or hands out, as the enrolment has it."""
    text = document_text(enrolment, step)
    page = DocumentPage.as_published(text.revision.content) if text else None
    body = getattr(page or step_content(enrolment, step.key), "body", None)
    return {
        block["value"][name]
        for block in (body.raw_data if body else [])
        if block["type"] in ("media", "download")
        for name in ("file", "captions")
        if block["value"].get(name)
    }


def approving_providers(page_ids: Iterable[int]) -> dict[int, list[str]]:
    """Who approves registrations separately, by the id of the course's page; one query."""
    specs = CoursePage.objects.filter(
        pk__in=list(page_ids),
        version_in_force__spec__outline__contains=[{"kind": StepKind.OUTSIDE.value}],
    ).values_list("pk", "version_in_force__spec__outline")
    return {
        pk: providers
        for pk, steps in specs
        if (providers := [step["provider"] for step in steps if "provider_approves" in step])
    }
