"""Wagtail's views of rows that belong to an office: its editors', and unknown to everybody else.

Wagtail asks whether somebody may edit such rows at all; these ask about the row. The model's
manager has `editable_by`.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from wagtail.snippets.views.chooser import (
    ChooseResultsView,
    ChooseView,
    SnippetChooserViewSet,
    SnippetChosenMultipleView,
    SnippetChosenView,
)
from wagtail.snippets.views.snippets import EditView, HistoryView, UsageView

from lms.people.models import Person


def editor(request: HttpRequest) -> Person:
    """Who is at the editors' pages; nobody else comes here."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user


class OwnRowMixin:
    """A view of one row: 404 where the reader does not edit it."""

    request: HttpRequest

    def get_object(self, *args: Any, **kwargs: Any) -> Model:
        found: Model = super().get_object(*args, **kwargs)  # type: ignore[misc]  # Wagtail's view is beside us
        rows: Any = type(found)._default_manager  # noqa: SLF001 - Django's documented name
        if not rows.editable_by(editor(self.request)).filter(pk=found.pk).exists():
            raise Http404
        return found


class OwnRowsMixin:
    """A chooser's view: the rows that the reader edits."""

    request: HttpRequest
    model_class: Any

    def get_object_list(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model_class.objects.editable_by(editor(self.request))
        return rows

    def get_objects(self, pks: list[str]) -> QuerySet[Any]:
        return self.get_object_list().filter(pk__in=pks)


class OwnEditView(OwnRowMixin, EditView):
    pass


class OwnUsageView(OwnRowMixin, UsageView):
    pass


class OwnHistoryView(OwnRowMixin, HistoryView):
    pass


class OwnChooseView(OwnRowsMixin, ChooseView):
    pass


class OwnChooseResultsView(OwnRowsMixin, ChooseResultsView):
    pass


class OwnChosenView(OwnRowMixin, SnippetChosenView):
    pass


class OwnChosenMultipleView(OwnRowsMixin, SnippetChosenMultipleView):
    pass


class OwnChooserViewSet(SnippetChooserViewSet):
    """A chooser of the rows that the reader edits."""

    choose_view_class = OwnChooseView
    choose_results_view_class = OwnChooseResultsView
    chosen_view_class = OwnChosenView
    chosen_multiple_view_class = OwnChosenMultipleView
