"""Pages of the whole site: every editor writes in them, and only superusers take them away."""

from typing import Any

from wagtail.models import PagePermissionTester


class SitePagePermissionTester(PagePermissionTester):
    """Wagtail's answers, except that nobody's office hides or removes what all offices share."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        # Moving asks this too.
        return self.user.is_superuser and super().can_delete(ignore_bulk=ignore_bulk)

    def can_unpublish(self) -> bool:
        return self.user.is_superuser and super().can_unpublish()

    def can_set_view_restrictions(self) -> bool:
        # A restriction closes everything below the page: on the catalogue, every training.
        return self.user.is_superuser and super().can_set_view_restrictions()


class OwnedByTheSite:
    """Mixed into the home page, the catalogue and the pages of text."""

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        """What `user` may do with this page."""
        return SitePagePermissionTester(user, self)
