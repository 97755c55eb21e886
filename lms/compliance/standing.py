"""Where an employee stands with a rule on a day: a pure function of facts, which can say why.

**The clock.** GBL 205 gives "the first 60 days of employment"; a day is a calendar day in New York.
Two counts are possible, and the statute chooses neither: with the day of hire as day 1 the 60th day
is hire + 59, without it hire + 60. `due_on` is the stricter one and is what people are told;
`last_day` is the other, and only after it do we say "overdue". Training on `last_day` is said to
be so.

**Staff who were there before the law** have the date the rule set names (20 November 2023).

**A post that begins to meet guests later.** The statute counts from the hire date and gives no
second 60 days for a change of post. We take the careful reading: such an employee is due by the
later of the clock above and the day the post begins, so after the first 60 days there is no further
grace. This is our reading, not the statute's words.

**A rehire is a new employment** with a new clock. A training from before this employment is shown,
but nobody here can sign that it was on these premises and on time paid here, and no such signature
counts: where the rule asks for one, the person trains again.

Sources: DOMAIN 2, 6, 7 and the GBL 205 table, kept in `rulesets/ny-gbl-205.yaml` with their links.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.compliance.enums import MissingKind, StandingState
from lms.compliance.facts import Facts, PeriodFact, TrainingFact, approval_lacks
from lms.compliance.rules import Rule
from lms.core.time import short_date


@dataclass(frozen=True)
class Missing:
    """One thing the record lacks; `completion_id` names the training it is about.

    `signable` is false where no signature can mend it: the training was before the employment.
    """

    kind: MissingKind
    words: str
    code: str = ""
    completion_id: str = ""
    signable: bool = True


@dataclass(frozen=True)
class Clock:
    """By when, by the stricter count and by the other, and how that was counted."""

    due_on: date
    last_day: date
    hired_on: date
    days: int
    law_day: date | None = None  # set for staff from before the law
    contact_from: date | None = None  # set where that day decides

    @property
    def words(self) -> str:
        """How it was counted: "Hired Jan. 5, 2026; March 5, 2026 is day 60, ..."."""
        if self.contact_from:
            return _(
                "The post meets guests since %(day)s. The law counts from the hire date and gives "
                "no further days for a new post, so we count that day."
            ) % {"day": short_date(self.contact_from)}
        if self.law_day:
            return _("Hired before %(law_day)s: the law gave until %(day)s.") % {
                "law_day": short_date(self.law_day),
                "day": short_date(self.due_on),
            }
        return _("Hired %(hired)s; %(due)s is day %(days)s, counting the day of hire.") % {
            "hired": short_date(self.hired_on),
            "due": short_date(self.due_on),
            "days": self.days,
        }


@dataclass(frozen=True)
class Standing:
    """The answer, with its reason; `why` is one sentence or two, fit to show."""

    state: StandingState
    why: str
    clock: Clock | None = None
    met_on: date | None = None
    missing: tuple[Missing, ...] = ()
    trainings: tuple[TrainingFact, ...] = ()

    @property
    def due_on(self) -> date | None:
        """The day by the stricter count."""
        return self.clock.due_on if self.clock else None

    @property
    def last_day(self) -> date | None:
        """The day by the other count."""
        return self.clock.last_day if self.clock else None

    @property
    def is_met(self) -> bool:
        return self.state in StandingState.met()

    @property
    def needs_action(self) -> bool:
        return self.state in StandingState.needing_action()

    @property
    def to_sign(self) -> tuple[str, ...]:
        """The completions whose premises or paid time still want a signature."""
        wanted = {MissingKind.PREMISES, MissingKind.PAID}
        return tuple(
            dict.fromkeys(
                lack.completion_id
                for lack in self.missing
                if lack.kind in wanted and lack.completion_id and lack.signable
            )
        )


def clock_for(rule: Rule, hired_on: date, contact_from: date) -> Clock:
    """By when somebody is due who was hired on a day and has met guests since a day."""
    days, existing = rule.deadline.days, rule.deadline.existing_staff
    if existing and hired_on < existing.hired_before:
        due = existing.due_on
        clock = Clock(due, due, hired_on, days, law_day=existing.hired_before)
    else:
        due = hired_on + timedelta(days=days - 1)
        clock = Clock(due, due + timedelta(days=1), hired_on, days)
    if contact_from <= clock.due_on:
        return clock
    return Clock(
        contact_from,
        max(contact_from, clock.last_day),
        hired_on,
        days,
        contact_from=contact_from,
    )


def contact_since(periods: tuple[PeriodFact, ...], day: date) -> date | None:
    """Since when somebody has met guests without a break, as of `day`; None if not on that day."""
    since = None
    for period in sorted(periods, key=lambda held: held.starts_on):
        if period.starts_on > day:
            break
        if not period.guest_contact:
            since = None
        elif since is None:
            since = period.starts_on
    return since


def _conditions_missing(rule: Rule, training: TrainingFact, hired_on: date) -> tuple[Missing, ...]:
    """What a training lacks besides topics."""
    signable = training.occurred_on >= hired_on
    lacks = []
    approval, signature = training.approval, training.signature
    if rule.conditions.approved_program and (
        words := approval_lacks(approval, training.occurred_on)
    ):
        lacks.append((MissingKind.APPROVAL, words))
    if rule.conditions.on_premises and not (signature and signature.on_premises):
        words = (
            _("that it was on the premises: it was signed that it was not")
            if signature
            else _("that it was on the premises")
        )
        lacks.append((MissingKind.PREMISES, words))
    if rule.conditions.paid_time and not (signature and signature.paid_time):
        words = (
            _("that the time was paid: it was signed that it was not")
            if signature
            else _("that the time was paid")
        )
        lacks.append((MissingKind.PAID, words))
    return tuple(
        Missing(
            kind=kind,
            words=words,
            completion_id=training.completion_id,
            signable=signable or kind == MissingKind.APPROVAL,
        )
        for kind, words in lacks
    )


def _as_signed_here(training: TrainingFact, hired_on: date) -> TrainingFact:
    """The training without a signature for a day on which the person did not work here yet."""
    return replace(training, signature=None) if training.occurred_on < hired_on else training


def _pick(
    rule: Rule, trainings: list[tuple[TrainingFact, tuple[Missing, ...]]]
) -> tuple[list[TrainingFact], frozenset[str]]:
    """The trainings, in this order, that each add a topic, and what they cover together."""
    covered: frozenset[str] = frozenset()
    used = []
    for training, _lacks in trainings:
        added = (training.topics & rule.topic_codes) - covered
        if added:
            used.append(training)
            covered |= added
    return used, covered


def _not_covered(rule: Rule, facts: Facts, as_of: date) -> str:
    """Why the rule is not for this employment on this day; empty where it is."""
    if facts.facility.applies is False:
        return facts.facility.why
    if as_of < rule.effective_from or (facts.ended_on and facts.ended_on < rule.effective_from):
        return _("%(law)s is in force since %(day)s.") % {
            "law": rule.short_title,
            "day": short_date(rule.effective_from),
        }
    if not rule.guest_contact:
        return ""
    day = max(facts.hired_on, min(as_of, facts.ended_on or as_of))
    held = next((period for period in facts.periods if period.holds_on(day)), None)
    if held is None or held.guest_contact:
        return ""
    return _("The post does not meet guests: %(reason)s") % {"reason": held.reason}


def _lacks_training(state: StandingState) -> bool:
    """Whether somebody without any training is to have one, or should have had one."""
    return state in {
        StandingState.DUE,
        StandingState.DUE_SOON,
        StandingState.OVERDUE,
        StandingState.LEFT_NOT_TRAINED,
    }


def _conditions_unrecorded(rule: Rule) -> tuple[Missing, ...]:
    """What the law asks of a training besides topics, where there is no training at all."""
    asked = rule.conditions
    lacks = [
        (asked.approved_program, MissingKind.APPROVAL, _("an established or approved program")),
        (asked.on_premises, MissingKind.PREMISES, _("that it was on the premises")),
        (asked.paid_time, MissingKind.PAID, _("that the time was paid")),
    ]
    return tuple(Missing(kind=kind, words=words) for wanted, kind, words in lacks if wanted)


def _all_missing(why: str, rule: Rule, missing: tuple[Missing, ...]) -> str:
    """The calendar's sentence, and what the law asks for, of which nothing is recorded."""
    topics = len(rule.topics)
    parts = [
        ngettext(
            "the training itself (%(count)s topic)",
            "the training itself (%(count)s topics)",
            topics,
        )
        % {"count": topics},
        *(lack.words for lack in missing if lack.kind != MissingKind.TOPIC),
    ]
    return _("%(why)s Missing: %(missing)s.") % {"why": why, "missing": "; ".join(parts)}


