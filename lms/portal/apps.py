"""Portal: views that compose the rooms: My learning, desk, manager pages. No models."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "lms.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"
