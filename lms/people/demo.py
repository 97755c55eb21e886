"""Demo people sign in with a password that is published; production refuses it (DESIGN 5)."""

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from lms.people.device_models import WorkerPin
from lms.people.devices import secrets
from lms.people.models import Employment, Person

# Published like the password, for a worker who signs in on a shared device.
DEMO_PIN = "274059"


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


@transaction.atomic
def open_demo_pin(employment: Employment) -> None:
    """Let a demo worker sign in on a shared device with the demo's PIN; trial only.

    Raises RuntimeError outside the trial. A PIN that somebody chose stays.
    """
    if not settings.TRIAL:
        raise RuntimeError("Demo sign-ins exist in the trial only.")
    WorkerPin.objects.get_or_create(
        employment=employment,
        defaults={
            "pin_hash": secrets.pin_hash(DEMO_PIN, employment.pk),
            "chosen_at": timezone.now(),
            "version": 1,
        },
    )
