"""Pages without a training: home, catalogue, help, FAQ, resources; dated contacts and facts."""

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save


class PagesConfig(AppConfig):
    name = "lms.pages"
    label = "pages"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Public pages are kept for a minute, and forgotten when what they show is changed."""
        from lms.pages.caching import forget_when_shown  # noqa: PLC0415 - needs the models

        post_save.connect(forget_when_shown, dispatch_uid="pages.forget.saved")
        post_delete.connect(forget_when_shown, dispatch_uid="pages.forget.deleted")
