"""Files uploaded for a restricted training open to those it is for.

A document knows nothing of trainings, so this asks what names it: Wagtail's index of references for
pages as they are now, and the revisions that learners are pinned to for what pages said before.
"""

import json
import re
from collections.abc import Iterator
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from wagtail.documents.models import AbstractDocument
from wagtail.models import Page, ReferenceIndex

from lms.people.models import Person
from lms.people.permissions import edits_for
from lms.trainings.access import reach_of
from lms.trainings.models import StepContent, Training, TrainingPage


def may_open(person: Person | AnonymousUser, document: AbstractDocument) -> bool:
    """Whether `document` opens to `person`.

    To everybody where a public page or row names it, or nothing does that has to do with a
    restricted training; else to those whom one of the restricted trainings is for.
    """
    restricted = list(Training.objects.restricted())
    if not restricted:
        return True
    naming = _named_on(document)
    theirs: dict[UUID | None, Training] = {training.key: training for training in restricted}
    found = {theirs[key] for key in naming if key in theirs}
    if any(key not in theirs for key in naming):
        return True
    found |= _pinned_in(document, restricted)
    if not found:
        return True
    reach = reach_of(person)
    return any(
        reach.covers(training)
        or (isinstance(person, Person) and edits_for(person, training.owner_id))
        for training in found
    )


def _named_on(document: AbstractDocument) -> set[UUID | None]:
    """The keys of the trainings whose pages name the document; None for anything else that does."""
    rows: QuerySet[ReferenceIndex] = ReferenceIndex.get_references_to(document)
    keys: set[UUID | None] = set()
    page_type = ContentType.objects.get_for_model(Page)
    for base_type, object_id in rows.values_list("base_content_type", "object_id").distinct():
        key = None
        if base_type == page_type.pk:
            page = Page.objects.filter(pk=object_id).first()
            above = page and TrainingPage.objects.ancestor_of(page, inclusive=True).last()
            key = above.translation_key if above else None
        keys.add(key)
    return keys


def _pinned_in(document: AbstractDocument, restricted: list[Training]) -> set[Training]:
    """The restricted trainings of which a step in force for somebody names the document."""
    number = document.pk
    named = re.compile(
        rf'linktype="document"[^>]*\bid="{number}"|\bid="{number}"[^>]*linktype="document"'
        rf'|"(?:document|file|video|audio|captions|media)": "?{number}\b'
    )
    return {
        training
        for training in restricted
        if any(named.search(content) for content in _pinned_contents(training))
    }


def _pinned_contents(training: Training) -> Iterator[str]:
    """What the training's steps say to those pinned to them, as text without escapes."""
    contents = StepContent.objects.filter(version__training=training)
    for content in contents.values_list("revision__content", flat=True).distinct():
        yield json.dumps(content).replace("\\", "")
