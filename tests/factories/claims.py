"""Claims to manage a facility, for tests, made by the real service."""

from typing import Any

from lms.compliance.claim_models import ClaimWay, FacilityClaim
from lms.compliance.claims import services
from lms.people.models import Organization, Person
from lms.people.places import Place
from tests.factories.people import make_person

ELM = {
    "name": "Elm Court Hotel",
    "street": "12 North Elm Street",
    "city": "Albany",
    "county": "Albany",
    "postcode": "12207",
}
KIND = {"rooms_for_hire": 40, "owner_lives_there": False, "is_dwelling": False}


def make_claim(
    person: Person | None = None,
    *,
    way: ClaimWay = ClaimWay.LETTER,
    facility: Organization | None = None,
    place: dict[str, str] | None = None,
    **fields: Any,
) -> FacilityClaim:
    """Somebody asks to manage a place; without arguments a new one, by letter."""
    return services.claim_facility(
        place=Place(**{**ELM, **(place or {})}),
        **{**KIND, "position": "General manager", **fields},
        way=way,
        facility=facility,
        actor=person or make_person(name="Nora Whitfield"),
    )


def letter_code(claim: FacilityClaim) -> str:
    """The code of a letter just printed."""
    [(_claim, code)] = services.write_letters(claims=[claim], actor=make_person())
    return code
