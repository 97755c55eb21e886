"""A training's and a session's facts as ready sentences, for definition lists."""

from collections.abc import Sequence
from typing import TypedDict

from django.core.cache import cache
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from events.enums import SurveyRule
from events.models import LiveTrainingPage, Session
from events.selectors import page_of
from lms.core.time import new_york_today
from lms.trainings.accreditation import credit_of_page
from lms.trainings.enums import Audience
from lms.trainings.models import Training
from lms.trainings.wording import credit_lines, length_in_words


class Fact(TypedDict, total=False):
    """A line of components/definition_list.html."""

    term: str
    text: str
    url: str


class PageFacts(TypedDict):
    """What a session's page shows of its training's page, in one language."""

    trail: list[dict[str, str]]
    about: list[Fact]
    contact: str


def page_facts(training: Training) -> PageFacts:
    """What the training's live page says; nothing where there is none.

    Kept for a minute: every view of every session asks, and pages change once a season.
    """
    key = f"events.page:{training.pk}:{get_language()}"
    facts: PageFacts = cache.get(key)
    if facts is None:
        facts = _page_facts(page_of(training))
        cache.set(key, facts, timeout=60)
    return facts


def _page_facts(page: LiveTrainingPage | None) -> PageFacts:
    if page is None:
        return {"trail": [], "about": [], "contact": ""}
    return {
        "trail": [{"label": page.title, "url": page.get_url() or ""}],
        "about": [
            *_credit(page),
            {"term": _("Needed before"), "text": page.before or _("Nothing")},
        ],
        "contact": page.contact_email,
    }


def about_session(session: Session, page: PageFacts, speakers: Sequence[str] = ()) -> list[Fact]:
    """Everything one asks before taking a seat. `session` comes with its training and owner.

    `speakers`: the names that may be shown (`events.speakers`).
    """
    facts: list[Fact] = [
        {"term": _("Where"), "text": place(session)},
        {"term": _("Length"), "text": length_in_words(session.planned_minutes)},
    ]
    if speakers:
        facts.append({"term": _("Who speaks"), "text": ", ".join(speakers)})
    if asked := rule_of(session):
        facts.append({"term": _("For your certificate"), "text": asked})
    if session.survey == SurveyRule.RULE:
        asked = _("Five questions after the session; your certificate waits for your answer")
        facts.append({"term": _("Survey"), "text": asked})
    if session.check_in_code and not session.code_asked:
        asked = _("Type the code that is shown in the session")
        facts.append({"term": _("To check in"), "text": asked})
    office = session.training.owner
    return [
        *facts,
        *page["about"],
        {"term": _("Whose training it is"), "text": office.name},
        *_ask(page["contact"] or office.contact_email),
    ]


def about_training(page: LiveTrainingPage) -> list[Fact]:
    """What one asks before choosing a date."""
    return [
        {"term": _("Who it is for"), "text": ", ".join(_audiences(page))},
        {"term": _("Length"), "text": length_in_words(page.minutes)},
        {"term": _("Where"), "text": _("Online, on %(platform)s") % {"platform": page.platform}},
        *_credit(page),
        {"term": _("Needed before"), "text": page.before or _("Nothing")},
        *(
            [Fact(term=_("For your certificate"), text=asked)]
            if (asked := rule(page.min_minutes))
            else []
        ),
        {"term": _("Whose training it is"), "text": page.office.name},
        *_ask(page.contact_email or page.office.contact_email),
    ]


def place(session: Session) -> str:
    """Where it takes place."""
    if session.location:
        return session.location
    if session.platform:
        return _("Online, on %(platform)s") % {"platform": session.platform}
    return _("Online")


def rule_of(session: Session) -> str:
    """All that a session's attendance asks for; "" where being there is enough."""
    asked = rule(session.min_minutes, code=session.code_asked)
    if session.grace_minutes is None:
        return asked
    joined = ngettext(
        "Join at the latest %(count)s minute after the start",
        "Join at the latest %(count)s minutes after the start",
        session.grace_minutes,
    ) % {"count": session.grace_minutes}
    if not session.grace_minutes:
        joined = _("Be there from the start")
    return f"{asked}. {joined}" if asked else joined


def rule(minutes: int, *, code: bool = False) -> str:
    """The rule for attendance, shown before anybody registers; "" where being there is enough."""
    there = ngettext(
        "Be there for at least %(count)s minute", "Be there for at least %(count)s minutes", minutes
    ) % {"count": minutes}
    if not code:
        return there if minutes else ""
    if not minutes:
        return _("Type the code that is shown during the session into this page")
    return _("%(there)s, and type the code that is shown during the session into this page") % {
        "there": there
    }


def _credit(page: LiveTrainingPage) -> list[Fact]:
    lines = credit_lines(credit_of_page(page, day=new_york_today()))
    if not lines:
        nothing = page.credit_note or _("No continuing-education credit")
        return [{"term": _("Credit"), "text": nothing}]
    text = "; ".join([*lines, page.credit_note] if page.credit_note else lines)
    return [{"term": _("Credit"), "text": text}]


def _audiences(page: LiveTrainingPage) -> list[str]:
    return [str(Audience(code).label) for code in page.audiences]


def _ask(address: str) -> list[Fact]:
    return [Fact(term=_("Whom to ask"), text=address, url=f"mailto:{address}")] if address else []
