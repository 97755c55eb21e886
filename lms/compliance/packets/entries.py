"""The record as plain entries in words: what page, paper, table and packet all show.

An entry is what JSON can hold, so that a packet opened years later shows what it showed then. Its
words are in the language that is active while it is made; a packet is made in English.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from lms.completions.enums import SourceKind
from lms.compliance.enums import StandingState
from lms.compliance.facts import TrainingFact
from lms.compliance.record import Correction, Record, line_facts
from lms.compliance.rules import Rule
from lms.compliance.selectors import EmployeeStanding
from lms.core.time import short_date

Entry = dict[str, Any]

# In the order an inspector reads: what is missing first.
NOT_PROVEN, OVERDUE, DUE, MET, NOT_ASKED, LEFT = (
    "not_proven", "overdue", "due", "met", "not_asked", "left",
)  # fmt: skip
_PART = {
    StandingState.TRAINED_NOT_PROVEN: NOT_PROVEN,
    StandingState.OVERDUE: OVERDUE,
    StandingState.LEFT_NOT_TRAINED: OVERDUE,
    StandingState.DUE_SOON: DUE,
    StandingState.DUE: DUE,
    StandingState.MET_ON_TIME: MET,
    StandingState.MET_LATE: MET,
    StandingState.RENEW_SOON: MET,
}


@dataclass(frozen=True)
class Part:
    """Entries of one kind under their heading; `none` is said where there are none."""

    key: str
    heading: str
    none: str
    entries: list[Entry]


def record_entries(record: Record) -> list[Entry]:
    """Everybody in the record, what is missing first.

    Each has `now`, the facts as corrected since; `corrected` says that they read otherwise at the
    end of the day; then `then` has them as they read (None: not recorded), `differences` what is
    another, and `since` what was recorded later.
    """
    corrections = {fixed.now.employment.pk: fixed for fixed in record.corrections}
    places = {key: place for place, key in enumerate(_headings())}
    found = [_entry(line, record, corrections.get(line.employment.pk)) for line in record.lines]
    return sorted(found, key=lambda entry: places[entry["part"]])


def _entry(line: EmployeeStanding, record: Record, fixed: Correction | None) -> Entry:
    left = line.left_before(record.as_of)
    now = in_words(line, record.rule, record.as_of)
    then = in_words(fixed.then, record.rule, record.as_of) if fixed and fixed.then else None
    return {
        "id": f"employment-{line.employment.pk}",
        "part": LEFT if left else _PART.get(line.standing.state, NOT_ASKED),
        "now": now,
        "corrected": fixed is not None,
        "then": then,
        "differences": _differences(then, now) if then else [],
        "since": [{"on": since.on.isoformat(), "what": since.words} for since in fixed.since]
        if fixed
        else [],
    }


def in_words(line: EmployeeStanding, rule: Rule, as_of: date) -> dict[str, Any]:
    """The facts of one line, and beside the codes the words people read."""
    facts = line_facts(line, as_of)
    found = line.standing
    return {
        **facts,
        "post_words": line.post,
        "standing_words": str(found.state.label),
        "why": found.why,
        "missing_words": list(dict.fromkeys(lack.words for lack in found.missing)),
        "trainings": [
            {**plain, **_training_words(training, rule)}
            for plain, training in zip(facts["trainings"], found.trainings, strict=True)
        ],
    }


def _differences(then: dict[str, Any], now: dict[str, Any]) -> list[dict[str, str]]:
    """What is another: the label of the fact, and both readings of it, fit to show."""
    found = []

    def compare(label: str, before: str, after: str) -> None:
        if before != after:
            found.append({"label": label, "then": before or "–", "now": after or "–"})

    compare(_("Employee number"), then["number"], now["number"])
    compare(_("Hired"), _day(then["hired_on"]), _day(now["hired_on"]))
    compare(_("Post"), then["post_words"], now["post_words"])
    compare(_("Due"), _day(then["due_on"]), _day(now["due_on"]))
    compare(_("Left"), _day(then["left_on"]), _day(now["left_on"]))
    before = {training["completion"]: training for training in then["trainings"]}
    after = {training["completion"]: training for training in now["trainings"]}
    for key in sorted({**before, **after}):
        old, new = before.get(key), after.get(key)
        if old and new:
            compare(_("Program"), old["approval_words"], new["approval_words"])
            compare(_("Place"), old["place_words"], new["place_words"])
            compare(_("Pay"), old["paid_words"], new["paid_words"])
            compare(_("Signed"), _signed(old), _signed(new))
        else:
            compare(_("Training"), _trained(old), _trained(new))
    return found


def _day(day: str) -> str:
    return short_date(date.fromisoformat(day)) if day else ""


def _signed(training: dict[str, Any]) -> str:
    return f"{_day(training['signed_on'])} {training['signed_by']}".strip()


def _trained(training: dict[str, Any] | None) -> str:
    return f"{training['program']}, {_day(training['trained_on'])}" if training else ""


def _training_words(training: TrainingFact, rule: Rule) -> dict[str, Any]:
    signature = training.signature
    return {
        "source_words": _source(training.source),
        "language_words": language_name(training.language),
        "topics_words": _topics(training, rule),
        "approval_words": training.approval.words if training.approval else "",
        "place_words": _place(training),
        "paid_words": _paid(signature.paid_time if signature else None),
        "trainer_words": _trainer(training),
    }


def _source(source: str) -> str:
    return str(SourceKind(source).label) if source in SourceKind.values else ""


def language_name(code: str) -> str:
    """The language's name in English ("Haitian Creole"), or its code where we know none."""
    try:
        return str(get_language_info(code)["name"])
    except KeyError:
        return code


