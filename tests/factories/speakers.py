"""Those who speak, made by the real services."""

import io
import itertools
from typing import Any

from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from events import services
from events.enums import ConsentKind, MaterialShown
from events.models import Session
from events.speaker_models import Presenting, SessionMaterial
from lms.people.models import Person
from tests.factories.people import make_person

_numbers = itertools.count(1)
EVERYTHING = tuple(ConsentKind.values)


def client_of(person: Person | None) -> Client:
    """A browser in which this person is signed in, or nobody."""
    client = Client()
    if person:
        client.force_login(person)
    return client


def person_of(row: Presenting) -> Person:
    """Who answered the invitation."""
    assert row.speaker.person is not None
    return row.speaker.person


def make_proved(email: str = "", **fields: Any) -> Person:
    """A person whose address is proved, as after a code."""
    email = email or f"speaker{next(_numbers)}@example.org"
    person = make_person(email, **fields)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def make_invited(session: Session, person: Person | None = None, **fields: Any) -> Presenting:
    """Somebody the office asked to speak."""
    person = person or make_proved()
    name = fields.pop("name", person.get_full_name())
    return services.invite_speaker(
        session=session, email=person.email or "", name=name, actor=make_person(), **fields
    )


def make_speaker(
    session: Session,
    person: Person | None = None,
    *,
    allows: tuple[str, ...] = (),
    display_name: str = "Dr. Lorraine Baptiste",
    **fields: Any,
) -> Presenting:
    """Somebody who confirmed, with name, words and photo, and allows these things."""
    person = person or make_proved()
    row = make_invited(session, person, **fields)
    services.confirm_presenting(presenting=row, actor=person)
    row.refresh_from_db()
    services.change_about(
        speaker=row.speaker,
        display_name=display_name,
        biography="Has worked with young people for years.",
        actor=person,
    )
    services.keep_photo(speaker=row.speaker, upload=picture(), alt="At a lectern", actor=person)
    for kind in EVERYTHING:
        if kind in allows:
            services.allow(presenting=row, kind=kind, actor=person)
    row.refresh_from_db()
    row.speaker.refresh_from_db()
    return row


def make_material(
    presenting: Presenting, *, shown: str = MaterialShown.AFTER, title: str = "Slides"
) -> SessionMaterial:
    """A file handed out."""
    person = presenting.speaker.person
    assert person is not None
    return services.add_material(
        presenting=presenting, title=title, upload=pdf(), shown=shown, actor=person
    )


def pdf(name: str = "Baptiste slides.pdf") -> SimpleUploadedFile:
    """A file that begins as a PDF does."""
    return SimpleUploadedFile(name, b"%PDF-1.7 slides", content_type="application/pdf")


def picture(name: str = "me.jpg") -> SimpleUploadedFile:
    """A photo that carries where it was taken."""
    out = io.BytesIO()
    photo = Image.new("RGB", (900, 700), "navy")
    place = Image.Exif()
    place[0x010E] = "12 Hidden Street"
    photo.save(out, "JPEG", exif=place)
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")
