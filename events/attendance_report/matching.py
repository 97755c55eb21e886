"""Who in a report is who among those registered; no database here either.

By address, by an address known from before, by a name that only one on either side has. What is
less sure than that is left to somebody's eye, with the likeliest people suggested.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from events.enums import MatchedBy
from lms.people.fields import fold

_IN_BRACKETS = re.compile(r"\([^)]*\)")
_LETTERS = re.compile(r"[^\W\d_]+")
# Below this two names have too little in common to be worth a coordinator's look.
_LIKE_ENOUGH = 0.55
_INITIALS = 0.8
_SAME_WORD = 0.75


@dataclass(frozen=True)
class Joiner:
    """Somebody in a report. `decided` are the seats a coordinator linked, with how."""

    key: int
    email: str = ""
    names: tuple[str, ...] = ()
    is_host: bool = False
    is_aside: bool = False
    decided: tuple[tuple[int, MatchedBy], ...] = ()


@dataclass(frozen=True)
class Seat:
    """Somebody registered, with the addresses that are theirs and those they were seen under."""

    key: int
    name: str
    addresses: frozenset[str] = field(default_factory=frozenset)
    known_addresses: frozenset[str] = field(default_factory=frozenset)


def tidy(name: str) -> str:
    """A name for comparing: folded, without brackets, "Last, First" turned round."""
    bare = _IN_BRACKETS.sub(" ", name)
    last, comma, first = bare.partition(",")
    return fold(f"{first} {last}" if comma else bare)


def match(
    joiners: Sequence[Joiner], seats: Sequence[Seat]
) -> dict[int, list[tuple[int, MatchedBy]]]:
    """The seats of each joiner, by key; a joiner who needs somebody's eye has none.

    What a coordinator decided comes first. A host takes part only where registered by address.
    """
    by_key = {seat.key: seat for seat in seats}
    by_address = {address: seat.key for seat in seats for address in seat.addresses}
    by_known = {address: seat.key for seat in seats for address in seat.known_addresses}
    found: dict[int, list[tuple[int, MatchedBy]]] = {joiner.key: [] for joiner in joiners}
    rest: list[Joiner] = []
    for joiner in joiners:
        decided = [(seat, how) for seat, how in joiner.decided if seat in by_key]
        found[joiner.key] = list(decided)
        if joiner.is_aside or any(how == MatchedBy.HAND for _seat, how in decided):
            continue
        if joiner.email in by_address:
            found[joiner.key].insert(0, (by_address[joiner.email], MatchedBy.ADDRESS))
        elif joiner.email in by_known:
            found[joiner.key].insert(0, (by_known[joiner.email], MatchedBy.KNOWN_ADDRESS))
        elif not joiner.is_host:
            rest.append(joiner)
    taken = {seat for pairs in found.values() for seat, how in pairs if how != MatchedBy.SHARED}
    for joiner_key, seat_key in _by_name(rest, seats):
        if seat_key not in taken:
            found[joiner_key].insert(0, (seat_key, MatchedBy.NAME))
    return found


def _by_name(joiners: Iterable[Joiner], seats: Iterable[Seat]) -> list[tuple[int, int]]:
    """The pairs whose name nobody else has, neither in the report nor among those registered."""
    registered: dict[str, list[int]] = defaultdict(list)
    for seat in seats:
        registered[tidy(seat.name)].append(seat.key)
    wanting: dict[int, set[int]] = defaultdict(set)
    for joiner in joiners:
        for name in {tidy(name) for name in joiner.names} - {""}:
            wanting[joiner.key] |= set(registered.get(name, []))
    rivals = Counter(seat_key for wanted in wanting.values() for seat_key in wanted)
    return [
        (joiner_key, seat_key)
        for joiner_key, wanted in wanting.items()
        for seat_key in wanted
        if len(wanted) == 1 and rivals[seat_key] == 1
    ]


def suggest(joiner: Joiner, seats: Iterable[Seat], *, limit: int = 3) -> list[int]:
    """The seats whose names are most like the joiner's name or address, the likeliest first."""
    scored = sorted(
        ((likeness(joiner, seat.name), -place, seat.key) for place, seat in enumerate(seats)),
        reverse=True,
    )
    return [key for score, _place, key in scored[:limit] if score >= _LIKE_ENOUGH]


def likeness(joiner: Joiner, name: str) -> float:
    """From 0 to 1, how likely `name` is the joiner's: "mei", "L. Reyes", "lreyes@..." tell much."""
    wanted = tidy(name)
    words = wanted.split()
    if not words:
        return 0.0
    local_part = " ".join(_LETTERS.findall(fold(joiner.email.partition("@")[0])))
    return max(
        (_compare(tidy(said), wanted, words) for said in (*joiner.names, local_part) if said),
        default=0.0,
    )


def _compare(said: str, wanted: str, words: list[str]) -> float:
    parts = said.replace(".", " ").split()
    if not parts:
        return 0.0
    if sorted(parts) == sorted(words):
        return 1.0
    score = 0.0
    if set(parts) <= set(words) and len(max(parts, key=len)) > 1:
        score = _SAME_WORD
    if len(words) > 1:
        initial_and_last = {words[0][0] + words[-1], words[0] + words[-1], words[0] + words[-1][0]}
        if "".join(parts) in initial_and_last:
            score = max(score, _INITIALS)
    matcher = SequenceMatcher(None, said, wanted, autojunk=False)
    if matcher.real_quick_ratio() > max(score, _LIKE_ENOUGH):
        score = max(score, matcher.ratio())
    return score
