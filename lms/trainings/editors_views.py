"""Views and panels of Wagtail that ask no policy, without what is closed to their reader."""

from typing import Any

from django.db.models import QuerySet
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.admin.views.home import (
    LockedPagesPanel,
    RecentEditsPanel,
    UserObjectsInWorkflowModerationPanel,
    WorkflowObjectsToModeratePanel,
)
from wagtail.admin.views.pages.bulk_actions import (
    DeleteBulkAction,
    MoveBulkAction,
    PublishBulkAction,
    UnpublishBulkAction,
)
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet
from wagtail.models import Page
from wagtail.permissions import page_permission_policy
from wagtail_localize.models import Translation
from wagtail_localize.views.report import TranslationsReportView

from lms.people.models import Person
from lms.trainings.closed import closed_files, closed_pages


def closed_ids(editor: Person) -> set[int]:
    """The ids of the pages closed to `editor`."""
    return set(closed_pages(editor).values_list("pk", flat=True))


class OpenPages(PagesAdminAPIViewSet):
    """What Wagtail's sidebar and choosers ask by script."""

    def get_base_queryset(self) -> QuerySet[Page]:
        found: QuerySet[Page] = page_permission_policy.explorable_instances(self.request.user)
        return found


class OpenImages(ImagesAdminAPIViewSet):
    def get_queryset(self) -> QuerySet[Any]:
        closed = closed_files(self.request.user, self.model)
        return super().get_queryset().exclude(pk__in=closed.values("pk"))


class OpenDocuments(DocumentsAdminAPIViewSet):
    def get_queryset(self) -> QuerySet[Any]:
        closed = closed_files(self.request.user, self.model)
        return super().get_queryset().exclude(pk__in=closed.values("pk"))


class OpenTranslations(TranslationsReportView):
    """The report of translations; of pages and of everything else that is translated."""

    def get_queryset(self) -> QuerySet[Translation]:
        closed = closed_pages(self.request.user).values("translation_key")
        found: QuerySet[Translation] = super().get_queryset()
        return found.exclude(source__object_id__in=closed).order_by("-pk")


class OpenRecentEdits(RecentEditsPanel):
    """Also of one's own edits: whose role in an office has ended has no business there."""

    def get_context_data(self, parent_context: Any) -> Any:
        context = super().get_context_data(parent_context)
        closed = closed_ids(context["request"].user)
        context["last_edits"] = [row for row in context["last_edits"] if row[1].pk not in closed]
        return context


class OpenLockedPages(LockedPagesPanel):
    def get_context_data(self, parent_context: Any) -> Any:
        context = super().get_context_data(parent_context)
        closed = closed_pages(context["request"].user)
        context["locked_pages"] = context["locked_pages"].exclude(pk__in=closed.values("pk"))
        return context


class OpenInModeration(UserObjectsInWorkflowModerationPanel):
    def get_context_data(self, parent_context: Any) -> Any:
        context = super().get_context_data(parent_context)
        closed = closed_ids(context["request"].user)
        context["workflow_states"] = [
            state
            for state in context["workflow_states"]
            if not isinstance(state.content_object, Page) or state.content_object.pk not in closed
        ]
        return context


class OpenToModerate(WorkflowObjectsToModeratePanel):
    def get_context_data(self, parent_context: Any) -> Any:
        context = super().get_context_data(parent_context)
        closed = closed_ids(context["request"].user)
        context["states"] = [
            row
            for row in context["states"]
            if not isinstance(row["obj"], Page) or row["obj"].pk not in closed
        ]
        return context


# By the panel of Wagtail that it takes the place of.
PANELS = {
    RecentEditsPanel: OpenRecentEdits,
    LockedPagesPanel: OpenLockedPages,
    UserObjectsInWorkflowModerationPanel: OpenInModeration,
    WorkflowObjectsToModeratePanel: OpenToModerate,
}


class OfOpenPages(PageBulkAction):
    """All of a list means all that the list showed."""

    def get_all_objects_in_listing_query(self, parent_id: str | None) -> list[int]:
        closed = closed_ids(self.request.user)
        found = super().get_all_objects_in_listing_query(parent_id)
        return [pk for pk in (getattr(row, "pk", row) for row in found) if pk not in closed]


class DeleteOpenPages(OfOpenPages, DeleteBulkAction):
    pass


class MoveOpenPages(OfOpenPages, MoveBulkAction):
    pass


class PublishOpenPages(OfOpenPages, PublishBulkAction):
    pass


class UnpublishOpenPages(OfOpenPages, UnpublishBulkAction):
    pass


BULK_ACTIONS = (DeleteOpenPages, MoveOpenPages, PublishOpenPages, UnpublishOpenPages)
