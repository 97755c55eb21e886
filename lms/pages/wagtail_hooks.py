"""Where editors keep contacts, figures, questions and resources in /admin/."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from lms.core.time import new_york_today
from lms.pages.models import Contact, Fact, FaqItem, Resource
from lms.people.models import Person


class KeepingPolicy(ModelPermissionPolicy):
    """Editors add and change; only superusers delete, whatever a group was once granted."""

    def user_has_permission(self, user: Person, action: str) -> bool:
        return (action != "delete" or user.is_superuser) and bool(
            super().user_has_permission(user, action)
        )

    def user_has_any_permission(self, user: Person, actions: Iterable[str]) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


def contact_freshness(contact: Contact) -> str:
    """What the list says about a contact's age."""
    return str(_("Check it again") if contact.is_stale(new_york_today()) else _("Fresh"))


def fact_freshness(fact: Fact) -> str:
    """What the list says about a figure's age."""
    return str(_("Look for a newer one") if fact.is_stale(new_york_today()) else _("Current"))


class ContactFilters(WagtailFilterSet):
    class Meta:
        model = Contact
        fields = ["situation", "for_public"]


class ContactViewSet(SnippetViewSet):
    """Whom to call. What nobody has checked for half a year is marked."""

    model = Contact
    permission_policy = KeepingPolicy(Contact)
    icon = "mobile-alt"
    menu_label = _("Contacts")
    list_display = [
        "name",
        "situation",
        "call",
        Column("checked_on", label=_("Checked on"), sort_key="checked_on"),
        StatusTagColumn(
            "freshness",
            label=_("Freshness"),
            accessor=contact_freshness,
            primary=lambda contact: contact.is_stale(new_york_today()),
        ),
    ]
    filterset_class = ContactFilters
    search_fields = ["name", "who_for", "call"]
    list_per_page = 50
    ordering = ["order", "key"]


class FactViewSet(SnippetViewSet):
    """Figures with year and source. Those to look at again are marked."""

    model = Fact
    permission_policy = KeepingPolicy(Fact)
    icon = "tag"
    menu_label = _("Figures")
    list_display = [
        "statement",
        "year",
        "source",
        Column("review_on", label=_("Look again on"), sort_key="review_on"),
        StatusTagColumn(
            "freshness",
            label=_("Freshness"),
            accessor=fact_freshness,
            primary=lambda fact: fact.is_stale(new_york_today()),
        ),
    ]
    list_filter: Any = ["year", "source"]
    search_fields = ["statement", "source", "key"]
    list_per_page = 50


class FaqItemViewSet(SnippetViewSet):
    """Questions and answers."""

    model = FaqItem
    permission_policy = KeepingPolicy(FaqItem)
    icon = "help"
    menu_label = _("Questions")
    list_display = ["question", "audience", "authority", "order"]
    list_filter: Any = ["audience"]
    search_fields = ["question", "answer"]
    list_per_page = 50


class ResourceViewSet(SnippetViewSet):
    """Guides, posters, cards, forms, outside trainings, laws."""

    model = Resource
    permission_policy = KeepingPolicy(Resource)
    icon = "folder-open-inverse"
    menu_label = _("Resources")
    list_display = ["title", "kind", "provider"]
    list_filter: Any = ["kind"]
    search_fields = ["title", "summary", "provider"]
    list_per_page = 50


class DatedDataGroup(SnippetViewSetGroup):
    """One entry of the menu for all of them."""

    items = (ContactViewSet, FactViewSet, FaqItemViewSet, ResourceViewSet)
    menu_icon = "mobile-alt"
    menu_label = _("Contacts and facts")
    menu_name = "contacts-and-facts"


register_snippet(DatedDataGroup)
