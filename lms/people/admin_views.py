"""People in Wagtail's list of users: found by name, shown with their roles, never deleted."""

from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import Prefetch
from django.db.models.query import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.widgets.boolean_radio_select import BooleanRadioSelect
from wagtail.users.views import users

from lms.people.admin_forms import PersonEditForm, PersonForm
from lms.people.enums import Role
from lms.people.models import Person, RoleAssignment


def roles_in_words(person: Person) -> str:
    """What the list says about a person's roles now."""
    held = [
        f"{role.get_role_display()}, {role.organization.label}"
        for role in person.roles_now  # type: ignore[attr-defined]  # prefetched by the list
    ]
    if person.is_superuser:
        held.insert(0, _("Administrator"))
    return "; ".join(held)


class PersonFilters(WagtailFilterSet):
    """Narrow the list to a role, to open accounts, to administrators."""

    role = django_filters.ChoiceFilter(
        label=gettext_lazy("Role"), choices=Role.choices, method="holding"
    )
    is_active = django_filters.BooleanFilter(
        label=gettext_lazy("Account open"), widget=BooleanRadioSelect
    )
    is_superuser = django_filters.BooleanFilter(
        label=gettext_lazy("Administrator"), widget=BooleanRadioSelect
    )

    def __init__(self, *args: Any, is_searching: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def holding(self, queryset: QuerySet[Person], _name: str, role: str) -> QuerySet[Person]:
        """People who hold the role now."""
        held = RoleAssignment.objects.current().filter(role=role)
        return queryset.filter(pk__in=held.values("person"))

    class Meta:
        model = Person
        fields: list[str] = []


class PersonIndexView(users.IndexView):
    """The list, by last name. There is nothing to do with many people at once."""

    page_title = gettext_lazy("People")
    add_item_label = gettext_lazy("Add a person")

    @cached_property
    def columns(self) -> list[Column]:
        name_column = self._get_title_column_class(users.UserColumn)
        return [
            name_column(
                "name",
                accessor=get_user_display_name,
                label=gettext_lazy("Name"),
                sort_key="name",
                get_url=self.get_edit_url,
                classname="name",
            ),
            Column("email", label=gettext_lazy("E-mail address"), sort_key="email", width="22%"),
            Column("roles", label=gettext_lazy("Roles"), accessor=roles_in_words, width="28%"),
            BooleanColumn("is_active", label=gettext_lazy("Account open"), width="8%"),
            DateColumn(
                "last_login",
                label=gettext_lazy("Last signed in"),
                sort_key="last_login",
                width="12%",
            ),
        ]

    def get_base_queryset(self) -> QuerySet[Person]:
        roles = RoleAssignment.objects.current().select_related("organization").order_by("role")
        people: QuerySet[Person] = super().get_base_queryset().filter(guest_since__isnull=True)
        return people.prefetch_related(Prefetch("roles", queryset=roles, to_attr="roles_now"))

    def search_queryset(self, queryset: Any) -> Any:
        return queryset.matching(self.search_query) if self.search_query else queryset

    def order_queryset(self, queryset: QuerySet[Person]) -> QuerySet[Person]:
        by_name = {"name": "sort_name", "-name": "-sort_name"}
        ordering = self.ordering or "name"
        return queryset.order_by(by_name.get(ordering, ordering), "pk")

    def get_delete_url(self, instance: Person) -> None:
        """Nobody is deleted here."""


class PersonCreateView(users.CreateView):
    page_title = gettext_lazy("Add a person")
    success_message = gettext_lazy("%(object)s was added.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "actor": self.request.user}


class PersonEditView(users.EditView):
    success_message = gettext_lazy("%(object)s was changed.")
    error_message = gettext_lazy("Nothing was changed yet: see below what is missing.")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.can_delete = False

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "actor": self.request.user}


class PersonDeleteView(users.DeleteView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        messages.error(request, nobody_is_deleted())
        return redirect("wagtailusers_users:edit", self.kwargs["pk"])


class PersonViewSet(users.UserViewSet):
    """Wagtail's own, except for what it takes a user to be."""

    menu_label = gettext_lazy("People")
    ordering = "name"
    filterset_class = PersonFilters
    index_view_class = PersonIndexView
    add_view_class = PersonCreateView
    edit_view_class = PersonEditView
    delete_view_class = PersonDeleteView
    create_template_name = "wagtailadmin/generic/create.html"
    edit_template_name = "wagtailadmin/generic/edit.html"

    def get_form_class(self, for_update: bool = False) -> type[PersonForm]:
        return PersonEditForm if for_update else PersonForm


def nobody_is_deleted() -> str:
    """Why there is no deleting, and what there is instead."""
    return _("Nobody is deleted here. Close the account instead; the record stays.")
