"""What the state's reviewers ask; each a constant number of queries."""

from dataclasses import dataclass

from lms.compliance.count_models import CountRun
from lms.compliance.rules import Rule


@dataclass(frozen=True)
class Counts:
    """The newest count that is done, and one that is under way."""

    done: CountRun | None
    under_way: CountRun | None


def newest_counts(rule: Rule) -> Counts:
    """One query: a count that is begun stands before the one that was done last."""
    rows = list(CountRun.objects.filter(rule=rule.id).order_by("-day")[:2])
    return Counts(
        done=next((row for row in rows if row.finished_at), None),
        under_way=next((row for row in rows if not row.finished_at), None),
    )
