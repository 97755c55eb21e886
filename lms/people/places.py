"""Whether two facilities are one place: addresses and names as people write them, made alike."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations

from lms.people.fields import fold
from lms.people.models import Organization

# How streets are written short, by how they are written in full.
_SHORT = {
    "street": "st", "avenue": "ave", "av": "ave", "road": "rd", "boulevard": "blvd",
    "drive": "dr", "lane": "ln", "place": "pl", "court": "ct", "square": "sq", "highway": "hwy",
    "parkway": "pkwy", "turnpike": "tpke", "route": "rte", "rt": "rte", "terrace": "ter",
    "circle": "cir", "north": "n", "south": "s", "east": "e", "west": "w", "saint": "st",
    "mount": "mt", "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th",
    "fifth": "5th", "sixth": "6th", "seventh": "7th", "eighth": "8th", "ninth": "9th",
    "tenth": "10th",
}  # fmt: skip
# Words that say nothing about which hotel it is.
_COMMON = {"the", "hotel", "inn", "motel", "and", "suites", "at", "of", "by", "a", "an", "llc"}
_UNIT = re.compile(r"\b(suite|ste|unit|floor|fl|apt|room|rm)\b\.? ?\w*|#\s*\w+")
_ALIKE = 0.86
# Facilities in one postcode that are still compared name by name.
_MANY = 200


@dataclass(frozen=True)
class Place:
    """A lodging facility as somebody typed it: name and address."""

    name: str
    street: str
    city: str
    county: str
    postcode: str

    @classmethod
    def of(cls, facility: Organization) -> "Place":
        """Where a facility is."""
        return cls(
            facility.name, facility.street, facility.city, facility.county, facility.postcode
        )

    @property
    def address_key(self) -> str:
        """Alike for one address, however it is written; empty without street and postcode."""
        street, code = street_key(self.street), postcode_key(self.postcode)
        return f"{code} {street}"[:160] if street and code else ""


def postcode_key(postcode: str) -> str:
    """The five digits; a ZIP+4 names a part of them."""
    return "".join(character for character in postcode if character.isdigit())[:5]


def street_key(street: str) -> str:
    """House number and street, short words for long ones, without floor and suite."""
    words = re.findall(r"[a-z0-9]+", _UNIT.sub(" ", fold(street)))
    return " ".join(_SHORT.get(word, word) for word in words)


def name_key(name: str) -> str:
    """The words of a name that tell it from others; all of them where none does."""
    words = re.findall(r"[a-z0-9]+", fold(name).replace("'", "").replace("’", ""))
    return " ".join([word for word in words if word not in _COMMON] or words)


def same_address(one: Place, other: Place) -> bool:
    """Whether both stand at one address."""
    return bool(one.address_key) and one.address_key == other.address_key


def alike(one: Place, other: Place) -> bool:
    """Whether they may be one place: one address, or very like names in one postcode."""
    if same_address(one, other):
        return True
    if postcode_key(one.postcode) != postcode_key(other.postcode):
        return False
    return _names_alike(name_key(one.name), name_key(other.name))


def _names_alike(one: str, other: str) -> bool:
    """Whether two names, as `name_key` has them, are the same but for a slip of the pen."""
    if one == other:
        return True
    # The quick ones are upper bounds, and spare most pairs the slow one.
    both = SequenceMatcher(None, one, other)
    quick = both.real_quick_ratio() >= _ALIKE and both.quick_ratio() >= _ALIKE
    return quick and both.ratio() >= _ALIKE


def facilities_like(place: Place) -> list[Organization]:
    """The facilities that may be this place, those at its very address first; one query."""
    code = postcode_key(place.postcode)
    if not code:
        return []
    near = Organization.objects.facilities().filter(postcode__startswith=code).order_by("pk")
    found = [facility for facility in near if alike(place, Place.of(facility))]
    return sorted(found, key=lambda facility: not same_address(place, Place.of(facility)))


def pairs_alike(facilities: Iterable[Organization]) -> list[tuple[Organization, Organization]]:
    """Facilities that may be one place, two and two, of one address first; no queries.

    In a postcode with very many of them, only the same address or the same name counts.
    """
    near: dict[str, list[tuple[Organization, str, str]]] = defaultdict(list)
    for facility in facilities:
        if code := postcode_key(facility.postcode):
            place = Place.of(facility)
            near[code].append((facility, place.address_key, name_key(place.name)))
    found = [
        (not (address and address == other_address), one, other)
        for group in near.values()
        for (one, address, name), (other, other_address, other_name) in combinations(group, 2)
        if (address and address == other_address)
        or (name == other_name if len(group) > _MANY else _names_alike(name, other_name))
    ]
    return [(one, other) for _later, one, other in sorted(found, key=lambda row: row[0])]
