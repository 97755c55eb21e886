"""A course's facts as ready sentences, for visitors and learners alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypedDict

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.enums import StepKind
from courses.kinds import kind_of
from courses.models import CoursePage
from courses.requirements import in_words
from courses.selectors import Step
from courses.topics import map_in
from lms.core.prepared import Prepared, any_given
from lms.core.time import new_york_today
from lms.trainings.accreditation import credit_of_page
from lms.trainings.enums import Audience
from lms.trainings.models import Topic
from lms.trainings.wording import credit_lines, credit_notes, length_in_words


class Fact(TypedDict, total=False):
    """A line of components/definition_list.html."""

    term: str
    text: str
    url: str


@dataclass(frozen=True)
class Covered:
    """A topic and the places of the course that cover it, in words."""

    topic: str
    places: list[str]


class Module(TypedDict):
    """Some steps under a heading of their own."""

    title: str
    summary: str
    parts: list[str]


def approval_notice(providers: Iterable[str]) -> str:
    """That somebody else has to say yes first; empty where nobody has."""
    names = ", ".join(dict.fromkeys(providers))
    if not names:
        return ""
    return _("%(provider)s approves registrations separately.") % {"provider": names}


def outside_approvals(outline: list[dict[str, Any]]) -> list[str]:
    """For the course's page: who approves registrations separately, and how that goes."""
    return [
        f"{approval_notice([step['provider']])} {step['provider_approves']}".strip()
        for step in outline
        if "provider_approves" in step
    ]


def about_course(page: CoursePage) -> list[Fact]:
    """What one asks before beginning: for whom, how long, what credit, whose it is, whom to ask."""
    audiences = ", ".join(str(Audience(code).label) for code in page.audiences)
    given = credit_of_page(page, day=new_york_today())
    credit = ". ".join(["; ".join(credit_lines(given)), *credit_notes(given)])
    address = page.contact_email or page.office.contact_email
    facts: list[Fact] = [
        {"term": _("Who it is for"), "text": audiences},
        {"term": _("Length"), "text": length_in_words(page.minutes)},
        {"term": _("Credit"), "text": credit or _("No continuing-education credit")},
        {"term": _("Needed before"), "text": page.before or _("Nothing")},
        {"term": _("Whose training it is"), "text": page.office.name},
    ]
    if address:
        facts.append({"term": _("Whom to ask"), "text": address, "url": f"mailto:{address}"})
    return facts


def what_will_happen(spec: dict[str, Any]) -> list[str]:
    """The course in a line: "Pre-test, 5 questions", "6 lessons", "Certificate".

    `spec` is a version's. Lessons that follow each other are one part.
    """
    parts: list[str] = []
    lessons = 0
    for step in [*spec["outline"], None]:
        if step and step["kind"] == StepKind.LESSON:
            lessons += 1
            continue
        if lessons:
            parts.append(
                ngettext("%(count)s lesson", "%(count)s lessons", lessons) % {"count": lessons}
            )
            lessons = 0
        if step:
            parts.append(kind_of(step["kind"]).part(step))
    return [*parts, *in_words(spec.get("rules", {})), _("Certificate")]


_names = Prepared(
    lambda: Topic.objects.filter(code=any_given("codes")).values_list("code", "name").order_by()
)


def topics_covered(spec: dict[str, Any]) -> list[Covered]:
    """The topics a version covers, each with its places: "Signs to notice: Front desk".

    One query, and none for a version that names no topic.
    """
    found = map_in(spec)
    if not found:
        return []
    names = dict(_names(codes=list(found)))
    titles = {step["key"]: step["title"] for step in spec["outline"]}
    return [
        Covered(
            topic=names.get(code, code),
            places=[
                f"{titles[row['step']]}: {row['place']}" if row["place"] else titles[row["step"]]
                for row in rows
            ],
        )
        for code, rows in found.items()
    ]


def modules(outline: list[dict[str, Any]]) -> list[Module]:
    """A course's modules with what is in each; none where it has no modules.

    `outline` is that of a version's spec. Steps before the first module stand in none.
    """
    found: list[Module] = []
    for step in outline:
        named = step.get("module")
        if not named:
            continue
        if not found or (found[-1]["title"], found[-1]["summary"]) != (
            named["title"],
            named["summary"],
        ):
            found.append({"title": named["title"], "summary": named["summary"], "parts": []})
        found[-1]["parts"].append(kind_of(step["kind"]).part(step))
    return found


def how_long(minutes: int) -> str:
    """Above what will happen, under the button."""
    return _("About %(length)s. Stop whenever you like: your place is kept.") % {
        "length": length_in_words(minutes)
    }


def time_left(minutes: int) -> str:
    """How long the rest takes."""
    return _("About %(length)s left") % {"length": length_in_words(minutes)}


def step_notes(steps: Iterable[Step]) -> list[str]:
    """The line under each step's title; of locked steps, only the first says what opens it."""
    notes: list[str] = []
    locked_before = False
    for step in steps:
        notes.append(
            step.reason if step.is_locked and not locked_before else kind_of(step.kind).note(step)
        )
        locked_before = locked_before or step.is_locked
    return notes


def before_and_after(steps: Iterable[Step]) -> str:
    """What somebody knew and what they know now; empty without a test at both ends."""
    results = {step.kind: step.last_attempt for step in steps if step.last_attempt}
    before, after = results.get(StepKind.PRE_TEST), results.get(StepKind.POST_TEST)
    if before is None or after is None:
        return ""
    return _("Before: %(before)s. After: %(after)s.") % {
        "before": before.in_words,
        "after": after.in_words,
    }
