"""What this room keeps about somebody who speaks (see lms.core.personal_data)."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from events.services.speaker_files import remove_material, remove_photo
from events.services.speakers import drop_typed_name, leave_presenting
from events.speaker_models import Presenting, Speaker
from events.speakers import consents_of
from lms.core.personal_data import Holding, register
from lms.people.models import Person


def announce() -> None:
    """Tell the registry; called when the room is ready."""
    register(Holding("events.speakers", export=_speakers, erase=_erase))


def _speakers(person: Person) -> list[dict[str, Any]]:
    return [
        {
            "office": row.office.name,
            "name": row.name,
            "email": row.email,
            "display_name": row.display_name,
            "biography": row.biography,
            "photo": bool(row.photo),
            "photo_in_words": row.photo_alt,
            "sessions": [_presenting(each) for each in row.presentings.select_related("session")],
        }
        for row in Speaker.objects.of(person).select_related("office")
    ]


def _presenting(row: Presenting) -> dict[str, Any]:
    return {
        "session": row.session.name,
        "starts_at": row.session.starts_at.isoformat(),
        "status": row.status,
        "the_office_says_they_spoke": [
            {"spoke": each.spoke, "at": each.at.isoformat()} for each in row.rulings.all()
        ],
        "in_place_of_the_name": row.label,
        "allowed_now": sorted(consents_of([row.pk])[row.pk]),
        "consents": [
            {"what": each.kind, "allowed": each.granted, "at": each.at.isoformat()}
            for each in row.consents.all()
        ],
        "materials": [{"title": each.title, "shown": each.shown} for each in row.materials.all()],
    }


@transaction.atomic
def _erase(person: Person) -> int:
    """Nothing stays but that somebody was asked, and what they allowed and took back, unnamed.

    Their name goes from what the office typed too: once the row is blank nothing would hide it.
    """
    rows = list(Speaker.objects.of(person))
    for speaker in rows:
        for presenting in speaker.presentings.select_related("session", "speaker"):
            drop_typed_name(presenting=presenting, actor=person)
            leave_presenting(presenting=presenting, actor=person)
            for material in presenting.materials.all():
                remove_material(material=material, actor=person)
        remove_photo(speaker=speaker, actor=person)
        Speaker.objects.filter(pk=speaker.pk).update(
            person=None, email="", name="", display_name="", biography="",
            updated_at=timezone.now(),
        )  # fmt: skip
    return len(rows)
