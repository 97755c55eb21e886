"""An accreditor's rules held against a training: one sentence for each that is not kept.

Publishing asks this. Whether the office is approved at all is another matter: until that is
confirmed the credit stays off, but the training can be published.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.core.time import long_date
from lms.trainings.accreditation import Book
from lms.trainings.accrediting import Accreditor, PostTestRule, find
from lms.trainings.enums import CreditType, TrainingKind
from lms.trainings.wording import contact_hours, hours_in_words, length_in_words, type_in_words

_ITEM = re.compile(r"<li[\s>]")


@dataclass(frozen=True)
class PostTestFacts:
    """What the tests one must take ask for, whatever is drawn: the least and the most there is."""

    pass_percent: int | None
    items: int
    least_multiple_choice: int
    most_true_false: int


@dataclass(frozen=True)
class CreditFacts:
    """What accreditors' rules look at. `has_survey` is None where a survey has no place."""

    kind: str
    minutes: int
    objectives: int
    has_survey: bool | None = None
    tests: PostTestFacts | None = None


def objectives_in(html: str) -> int:
    """How many points "what you will learn" has."""
    return len(_ITEM.findall(html or ""))


def credit_problems(
    credit: Sequence[dict[str, Any]],
    facts: CreditFacts,
    *,
    book: Book,
    office: int,
    training: UUID,
    today: date,
) -> list[str]:
    """What in a training breaks the rules of those who are to give credit for it."""
    found: list[str] = []
    seen: set[tuple[str, str]] = set()
    for line in credit:
        accreditor = find(str(line["accreditor"]))
        if accreditor is None:
            found.append(
                _("“%(name)s” is no accreditor this site knows. Choose one from the list.")
                % {"name": line["accreditor"]}
            )
            continue
        if (accreditor.id, line["type"]) in seen:
            found.append(
                _("%(accreditor)s (%(type)s) has two lines. Make one of them.")
                % {"accreditor": accreditor.short_name, "type": type_in_words(line["type"])}
            )
        seen.add((accreditor.id, line["type"]))
        found += _of_hours(accreditor, line, facts)
        found += _of_type(accreditor, line, facts)
        found += _of_test(accreditor, line, facts)
        found += _of_content(accreditor, facts)
        found += _of_approval(accreditor, book, office=office, training=training, today=today)
    return list(dict.fromkeys(found))


def _of_hours(accreditor: Accreditor, line: dict[str, Any], facts: CreditFacts) -> Iterable[str]:
    hours = Decimal(str(line["hours"]))
    name = accreditor.short_name
    if accreditor.least_hours is not None and hours < accreditor.least_hours:
        yield _("%(accreditor)s gives credit from %(least)s on; here it is %(hours)s.") % {
            "accreditor": name,
            "least": contact_hours(accreditor.least_hours),
            "hours": hours_in_words(hours),
        }
    if accreditor.hours_step is not None and hours % accreditor.hours_step:
        yield _("%(accreditor)s counts contact hours in steps of %(step)s; %(hours)s is none.") % {
            "accreditor": name,
            "step": hours_in_words(accreditor.hours_step),
            "hours": hours_in_words(hours),
        }
    needed = int(hours * accreditor.minutes_of_hour)
    if facts.minutes < needed:
        yield _(
            "%(hours)s of %(accreditor)s need at least %(needed)s; the training takes %(length)s."
        ) % {
            "hours": contact_hours(hours),
            "accreditor": name,
            "needed": length_in_words(needed),
            "length": length_in_words(facts.minutes),
        }


def _of_type(accreditor: Accreditor, line: dict[str, Any], facts: CreditFacts) -> Iterable[str]:
    if line["type"] not in accreditor.types:
        yield _("%(accreditor)s gives no %(type)s credit.") % {
            "accreditor": accreditor.short_name,
            "type": type_in_words(line["type"]),
        }
    if facts.kind == TrainingKind.COURSE and line["type"] == CreditType.LIVE:
        yield _(
            "An online course that one takes alone is self-study, not live: change the type of the "
            "%(accreditor)s line."
        ) % {"accreditor": accreditor.short_name}
    if facts.kind == TrainingKind.LIVE and line["type"] == CreditType.SELF_STUDY:
        yield _(
            "A live training is live, not self-study: change the type of the %(accreditor)s line."
        ) % {"accreditor": accreditor.short_name}


def _of_test(accreditor: Accreditor, line: dict[str, Any], facts: CreditFacts) -> Iterable[str]:
    rule = accreditor.test
    if rule is None or line["type"] not in rule.types or facts.kind != TrainingKind.COURSE:
        return
    said = {"accreditor": accreditor.short_name, "percent": rule.pass_percent}
    if facts.tests is None:
        yield (
            _("%(accreditor)s asks for a post-test that one passes with %(percent)s%%. Add one.")
            % said
        )
        return
    yield from _of_test_facts(rule, facts.tests, said, Decimal(str(line["hours"])))


def _of_test_facts(
    rule: PostTestRule, tests: PostTestFacts, said: dict[str, Any], hours: Decimal
) -> Iterable[str]:
    if tests.pass_percent is None or tests.pass_percent < rule.pass_percent:
        yield _(
            "%(accreditor)s asks for a pass mark of at least %(percent)s%%; the post-test has "
            "%(here)s."
        ) % {
            **said,
            "here": _("none") if tests.pass_percent is None else f"{tests.pass_percent}%",
        }
    wanted = rule.items_for(hours)
    if tests.least_multiple_choice < wanted:
        yield ngettext(
            "%(accreditor)s asks for %(wanted)s multiple-choice question for %(hours)s; the "
            "post-test is sure to ask only %(here)s.",
            "%(accreditor)s asks for %(wanted)s multiple-choice questions for %(hours)s; the "
            "post-test is sure to ask only %(here)s.",
            wanted,
        ) % {
            **said,
            "wanted": wanted,
            "hours": contact_hours(hours),
            "here": tests.least_multiple_choice,
        }
    if tests.most_true_false * 100 > rule.most_true_false_percent * tests.items:
        yield _(
            "%(accreditor)s allows at most %(most)s%% true-or-false questions; the post-test can "
            "have %(here)s of %(of)s."
        ) % {
            **said,
            "most": rule.most_true_false_percent,
            "here": tests.most_true_false,
            "of": tests.items,
        }


def _of_content(accreditor: Accreditor, facts: CreditFacts) -> Iterable[str]:
    name = accreditor.short_name
    if accreditor.evaluation and facts.has_survey is False:
        yield _("%(accreditor)s asks for an evaluation. Add a survey to the course.") % {
            "accreditor": name
        }
    if facts.objectives < accreditor.objectives:
        yield _(
            "%(accreditor)s asks for at least %(least)s learning objectives; “what you will learn” "
            "lists %(here)s."
        ) % {"accreditor": name, "least": accreditor.objectives, "here": facts.objectives}


def _of_approval(
    accreditor: Accreditor, book: Book, *, office: int, training: UUID, today: date
) -> Iterable[str]:
    """An approval that has ended: nobody should begin a course for credit it cannot give."""
    for key in (None, training):
        row = book.newest(office, accreditor.id, key)
        if row and row.expires_on and row.expires_on < today:
            yield _(
                "The approval by %(accreditor)s ended on %(day)s. Confirm the new one at the desk, "
                "or take the credit off."
            ) % {"accreditor": accreditor.short_name, "day": long_date(row.expires_on)}
