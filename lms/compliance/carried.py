"""What a training that somebody brings along proves under the rules, and what it cannot prove.

For whoever is shown a certificate: the facts that rules ask for, each said with what is known, and
what only the employer can add. No verdict: the employer's own record gives the standing.
"""

from dataclasses import dataclass

from lms.completions.models import Completion
from lms.compliance.facts import ApprovalFact, approval_lacks
from lms.compliance.known import approval_of
from lms.compliance.models import ProgramApproval
from lms.compliance.rules import Rule, RuleTopic, load_rules


@dataclass(frozen=True)
class Carried:
    """One rule: which of its topics are covered, and on what basis the program counts.

    `basis` is the basis in words, `basis_lacks` what is missing of it; `alike` are rules that ask
    for the same training of other people.
    """

    rule: Rule
    covered: tuple[RuleTopic, ...]
    not_covered: tuple[RuleTopic, ...]
    basis: str
    basis_lacks: str
    alike: tuple[Rule, ...]

    @property
    def asks_to_sign(self) -> bool:
        """Whether the rule asks for something that only the employer can sign."""
        return self.rule.conditions.on_premises or self.rule.conditions.paid_time


def carried(completion: Completion, *, topics: frozenset[str]) -> list[Carried]:
    """What the completion, with `topics` as its certificate states them, shows of each rule.

    Rules that none of the topics belongs to are left out; without any, nothing is asked of the
    database. Otherwise two queries: the version, and the approvals.
    """
    rules = [rule for rule in load_rules().values() if rule.topic_codes & topics]
    own = [rule for rule in rules if not rule.in_accordance_with]
    if not own:
        return []
    approval = _approval(completion)
    lacks = approval_lacks(approval, completion.occurred_on)
    return [
        Carried(
            rule=rule,
            covered=tuple(topic for topic in rule.topics if topic.code in topics),
            not_covered=tuple(topic for topic in rule.topics if topic.code not in topics),
            basis=approval.words if approval else "",
            basis_lacks=lacks if rule.conditions.approved_program else "",
            alike=tuple(one for one in rules if one.in_accordance_with == rule.id),
        )
        for rule in own
    ]


def _approval(completion: Completion) -> ApprovalFact | None:
    """The basis on which the program counts, as recorded by now."""
    recorded = list(
        ProgramApproval.objects.filter(training=completion.training_id).order_by("recorded_at")
    )
    frozen = completion.version.spec.get("approval")
    return approval_of(completion.version_id, frozen, recorded)
