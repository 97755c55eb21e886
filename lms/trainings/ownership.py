"""Whose a training's pages are: an office's, and so those who coordinate or edit for it."""

from typing import Any

from wagtail.models import Page, PagePermissionTester

from lms.people.models import Organization, Person
from lms.people.permissions import edits_for


def office_of(page: Page) -> Organization | None:
    """The office that owns the training a page belongs to; None for pages of the whole site."""
    from lms.trainings.models import TrainingPage  # noqa: PLC0415 - models import this module

    owner = TrainingPage.objects.ancestor_of(page, inclusive=True).select_related("office").last()
    return owner.office if owner else None


def may_edit(person: Person, page: Page) -> bool:
    """Pages of the whole site are every editor's; a training's are its office's editors'."""
    if person.is_superuser:
        return True
    office = office_of(page)
    return office is None or edits_for(person, office)


class OfficePagePermissionTester(PagePermissionTester):
    """Wagtail's answers, except that another office's training cannot be touched at all."""

    def __init__(self, user: Person, page: Page) -> None:
        super().__init__(user, page)
        self.ours = user.is_active and may_edit(user, page)

    def can_add_subpage(self) -> bool:
        return self.ours and super().can_add_subpage()

    def can_edit(self) -> bool:
        return self.ours and super().can_edit()

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return self.ours and super().can_delete(ignore_bulk=ignore_bulk)

    def can_publish(self) -> bool:
        return self.ours and super().can_publish()

    def can_unpublish(self) -> bool:
        return self.ours and super().can_unpublish()

    def can_publish_subpage(self) -> bool:
        return self.ours and super().can_publish_subpage()

    def can_reorder_children(self) -> bool:
        return self.ours and super().can_reorder_children()

    def can_submit_for_moderation(self) -> bool:
        return self.ours and super().can_submit_for_moderation()

    def can_lock(self) -> bool:
        return self.ours and super().can_lock()

    def can_unlock(self) -> bool:
        return self.ours and super().can_unlock()


class OwnedByOffice:
    """Mixed into every page of a training (the training's own and those below it)."""

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        """What `user` may do with this page."""
        return OfficePagePermissionTester(user, self)
