"""The link in a reminder that leads to one's choice without signing in."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from lms.people.models import Person

_SALT = "notices.reminders"


def reminders_link(person: Person) -> str:
    """The address for a mail to `person`; it opens their choice of reminders, and nothing else."""
    token = signing.dumps(person.canonical.pk, salt=_SALT)
    return settings.SITE_ORIGIN + reverse("notices:by_link", args=[token])


def person_of_token(token: str) -> int | None:
    """Whose choice a token opens, or None for one we did not sign."""
    try:
        return int(signing.loads(token, salt=_SALT))
    except signing.BadSignature:
        return None
