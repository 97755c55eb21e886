"""What of the editors' pages is closed to an editor: other offices' restricted trainings.

An open training of another office is seen by every editor, and edited by its own
(`ownership`). A restricted one, published or still a draft, does not exist for them: neither its
pages, nor what lies below them, nor the files that nothing else names. docs/decisions/0019.
"""

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, ExpressionWrapper, F, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from wagtail.models import Page, ReferenceIndex

from lms.people.enums import Role
from lms.people.models import Organization, Person
from lms.trainings.enums import Access
from lms.trainings.models import Training, TrainingPage


def closed_pages(editor: Person) -> QuerySet[Page]:
    """The pages of restricted trainings that `editor` has no right to, with all below them.

    Once published, the training says whether it is restricted (its main language's page decided);
    before, the draft does.
    """
    if editor.is_superuser:
        none: QuerySet[Page] = Page.objects.none()
        return none
    training = Training.objects.filter(key=OuterRef("translation_key"))
    restricted = Q(Exists(training.restricted())) | (~Q(access=Access.OPEN) & ~Exists(training))
    own = Organization.objects.offices().with_role(editor, *Role.editing())
    trainings = TrainingPage.objects.filter(restricted).exclude(office__in=own.values("pk"))
    path = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    above = trainings.order_by().annotate(below=path).filter(below__startswith=F("path"))
    found: QuerySet[Page] = Page.objects.filter(Exists(above))
    return found


def closed_files(editor: Person, model: type[Model]) -> QuerySet[Model]:
    """The pictures or documents that closed pages name, and nothing else does.

    What the editor uploaded stays theirs. A file that only an unpublished change of a page names is
    not known to belong to it.
    """
    everything: QuerySet[Model] = model._default_manager.all()  # noqa: SLF001 - Django's documented name
    if editor.is_superuser:
        return everything.none()
    closed = closed_pages(editor).annotate(number=Cast("pk", CharField())).values("number")
    naming = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(model),
        to_object_id=Cast(OuterRef("pk"), CharField()),
    )
    theirs = Q(base_content_type=ContentType.objects.get_for_model(Page), object_id__in=closed)
    return everything.filter(
        Exists(naming.filter(theirs)), ~Exists(naming.exclude(theirs))
    ).exclude(uploaded_by_user=editor)


def are_closed(editor: Person, pages: Iterable[int]) -> bool:
    """Whether any of the pages, by their ids, is closed to `editor`; at most one query."""
    wanted = list(pages)
    return bool(wanted) and closed_pages(editor).filter(pk__in=wanted).exists()
