"""A training's and a session's facts as ready sentences, for definition lists."""

from typing import TypedDict

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.models import LiveTrainingPage, Session
from lms.people.models import Organization
from lms.trainings.enums import Audience
from lms.trainings.wording import credit_lines, length_in_words


class Fact(TypedDict, total=False):
    """A line of components/definition_list.html."""

    term: str
    text: str
    url: str


def about_session(session: Session, page: LiveTrainingPage | None) -> list[Fact]:
    """Everything one asks before taking a seat. `session` comes with its training and owner."""
    facts: list[Fact] = [
        {"term": _("Where"), "text": place(session)},
        {"term": _("Length"), "text": length_in_words(session.planned_minutes)},
    ]
    if session.min_minutes:
        facts.append({"term": _("For your certificate"), "text": rule(session.min_minutes)})
    if page:
        facts += [*_credit(page), {"term": _("Needed before"), "text": page.before or _("Nothing")}]
    office = session.training.owner
    return [*facts, {"term": _("Whose training it is"), "text": office.name}, *_ask(office, page)]


def about_training(page: LiveTrainingPage) -> list[Fact]:
    """What one asks before choosing a date."""
    return [
        {"term": _("Who it is for"), "text": ", ".join(_audiences(page))},
        {"term": _("Length"), "text": length_in_words(page.minutes)},
        {"term": _("Where"), "text": _("Online, on %(platform)s") % {"platform": page.platform}},
        *_credit(page),
        {"term": _("Needed before"), "text": page.before or _("Nothing")},
        *(
            [Fact(term=_("For your certificate"), text=rule(page.min_minutes))]
            if page.min_minutes
            else []
        ),
        {"term": _("Whose training it is"), "text": page.office.name},
        *_ask(page.office, page),
    ]


def place(session: Session) -> str:
    """Where it takes place."""
    if session.location:
        return session.location
    if session.platform:
        return _("Online, on %(platform)s") % {"platform": session.platform}
    return _("Online")


def rule(minutes: int) -> str:
    """The rule for attendance, shown before anybody registers."""
    return ngettext(
        "Be there for at least %(count)s minute", "Be there for at least %(count)s minutes", minutes
    ) % {"count": minutes}


def _credit(page: LiveTrainingPage) -> list[Fact]:
    lines = credit_lines(block.value for block in page.credit_lines)
    if not lines:
        nothing = page.credit_note or _("No continuing-education credit")
        return [{"term": _("Credit"), "text": nothing}]
    text = "; ".join([*lines, page.credit_note] if page.credit_note else lines)
    return [{"term": _("Credit"), "text": text}]


def _audiences(page: LiveTrainingPage) -> list[str]:
    return [str(Audience(code).label) for code in page.audiences]


def _ask(office: Organization, page: LiveTrainingPage | None) -> list[Fact]:
    address = (page.contact_email if page else "") or office.contact_email
    return [Fact(term=_("Whom to ask"), text=address, url=f"mailto:{address}")] if address else []
