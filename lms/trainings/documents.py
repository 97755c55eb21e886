"""Documents and pictures uploaded for a restricted training open to those it is for.

A file knows nothing of trainings, so this asks what names it: Wagtail's index of references for
pages as they are now, and the revisions that learners are pinned to for what pages said before.
"""

import json
import re
from collections.abc import Iterable, Iterator
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from django.db.models.fields.json import KeyTextTransform
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage
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
    restricted = restricted_to(document)
    return not restricted or is_for(person, restricted)


def may_see(person: Person | AnonymousUser, image: AbstractImage) -> bool:
    """Whether the picture opens to `person`, where not everybody sees it (`is_public`).

    One that no page shows is the editors' alone: it may be for a restricted training's draft.
    """
    restricted = restricted_to(image)
    if restricted:
        return is_for(person, restricted)
    return isinstance(person, Person) and person.has_perm("wagtailadmin.access_admin")


def is_public(image: AbstractImage) -> bool:
    """Whether a page shows the picture that is not of a restricted training.

    A page as it is now, or as learners of an open course are pinned to it.
    """
    restricted = {training.key for training in Training.objects.restricted()}
    return any(key not in restricted for key in _named_on(image)) or _pinned_openly(image)


def restricted_to(file: Model) -> set[Training]:
    """The restricted trainings that `file` belongs to; none where anything public names it."""
    restricted = list(Training.objects.restricted())
    if not restricted:
        return set()
    naming = _named_on(file)
    theirs: dict[UUID | None, Training] = {training.key: training for training in restricted}
    if any(key not in theirs for key in naming):
        return set()
    return {theirs[key] for key in naming} | _pinned_in(file, restricted)


def is_for(person: Person | AnonymousUser, trainings: Iterable[Training]) -> bool:
    """Whether one of the trainings is for `person`, or theirs to edit."""
    reach = reach_of(person)
    return any(
        reach.covers(training)
        or (isinstance(person, Person) and edits_for(person, training.owner_id))
        for training in trainings
    )


def _named_on(file: Model) -> set[UUID | None]:
    """The keys of the trainings whose pages name the file; None for anything else that does."""
    rows: QuerySet[ReferenceIndex] = ReferenceIndex.get_references_to(file)
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


def _pinned_in(file: Model, restricted: list[Training]) -> set[Training]:
    """The restricted trainings of which a step in force for somebody names the file."""
    number = file.pk
    tag, blocks = (
        (r'embedtype="image"', "image")
        if isinstance(file, AbstractImage)
        else (r'linktype="document"', "document|file|video|audio|captions|media")
    )
    named = re.compile(
        rf'{tag}[^>]*\bid="{number}"|\bid="{number}"[^>]*{tag}|"(?:{blocks})": "?{number}\b'
    )
    return {
        training
        for training in restricted
        if any(named.search(content) for content in _pinned_contents(training))
    }


def _pinned_openly(image: AbstractImage) -> bool:
    """Whether a step in force for somebody in an open training shows the picture; one query."""
    contents = StepContent.objects.filter(version__training__in=Training.objects.for_everybody())
    bodies = contents.annotate(body=KeyTextTransform("body", "revision__content"))
    return bodies.filter(body__regex=rf'"image": {image.pk}[,}}]').exists()


def _pinned_contents(training: Training) -> Iterator[str]:
    """What the training's steps say to those pinned to them, as text without escapes."""
    contents = StepContent.objects.filter(version__training=training)
    for content in contents.values_list("revision__content", flat=True).distinct():
        yield json.dumps(content).replace("\\", "")
