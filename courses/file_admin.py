"""Lessons' files in the editors' pages: uploading, choosing, looking; nobody deletes."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.chooser import (
    SnippetCreateView,
)
from wagtail.snippets.views.snippets import SnippetViewSet

from courses import services
from courses.file_checks import FORMATS, check_file
from courses.models import LessonFile
from courses.own_snippets import (
    OwnChooseResultsView,
    OwnChooserViewSet,
    OwnChooseView,
    OwnEditView,
    OwnHistoryView,
    OwnUsageView,
    editor,
)
from lms.core.exceptions import Refused
from lms.people.enums import Role
from lms.people.models import Organization, Person


class LessonFileForm(WagtailAdminModelForm):
    """Uploading keeps a new file through the service; later only its title can be mended."""

    upload = forms.FileField(
        label=_("File"),
        help_text=_("One of %(kinds)s.") % {"kinds": ", ".join(FORMATS)},
        widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in FORMATS)}),
    )

    class Meta:
        model = LessonFile
        fields = ["office", "title"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields.pop("upload", None)
            if "office" in self.fields:
                self.fields["office"].disabled = True
            return
        own = Organization.objects.offices()
        if self.for_user and not self.for_user.is_superuser:
            own = own.with_role(self.for_user, *Role.editing())
        if "office" in self.fields:
            self.fields["office"].queryset = own
            if len(own) == 1:
                self.initial.setdefault("office", own[0].pk)

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        try:
            check_file(upload)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return upload

    def save(self, commit: bool = True) -> LessonFile:
        if self.instance.pk:
            changed: LessonFile = super().save(commit=commit)
            return changed
        return services.keep_lesson_file(
            office=self.cleaned_data["office"],
            title=self.cleaned_data["title"],
            upload=self.cleaned_data["upload"],
            actor=self.for_user,
        )


class FilePolicy(ModelPermissionPolicy):
    """Lessons that people were held to name these files, so nobody deletes one."""

    def user_has_permission(self, user: Person, action: str) -> bool:
        return action != "delete" and bool(super().user_has_permission(user, action))


class ForEditorMixin:
    """The form to upload with, in a chooser: it asks who uploads."""

    request: HttpRequest

    def get_creation_form_kwargs(self) -> dict[str, Any]:
        known: dict[str, Any] = super().get_creation_form_kwargs()  # type: ignore[misc]  # Wagtail's view is beside us
        return {**known, "for_user": editor(self.request)}


class FilesMixin(ForEditorMixin):
    """A chooser that says what the files are."""

    @property
    def columns(self) -> list[Column]:
        return [
            *super().columns,  # type: ignore[misc]  # Wagtail's view is beside us
            Column("kind", label=_("Kind"), accessor="get_kind_display"),
            Column("size", label=_("Size"), accessor="kind_and_size"),
        ]


class ChooseFile(FilesMixin, OwnChooseView):
    pass


class ChooseFileResults(FilesMixin, OwnChooseResultsView):
    pass


class UploadFile(ForEditorMixin, SnippetCreateView):
    pass


class FileChooserViewSet(OwnChooserViewSet):
    choose_view_class = ChooseFile
    choose_results_view_class = ChooseFileResults
    create_view_class = UploadFile
    creation_form_class = LessonFileForm
    creation_tab_label = _("Upload")
    create_action_label = _("Upload")
    permission_policy = FilePolicy(LessonFile)


class LessonFileViewSet(SnippetViewSet):
    """Videos, recordings, captions and documents of one's own office's lessons."""

    model = LessonFile
    icon = "media"
    menu_label = _("Lesson files")
    menu_name = "lesson-files"
    add_to_admin_menu = True
    list_display = [
        "title",
        Column("kind", label=_("Kind"), accessor="get_kind_display", sort_key="kind"),
        Column("kind_and_size", label=_("Size")),
        "uploaded_at",
    ]
    list_filter = ["kind"]
    search_fields = ["title", "name"]
    list_per_page = 50
    copy_view_enabled = False
    edit_view_class = OwnEditView
    usage_view_class = OwnUsageView
    history_view_class = OwnHistoryView
    chooser_viewset_class = FileChooserViewSet
    permission_policy = FilePolicy(LessonFile)

    @cached_property
    def edit_handler(self) -> ObjectList:
        return ObjectList(
            [FieldPanel("office"), FieldPanel("title"), FieldPanel("upload")],
            base_form_class=LessonFileForm,
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[LessonFile]:
        return LessonFile.objects.editable_by(editor(request))