def standing(rule: Rule, facts: Facts, as_of: date) -> Standing:
    """Where an employment stands with `rule` on `as_of` (a New York calendar day), from `facts`.

    Trainings after `as_of` or after the last day of work do not count. Several trainings may cover
    the topics together; each of them must then be approved, on the premises and on paid time.
    """
    reason = _not_covered(rule, facts, as_of)
    if reason:
        return Standing(StandingState.NOT_COVERED, reason)
    if facts.exemption and facts.exemption.holds_on(as_of):
        return Standing(
            StandingState.EXEMPT, _("Exempt: %(reason)s") % {"reason": facts.exemption.reason}
        )
    last = min(as_of, facts.ended_on or as_of)
    contact_from = contact_since(facts.periods, max(last, facts.hired_on)) or facts.hired_on
    clock = clock_for(rule, facts.hired_on, contact_from)
    judged = sorted(
        (
            (training, _conditions_missing(rule, training, facts.hired_on))
            for training in (_as_signed_here(held, facts.hired_on) for held in facts.trainings)
            if training.occurred_on <= last and training.topics & rule.topic_codes
        ),
        key=lambda pair: (pair[0].occurred_on, pair[0].completion_id),
    )
    proven, proven_topics = _pick(rule, [pair for pair in judged if not pair[1]])
    if proven_topics == rule.topic_codes:
        return _met(clock, proven)
    # Prefer what is proven, then what can be, then what lacks least, then what came first.
    used, covered = _pick(
        rule,
        sorted(judged, key=lambda pair: (any(not lack.signable for lack in pair[1]), len(pair[1]))),
    )
    if covered == rule.topic_codes:
        return _trained(clock, facts, used, dict(judged))
    missing = tuple(
        Missing(kind=MissingKind.TOPIC, words=topic.name, code=topic.code)
        for topic in rule.topics
        if topic.code not in covered
    )
    if _named_as_gaps(missing, used):
        return _trained(clock, facts, used, dict(judged), missing)
    found = _untrained(rule, facts, clock, as_of)
    if used:
        found = replace(
            found,
            why=_("%(why)s A part is done; topics still missing: %(topics)s.")
            % {"why": found.why, "topics": "; ".join(lack.words for lack in missing)},
            trainings=tuple(used),
        )
    elif _lacks_training(found.state):
        missing += _conditions_unrecorded(rule)
        found = replace(found, why=_all_missing(found.why, rule, missing))
    return replace(found, missing=missing if used or _lacks_training(found.state) else ())


