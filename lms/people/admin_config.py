"""Wagtail's list of users, with our people in it."""

from wagtail.users.apps import WagtailUsersAppConfig


class PeopleAdminConfig(WagtailUsersAppConfig):
    """Takes the place of wagtail.users in INSTALLED_APPS."""

    user_viewset = "lms.people.admin_views.PersonViewSet"