def _topics(training: TrainingFact, rule: Rule) -> str:
    shown = training.topics - training.gaps
    covered = [topic.code for topic in rule.topics if topic.code in shown]
    if len(covered) == len(rule.topics):
        return _("all %(count)s topics") % {"count": len(covered)}
    return _("%(covered)s of %(count)s topics: %(codes)s") % {
        "covered": len(covered),
        "count": len(rule.topics),
        "codes": ", ".join(covered),
    }


def _place(training: TrainingFact) -> str:
    signature = training.signature
    if signature is None:
        said = _("not signed whether on the premises")
    elif signature.on_premises:
        said = _("on the premises")
    else:
        said = _("not on the premises")
    return f"{said} ({training.place})" if training.place else said


def _paid(paid: bool | None) -> str:
    if paid is None:
        return _("not signed whether paid")
    return _("on paid time") if paid else _("not on paid time")


def _trainer(training: TrainingFact) -> str:
    if training.trainer:
        return training.trainer
    if training.source == SourceKind.ENROLMENT:
        return _("none: an online course")
    return _("not recorded")


def _headings() -> dict[str, tuple[str, str]]:
    """Heading of each part, and what is said where it is empty, in their order."""
    return {
        NOT_PROVEN: (_("Trained, not yet proven"), _("Nobody.")),
        OVERDUE: (_("Overdue"), _("Nobody.")),
        DUE: (_("Due"), _("Nobody.")),
        MET: (_("Met: trained, with every point shown"), _("Nobody yet.")),
        NOT_ASKED: (_("Not asked of"), _("Nobody.")),
        LEFT: (_("Left, and the record is kept"), _("Nobody.")),
    }


def in_parts(entries: Iterable[Entry]) -> list[Part]:
    """The entries under their headings; who left is told apart only where somebody did.

    The headline counts who works there, so the other parts do too.
    """
    sorted_out: dict[str, list[Entry]] = {key: [] for key in _headings()}
    for entry in entries:
        sorted_out[entry["part"]].append(entry)
    return [
        Part(key, heading, none, sorted_out[key])
        for key, (heading, none) in _headings().items()
        if key != LEFT or sorted_out[key]
    ]
