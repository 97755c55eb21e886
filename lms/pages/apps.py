"""Pages without a training: home, catalogue, help, FAQ, resources; dated contacts and facts."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "lms.pages"
    label = "pages"
    default_auto_field = "django.db.models.BigAutoField"
