"""Wagtail's own lists without what is closed to their reader: explorer, search, reports, choosers.

Wagtail asks one policy object which pages an editor may meet, and one for pictures and one for
documents; they stand in module variables that every view of it has imported by name, and no setting
replaces them. So their class is exchanged, once, when the site starts (docs/decisions/0019).
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet
from wagtail.documents import permissions as documents
from wagtail.images import permissions as images
from wagtail.models import Page
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import page_permission_policy

from lms.people.models import Person
from lms.trainings.closed import closed_files, closed_pages


class OpenPagesPolicy(PagePermissionPolicy):
    """Wagtail's answers, without other offices' restricted trainings."""

    def instances_user_has_any_permission_for(
        self, user: Person, actions: Iterable[str]
    ) -> QuerySet[Page]:
        found = super().instances_user_has_any_permission_for(user, actions)
        return self._open(user, found)

    def explorable_instances(self, user: Person) -> QuerySet[Page]:
        return self._open(user, super().explorable_instances(user))

    @staticmethod
    def _open(user: Person, pages: QuerySet[Page]) -> QuerySet[Page]:
        return pages if user.is_superuser else pages.exclude(pk__in=closed_pages(user).values("pk"))


class OpenFilesPolicy(CollectionOwnershipPermissionPolicy):
    """Wagtail's answers, without files that only other offices' restricted trainings name."""

    def instances_user_has_any_permission_for(
        self, user: Person, actions: Iterable[str]
    ) -> QuerySet[Model]:
        found: QuerySet[Model] = super().instances_user_has_any_permission_for(user, actions)
        if user.is_superuser:
            return found
        return found.exclude(pk__in=closed_files(user, self.model).values("pk"))

    def user_has_any_permission_for_instance(
        self, user: Person, actions: Iterable[str], instance: Model
    ) -> bool:
        allowed: bool = super().user_has_any_permission_for_instance(user, actions, instance)
        return allowed and not closed_files(user, self.model).filter(pk=instance.pk).exists()


def install() -> None:
    """Let the policies that Wagtail's views hold answer as above."""
    policies: list[tuple[Any, type]] = [
        (page_permission_policy, OpenPagesPolicy),
        (images.permission_policy, OpenFilesPolicy),
        (documents.permission_policy, OpenFilesPolicy),
    ]
    for policy, ours in policies:
        policy.__class__ = ours
