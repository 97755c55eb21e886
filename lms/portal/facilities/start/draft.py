"""What somebody has typed so far, kept in their session: before there is an account, and after."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from lms.people.places import Place

_KEY = "facility_start"


@dataclass
class Draft:
    """The answers of the first two pages, as they were typed, and whose company's it will be."""

    place: dict[str, Any] = field(default_factory=dict)
    kind: dict[str, Any] | None = None
    company: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "Draft":
        """What this browser has typed."""
        kept = request.session.get(_KEY, {})
        return cls(kept.get("place", {}), kept.get("kind"), kept.get("company", ""))

    def keep(self, request: HttpRequest) -> None:
        """Keep it until the next page."""
        request.session[_KEY] = {"place": self.place, "kind": self.kind, "company": self.company}

    @staticmethod
    def forget(request: HttpRequest) -> None:
        """It has become a claim."""
        request.session.pop(_KEY, None)

    @property
    def typed(self) -> Place:
        """The place."""
        return Place(**{name: self.place.get(name, "") for name in Place.__dataclass_fields__})

    @property
    def said(self) -> dict[str, Any]:
        """What decides whether the law applies: rooms, owner, dwelling."""
        kind = self.kind or {}
        names = ("rooms_for_hire", "owner_lives_there", "is_dwelling")
        return {name: kind.get(name) for name in names}
