"""Something that waits for a person, as the desk's first page shows it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Hand:
    """What waits, why it matters, and the way there."""

    title: str
    text: str
    url: str
    label: str
