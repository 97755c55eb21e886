"""What was decided in favour of whoever saw a wording: full marks, or one more right answer."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from courses.enums import RegradeKind
from courses.models import Regrade
from lms.core.prepared import Prepared, any_given

_decided = Prepared(lambda: Regrade.objects.filter(wording=any_given("wordings")))


@dataclass(frozen=True)
class Leniency:
    """How a wording's answers are counted besides its own rule; nobody loses by it."""

    full: bool = False
    also: frozenset[str] = frozenset()

    def with_decision(self, regrade: Regrade) -> "Leniency":
        """Itself with one decision more."""
        if regrade.kind == RegradeKind.FULL_MARKS:
            return replace(self, full=True)
        return replace(self, also=self.also | {regrade.choice})


def leniencies(wordings: Iterable[int]) -> dict[int, Leniency]:
    """What was decided on the wordings, by their ids; one query. Wordings without are left out."""
    found: dict[int, Leniency] = defaultdict(Leniency)
    for regrade in _decided(wordings=list(wordings)):
        found[regrade.wording_id] = found[regrade.wording_id].with_decision(regrade)
    return dict(found)
