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

**What is to be taken again** is counted from the oldest of the newest trainings on each topic, so
that a part taken again does not move the day. A year after February 29 is February 28 by the
stricter count and March 1 by the other.

**A rehire is a new employment** with a new clock. A training from before this employment is shown,
but nobody here can sign that it was on these premises and on time paid here, and no such signature
counts: where the rule asks for one, the person trains again.

Sources: DOMAIN 2, 6, 7 and the GBL 205 table, kept in `rulesets/ny-gbl-205.yaml` with their links.
"""

from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.compliance.clock import Clock, clock_for, covered_since, renewal_clock
from lms.compliance.enums import MissingKind, StandingState
from lms.compliance.facts import Facts, TrainingFact
from lms.compliance.missing import Missing, conditions_missing, conditions_unrecorded
from lms.compliance.rules import Rule
from lms.core.time import short_date


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
    def must_train_again(self) -> bool:
        """Whether what was taken cannot be shown for here by any signature."""
        return any(not lack.signable for lack in self.missing)

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
    if rule.effective_to and as_of > rule.effective_to:
        return _("%(law)s was in force until %(day)s.") % {
            "law": rule.short_title,
            "day": short_date(rule.effective_to),
        }
    day = max(facts.hired_on, min(as_of, facts.ended_on or as_of))
    held = next((period for period in facts.periods if period.holds_on(day)), None)
    if held is None or rule.covers(post=held.post, guest_contact=held.guest_contact):
        return ""
    if rule.guest_contact and not held.guest_contact:
        return _("The post does not meet guests: %(reason)s") % {"reason": held.reason}
    return _("%(law)s is for %(who)s; this post is not among them.") % {
        "law": rule.short_title,
        "who": rule.who_words,
    }


def _lacks_training(state: StandingState) -> bool:
    """Whether somebody without any training is to have one, or should have had one."""
    return state in {
        StandingState.DUE,
        StandingState.DUE_SOON,
        StandingState.OVERDUE,
        StandingState.LEFT_NOT_TRAINED,
    }


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


def _not_asked(rule: Rule, facts: Facts, as_of: date) -> Standing | None:
    """The standing of somebody the rule is not for, or not asked of."""
    if reason := _not_covered(rule, facts, as_of):
        return Standing(StandingState.NOT_COVERED, reason)
    if facts.exemption and facts.exemption.holds_on(as_of):
        return Standing(
            StandingState.EXEMPT, _("Exempt: %(reason)s") % {"reason": facts.exemption.reason}
        )
    return None


def standing(rule: Rule, facts: Facts, as_of: date) -> Standing:
    """Where an employment stands with `rule` on `as_of` (a New York calendar day), from `facts`.

    Trainings after `as_of` or after the last day of work do not count. Several trainings may cover
    the topics together; each of them must then be approved, on the premises and on paid time.
    """
    if not_asked := _not_asked(rule, facts, as_of):
        return not_asked
    last = min(as_of, facts.ended_on or as_of)
    since = covered_since(rule, facts.periods, max(last, facts.hired_on)) or facts.hired_on
    clock = clock_for(rule, facts.hired_on, since)
    judged = sorted(
        (
            (training, conditions_missing(rule, training, facts.hired_on))
            for training in (_as_signed_here(held, facts.hired_on) for held in facts.trainings)
            if training.occurred_on <= last and training.topics & rule.topic_codes
        ),
        key=lambda pair: (pair[0].occurred_on, pair[0].completion_id),
    )
    proven, proven_topics = _pick(rule, [pair for pair in judged if not pair[1]])
    if proven_topics == rule.topic_codes:
        return _renewed(rule, facts, judged, as_of, clock) if rule.renewal else _met(clock, proven)
    # Prefer what is proven, then what can be, then what lacks least, then what came first.
    used, covered = _pick(
        rule,
        sorted(judged, key=lambda pair: (any(not lack.signable for lack in pair[1]), len(pair[1]))),
    )
    if covered == rule.topic_codes:
        return _trained(clock, used, dict(judged))
    missing = tuple(
        Missing(kind=MissingKind.TOPIC, words=topic.name, code=topic.code)
        for topic in rule.topics
        if topic.code not in covered
    )
    if _named_as_gaps(missing, used):
        return _trained(clock, used, dict(judged), missing)
    found = _untrained(rule, facts, clock, as_of)
    if rule.only_again:
        return Standing(StandingState.NOT_COVERED, _nothing_to_repeat(rule))
    if used:
        found = replace(
            found,
            why=_("%(why)s A part is done; topics still missing: %(topics)s.")
            % {"why": found.why, "topics": "; ".join(lack.words for lack in missing)},
            trainings=tuple(used),
        )
    elif _lacks_training(found.state):
        missing += conditions_unrecorded(rule)
        found = replace(found, why=_all_missing(found.why, rule, missing))
    return replace(found, missing=missing if used or _lacks_training(found.state) else ())


def _nothing_to_repeat(rule: Rule) -> str:
    return _("No training to take again yet. %(law)s counts from the first one.") % {
        "law": rule.short_title
    }


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


def _rounds(rule: Rule, trainings: list[TrainingFact]) -> list[tuple[date, list[TrainingFact]]]:
    """How often every topic was covered anew: since which day each time, and by what.

    `trainings` are from old to new. A round counts from the oldest of the newest trainings on each
    topic, and is over with the training that moved that day.
    """
    newest: dict[str, TrainingFact] = {}
    found: list[tuple[date, list[TrainingFact]]] = []
    for training in trainings:
        newest |= dict.fromkeys(training.topics & rule.topic_codes, training)
        if len(newest) < len(rule.topic_codes):
            continue
        used = list(dict.fromkeys(newest[topic.code] for topic in rule.topics))
        since = min(one.occurred_on for one in used)
        if not found or since > found[-1][0]:
            found.append((since, used))
    return found


def _renewed(
    rule: Rule,
    facts: Facts,
    judged: list[tuple[TrainingFact, tuple[Missing, ...]]],
    as_of: date,
    clock: Clock,
) -> Standing:
    """Every tick was there at least once: whether it still is, and by when it is to be again."""
    months, soon_days = (rule.renewal.months, rule.renewal.soon_days) if rule.renewal else (0, 0)
    rounds = _rounds(rule, [training for training, lacks in judged if not lacks])
    clocks = [renewal_clock(rule, months, facts.hired_on, since) for since, _used in rounds]
    since, used = rounds[-1]
    after = clocks[-1]
    words = {"day": short_date(since), "due": short_date(after.due_on), "law": rule.short_title}
    met = _met(clock if len(rounds) == 1 else clocks[-2], used)
    if rule.only_again:  # no law: it speaks neither of proof nor of lateness
        met = replace(met, state=StandingState.MET_ON_TIME, why=_("Trained on %(day)s.") % words)
    words["why"] = met.why
    again = replace(met, clock=after, why=_("%(why)s Renew by %(due)s.") % words)
    last = min(as_of, facts.ended_on or as_of)
    left = (after.due_on - last).days
    if left > soon_days or (last < as_of and last <= after.last_day):
        return again
    newer = [pair for pair in judged if pair[1] and pair[0].occurred_on > since]
    unproven, covered = _pick(rule, newer)
    if covered == rule.topic_codes:
        return _trained(after, unproven, dict(newer))
    if last <= after.last_day:
        why = _("%(why)s %(law)s asks for it again: renew by %(due)s.")
        return replace(again, state=StandingState.RENEW_SOON, why=why % words)
    if last < as_of:
        state = StandingState.LEFT_NOT_TRAINED
        why = _("Left on %(ended)s; the training of %(day)s was to be taken again by %(due)s.")
    else:
        state = StandingState.OVERDUE
        why = _("Trained on %(day)s. %(law)s asks for it again: it was to be renewed by %(due)s.")
    missing = tuple(
        Missing(kind=MissingKind.TOPIC, words=topic.name, code=topic.code) for topic in rule.topics
    )
    return Standing(
        state,
        why % {**words, "ended": short_date(last)},
        clock=after,
        missing=missing,
        trainings=tuple(used),
    )