def _named_as_gaps(missing: tuple[Missing, ...], used: list[TrainingFact]) -> bool:
    """Whether all that is missing are topics which an own program's worksheet says it leaves out.

    Such a program was taken as a whole, so the person is trained; the topics are not yet proven.
    """
    gaps = frozenset(code for training in used for code in training.gaps)
    return bool(used) and all(lack.code in gaps for lack in missing)


def _topic_not_covered(lack: Missing) -> str:
    """A gap in words: "topic T4A not covered (That the contact leads to relief and recovery)"."""
    return _("topic %(code)s not covered (%(name)s)") % {
        "code": lack.code.rpartition("-")[2],
        "name": lack.words,
    }


def _met(clock: Clock, used: list[TrainingFact]) -> Standing:
    """Every tick is there; what remains is whether it was in time."""
    met_on = max(training.occurred_on for training in used)
    words = {
        "day": short_date(met_on),
        "due": short_date(clock.due_on),
        "last": short_date(clock.last_day),
    }
    if met_on > clock.last_day:
        late = (met_on - clock.last_day).days
        state = StandingState.MET_LATE
        why = ngettext(
            "Trained on %(day)s, %(late)s day after %(last)s; every point is shown.",
            "Trained on %(day)s, %(late)s days after %(last)s; every point is shown.",
            late,
        ) % {**words, "late": late}
    elif met_on > clock.due_on:
        state = StandingState.MET_ON_TIME
        why = (
            _(
                "Trained on %(day)s; every point is shown. In time if the day of hire is not "
                "counted; by the stricter count it was due on %(due)s."
            )
            % words
        )
    else:
        state = StandingState.MET_ON_TIME
        why = _("Trained on %(day)s; every point is shown.") % words
    return Standing(
        state,
        why,
        clock=clock,
        met_on=met_on,
        trainings=tuple(used),
    )


