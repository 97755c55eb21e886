"""From joins and leaves to minutes: merged, held to the session's time, added up, rounded down."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class Interval(NamedTuple):
    """From one instant to another; aware, and in order."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Presence:
    """Somebody's time in a meeting. `intervals` as it was, `counted` what lies in the session."""

    intervals: tuple[Interval, ...]
    counted: tuple[Interval, ...]

    @property
    def seconds(self) -> int:
        return sum(int((span.end - span.start).total_seconds()) for span in self.counted)

    @property
    def minutes(self) -> int:
        """Whole minutes: one second less than a minute is no minute."""
        return self.seconds // 60

    def late(self, starts_at: datetime) -> int:
        """The whole minutes after the start at which it began; 0 for who was there by then."""
        if not self.counted:
            return 0
        return int((self.counted[0].start - starts_at).total_seconds() // 60)

    @property
    def is_cut(self) -> bool:
        """Whether time outside the session was left out."""
        return self.intervals != self.counted


def merge(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The same time without counting any of it twice: two devices, a breakout room, two hosts."""
    merged: list[Interval] = []
    for span in sorted(intervals):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Interval(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)


def presence(intervals: Iterable[Interval], *, starts_at: datetime, ends_at: datetime) -> Presence:
    """What joins and leaves of one person come to within a session (instants)."""
    merged = merge(intervals)
    held = (Interval(max(span.start, starts_at), min(span.end, ends_at)) for span in merged)
    return Presence(merged, tuple(span for span in held if span.start < span.end))
