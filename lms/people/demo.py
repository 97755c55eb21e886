"""Demo people sign in with a password that is published; production refuses it (DESIGN 5)."""

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction

from lms.people.models import Person


@transaction.atomic
def open_demo_sign_in(person: Person) -> None:
    """Let a demo person sign in with the demo password and without a first code; trial only.

    Raises RuntimeError outside the trial.
    """
    if not settings.TRIAL:
        raise RuntimeError("Demo sign-ins exist in the trial only.")
    if not person.check_password(settings.DEMO_PASSWORD):
        person.set_password(settings.DEMO_PASSWORD)
        person.save(update_fields=["password"])
    EmailAddress.objects.update_or_create(
        user=person, email=person.email, defaults={"verified": True, "primary": True}
    )
