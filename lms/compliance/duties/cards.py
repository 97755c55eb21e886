"""Cards where a law wants them: what was seen where, when and by whom. The newest look counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.compliance.checklist import Checklist
from lms.compliance.duty_models import CardCheck
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.file_contents import JPEG, PNG, look_into
from lms.core.locking import lock
from lms.core.time import new_york_date, short_date
from lms.people.enums import OrganizationKind
from lms.people.models import Organization, Person

PICTURES = (PNG, JPEG)


@dataclass(frozen=True)
class Look:
    """What somebody saw in one place."""

    is_there: bool
    photo: "UploadedFile[bytes] | None" = None


@dataclass(frozen=True)
class PlaceState:
    """A place of a checklist, and the newest look at it; None where nobody has looked yet."""

    key: str
    name: str
    newest: CardCheck | None
    made_by: str = ""


def places_of(facility: Organization, checklist: Checklist) -> list[PlaceState]:
    """Each place with its newest look, in the checklist's order; one query."""
    rows = CardCheck.objects.filter(
        facility__in=Organization.objects.one_place(facility), checklist=checklist.id
    )
    newest = {
        row.place: row
        for row in rows.order_by("place", "-id").distinct("place").select_related("checked_by")
    }
    return [
        PlaceState(key, name, row, checklist.made_by.get(row.source, "") if row else "")
        for key, name in checklist.places.items()
        for row in [newest.get(key)]
    ]


def looks_at(facility: Organization, checklist: Checklist) -> "QuerySet[CardCheck]":
    """All looks, the newest first."""
    return CardCheck.objects.filter(
        facility__in=Organization.objects.one_place(facility), checklist=checklist.id
    ).select_related("checked_by")


def sentence(places: list[PlaceState]) -> str:
    """What the page opens with: "Cards seen in 2 of 3 places. Last checked Nov. 20, 2026."."""
    looked = [place.newest for place in places if place.newest]
    if not looked:
        return _("Nobody has checked yet.")
    return _("Cards seen in %(there)s of %(all)s places. Last checked %(day)s.") % {
        "there": sum(look.is_there for look in looked),
        "all": len(places),
        "day": short_date(max(look.checked_on for look in looked)),
    }


@transaction.atomic
def record_round(
    *,
    facility: Organization,
    checklist: Checklist,
    looks: Mapping[str, Look],
    made_by: str,
    checked_on: date,
    actor: Person,
    now: datetime | None = None,
) -> list[CardCheck]:
    """Keep what was seen in each place on a New York day: all of it or nothing.

    A place that reads the same already is left alone. Raises Refused for no place, a place or maker
    the checklist does not know, cards without a maker, a day to come, or a photo that is none.
    """
    now = now or timezone.now()
    if facility.kind != OrganizationKind.FACILITY:
        raise Refused(_("Only a lodging facility keeps this list."), code="not_a_facility")
    if not looks:
        raise Refused(_("Say for at least one place what you saw."), code="nothing_seen")
    if not checklist.places.keys() >= looks.keys():
        raise Refused(_("This list has no such place."), code="unknown_place")
    if any(look.is_there for look in looks.values()) and made_by not in checklist.made_by:
        raise Refused(_("Say who made the cards."), code="maker_missing")
    if checked_on > new_york_date(now):
        raise Refused(_("Record a check on its day or later."), code="in_future")
    pictures = {
        key: look_into(look.photo, kinds=PICTURES) for key, look in looks.items() if look.photo
    }
    lock(facility)
    newest = {place.key: place.newest for place in places_of(facility, checklist)}
    found = []
    for key, look in looks.items():
        source, picture = made_by if look.is_there else "", pictures.get(key)
        before = newest[key]
        sha256 = picture.sha256 if picture else ""
        if before and _kept(before) == (look.is_there, source, checked_on, actor.pk, sha256):
            found.append(before)
            continue
        row = CardCheck(
            facility=facility,
            checklist=checklist.id,
            place=key,
            is_there=look.is_there,
            source=source,
            checked_on=checked_on,
            checked_by=actor,
            recorded_at=now,
        )
        if look.photo and picture:
            row.photo_name = PurePath(look.photo.name or "").name[-200:]
            row.photo_kind, row.photo_sha256 = picture.kind, picture.sha256
            row.photo.save(f"card.{picture.kind}", look.photo, save=False)
        row.save(force_insert=True)
        audit.record(
            "facility.cards_checked",
            row,
            actor=actor,
            now=now,
            checklist=checklist.id,
            place=key,
            is_there=look.is_there,
        )
        found.append(row)
    return found


def _kept(row: CardCheck) -> tuple[bool, str, date, int, str]:
    """What the newest look says, as it is compared with a new one."""
    return row.is_there, row.source, row.checked_on, row.checked_by_id, row.photo_sha256