def _trained(
    clock: Clock,
    facts: Facts,
    used: list[TrainingFact],
    lacks: dict[TrainingFact, tuple[Missing, ...]],
    gaps: tuple[Missing, ...] = (),
) -> Standing:
    """A whole program was taken, but something about topics, program, place or pay is not shown."""
    missing = gaps + tuple(lack for training in used for lack in lacks[training])
    words = [*map(_topic_not_covered, gaps), *(lack.words for lack in missing[len(gaps) :])]
    day = max(training.occurred_on for training in used)
    why = _("Trained on %(day)s. Not yet shown: %(missing)s.") % {
        "day": short_date(day),
        "missing": "; ".join(dict.fromkeys(words)),
    }
    if any(not lack.signable for lack in missing):
        why = _(
            "%(why)s A training before this employment began cannot be signed for here; it must "
            "be taken again."
        ) % {"why": why}
    elif day > clock.last_day:
        why = _("%(why)s The training was after %(last)s, the last day for it.") % {
            "why": why,
            "last": short_date(clock.last_day),
        }
    return Standing(
        StandingState.TRAINED_NOT_PROVEN,
        why,
        clock=clock,
        missing=missing,
        trainings=tuple(used),
    )


def _untrained(rule: Rule, facts: Facts, clock: Clock, as_of: date) -> Standing:
    """No training covers the topics: what the calendar says."""
    words = {
        "due": short_date(clock.due_on),
        "last": short_date(clock.last_day),
        "hired": short_date(facts.hired_on),
        "ended": short_date(facts.ended_on) if facts.ended_on else "",
    }
    if as_of < facts.hired_on:
        state = StandingState.NOT_DUE
        why = _("Starts work on %(hired)s; due by %(due)s.")
    elif facts.ended_on and facts.ended_on < as_of:
        if facts.ended_on <= clock.last_day:
            state = StandingState.LEFT_BEFORE_DUE
            why = _("Left on %(ended)s; training was due by %(due)s.")
        else:
            state = StandingState.LEFT_NOT_TRAINED
            why = _("Left on %(ended)s; no training is recorded, which was due by %(due)s.")
    elif as_of > clock.last_day:
        state = StandingState.OVERDUE
        why = _("No training is recorded. It was due by %(due)s, at the latest %(last)s.")
    elif as_of > clock.due_on:
        state = StandingState.DUE_SOON
        why = _("Today is the last day if the day of hire is not counted; %(due)s if it is.")
    else:
        left = (clock.due_on - as_of).days
        soon = left <= rule.deadline.soon_days
        state = StandingState.DUE_SOON if soon else StandingState.DUE
        why = ngettext(
            "%(left)s day left. No training is recorded yet.",
            "%(left)s days left. No training is recorded yet.",
            left,
        )
        if not left:
            why = _("Due today. No training is recorded yet.")
        words["left"] = str(left)
    return Standing(state, why % words, clock=clock)
