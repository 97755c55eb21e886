"""What a password must not be."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from lms.people.models import Person


class NotTheDemoPassword:
    """Nobody chooses the password that the demo publishes."""

    def validate(self, password: str, user: Person | None = None) -> None:
        if password == settings.DEMO_PASSWORD:
            raise ValidationError(
                _("Everybody can read this password in the demo. Choose another."), code="demo"
            )

    def get_help_text(self) -> str:
        return _("Your password can’t be the one our demo publishes.")
