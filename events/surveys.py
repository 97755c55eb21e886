"""What a session's survey asks, and what it came to; groups under five are not shown."""

from collections import Counter
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from events.enums import SurveyRule
from events.models import Registration, Session
from events.survey_models import SessionSurveyComment, SessionSurveyGiven

# From five answers on, none can be led back to somebody.
FEWEST = 5
STATEMENTS: tuple[str | Promise, ...] = (
    _("I learned something I can use in my work."),
    _("I could follow what was said."),
    _("Those who spoke knew their subject and spoke with respect."),
    _("Joining, sound and picture, or the room, were fine."),
    _("I would tell a colleague to come."),
)
SCALE = [
    (5, _("Yes, fully")),
    (4, _("Mostly")),
    (3, _("Partly")),
    (2, _("Hardly")),
    (1, _("Not at all")),
]


@dataclass(frozen=True)
class Line:
    """One statement: how many gave which rating, the best first, and the mean."""

    text: str
    counts: list[tuple[str, int, int]]
    mean: str


@dataclass(frozen=True)
class Summary:
    """What a session's survey came to. `people` is None and nothing is told under five."""

    people: int | None
    lines: list[Line]
    comments: list[SessionSurveyComment]


def summary(session: Session) -> Summary:
    """Counts of each rating and the comments, in no order; two queries."""
    answers = list(session.survey_answers.values_list("ratings", flat=True))
    if len(answers) < FEWEST:
        return Summary(None, [], [])
    lines = []
    for place, text in enumerate(STATEMENTS):
        given = Counter(ratings[place] for ratings in answers)
        counts = [
            (str(label), given[value], round(100 * given[value] / len(answers)))
            for value, label in SCALE
        ]
        mean = sum(value * count for value, count in given.items()) / len(answers)
        lines.append(Line(str(text), counts, f"{mean:.1f}"))
    # By their random keys, which say nothing of who wrote when.
    return Summary(len(answers), lines, list(session.survey_comments.order_by("pk")))


def is_asked(registration: Registration) -> bool:
    """Whether the person is to say how it was, and has not."""
    if registration.session.survey == SurveyRule.NONE or not registration.is_live:
        return False
    return not SessionSurveyGiven.objects.filter(registration=registration).exists()


def holds_back(session: Session, registration: Registration) -> bool:
    """Whether the certificate waits for the person's answer."""
    if session.survey != SurveyRule.RULE:
        return False
    return not SessionSurveyGiven.objects.filter(registration=registration).exists()
