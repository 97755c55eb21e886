"""The demo's speakers: one who is named, one who is not, an invitation, and what was handed out."""

import io
from datetime import date

from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from events import services
from events.enums import ConsentKind, MaterialShown
from events.models import LiveTrainingPage, Session
from events.speaker_models import Presenting
from lms.people.models import Person
from lms.people.services import ensure_person

ADVOCATE = "advocate@example.org"
BIOGRAPHY = (
    "Lorraine Baptiste has trained caseworkers in listening to young people for many years."
    " A made-up person, to show how a speaker is introduced."
)


def load_speakers(*, admin: Person, today: date) -> None:
    """The trainer speaks at the conference and in a past session, and is asked for a coming one."""
    if Presenting.objects.exists():
        return
    trainer = Person.objects.get(email="trainer@example.org")
    named = _speaks(Session.objects.get(title="Listening without judging"), trainer, admin)
    services.change_about(
        speaker=named.speaker,
        display_name="Lorraine Baptiste",
        biography=BIOGRAPHY,
        actor=trainer,
    )
    services.keep_photo(
        speaker=named.speaker, upload=_portrait(), alt="A drawn head and shoulders", actor=trainer
    )
    for kind in (ConsentKind.NAME, ConsentKind.BIOGRAPHY, ConsentKind.PHOTO, ConsentKind.INDEXING):
        services.allow(presenting=named, kind=kind, actor=trainer)
    _unnamed(admin)
    training = LiveTrainingPage.objects.get(slug="ctdb-training").training()
    assert training is not None  # noqa: S101 - publishing made it
    past = Session.objects.filter(training=training, day__lt=today).latest("starts_at")
    coming = Session.objects.filter(training=training, day__gt=today).earliest("starts_at")
    given = _speaks(past, trainer, admin)
    services.rule_spoke(presenting=given, spoke=True, actor=admin)
    _handed_out(given, trainer, admin)
    _invite(coming, trainer, admin)


def _invite(session: Session, person: Person, admin: Person) -> Presenting:
    return services.invite_speaker(
        session=session,
        email=person.email or "",
        name=person.get_full_name(),
        role="trainer",
        actor=admin,
    )


def _speaks(session: Session, person: Person, admin: Person) -> Presenting:
    return services.confirm_presenting(presenting=_invite(session, person, admin), actor=person)


def _unnamed(admin: Person) -> None:
    """Somebody who is on the program, and whom nobody can find there."""
    advocate = ensure_person(
        email=ADVOCATE, first_name="Sample", last_name="Advocate", actor=admin, language="en"
    )
    EmailAddress.objects.update_or_create(
        user=advocate, email=ADVOCATE, defaults={"verified": True, "primary": True}
    )
    session = Session.objects.get(title="Safety planning with young people")
    row = _speaks(session, advocate, admin)
    services.change_label(presenting=row, label="A survivor advocate", actor=advocate)


def _handed_out(row: Presenting, trainer: Person, admin: Person) -> None:
    """Slides, and a recording that everybody who spoke allows."""
    services.add_material(
        presenting=row,
        title="Questions to ask, on one page",
        upload=SimpleUploadedFile("questions.txt", b"A made-up handout.\n"),
        shown=MaterialShown.AFTER,
        actor=trainer,
    )
    services.allow(presenting=row, kind=ConsentKind.RECORDING, actor=trainer)
    services.keep_recording(
        session=row.session, url="https://webex.example.org/recordings/sample", actor=admin
    )


def _portrait() -> SimpleUploadedFile:
    """A head and shoulders of two shapes: nobody's."""
    picture = Image.new("RGB", (480, 480), "#d9e4e0")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((160, 90, 320, 250), fill="#0f4a4a")
    pen.ellipse((80, 280, 400, 640), fill="#0f4a4a")
    out = io.BytesIO()
    picture.save(out, "PNG")
    return SimpleUploadedFile("portrait.png", out.getvalue(), content_type="image/png")
