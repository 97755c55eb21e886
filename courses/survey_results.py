"""What a survey came to: counts by answer, and nothing of groups under five."""

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from wagtail.blocks import StructValue

from courses.models import SurveyComment, SurveyPage, SurveyResponse
from lms.trainings.models import Training

# Fewer people than this and an answer could be led back to one of them.
FEWEST = 5
RATINGS = ("1", "2", "3", "4", "5")


@dataclass(frozen=True)
class Answer:
    """An answer and how often it was given; `percent` of those who answered the question."""

    text: str
    count: int
    percent: int


@dataclass(frozen=True)
class Question:
    """A question's counts; none where fewer than five answered it. `several`: sums exceed 100."""

    text: str
    answers: list[Answer]
    people: int
    several: bool
    average: str = ""


@dataclass(frozen=True)
class Results:
    """A survey's results. `people` is None where they are too few to be shown."""

    title: str
    people: int | None
    questions: list[Question]
    comments: list[SurveyComment]
    comment_question: str
    languages: list[str]


def options(question: Any) -> list[tuple[str, str]]:
    """The answers of a survey's question: their keys and words."""
    value: StructValue = question.value
    if question.block_type == "choice":
        return [(bound.id, bound.value) for bound in value["answers"].bound_blocks]
    ends = {"1": value["low"], "5": value["high"]}
    return [(key, f"{key} – {ends[key]}" if key in ends else key) for key in RATINGS]


def page_of(survey: uuid.UUID, language: str = "") -> SurveyPage | None:
    """The survey's page: in `language`, else any of its languages."""
    pages = SurveyPage.objects.filter(translation_key=survey).select_related("locale")
    by_language = {page.locale.language_code: page for page in pages.order_by("pk")}
    return by_language.get(language) or next(iter(by_language.values()), None)


def languages_to_choose(counts: dict[str, int]) -> list[str]:
    """Languages that may be looked at alone: five people in each, and five or none in the rest.

    The rest is of one language and of all those offered: the smallest give way until it holds.
    """
    total = sum(counts.values())
    found = {
        code: count
        for code, count in sorted(counts.items(), key=lambda group: group[1])
        if count >= FEWEST and total - count >= FEWEST
    }
    while found and 0 < total - sum(found.values()) < FEWEST:
        del found[next(iter(found))]
    return sorted(found)


def results(*, training: Training, survey: uuid.UUID, language: str = "") -> Results | None:
    """What the survey came to, all languages together or one that may be chosen; 3 or 4 queries."""
    page = page_of(survey, language)
    if page is None:
        return None
    given = list(SurveyResponse.objects.filter(training=training, survey=survey))
    languages = languages_to_choose(Counter(response.language for response in given))
    if language in languages:
        given = [response for response in given if response.language == language]
    enough = len(given) >= FEWEST
    comments = SurveyComment.objects.filter(
        training=training, survey=survey, removed_at__isnull=True
    )
    return Results(
        title=page.title,
        people=len(given) if enough else None,
        questions=[_question(question, given) for question in page.questions] if enough else [],
        # Of all languages together: a comment is not kept with its language.
        comments=list(comments) if enough else [],
        comment_question=page.comment,
        languages=languages,
    )


def _question(question: Any, given: Iterable[SurveyResponse]) -> Question:
    answered = [found for response in given if (found := response.answers.get(question.id))]
    people = len(answered)
    counts = Counter(key for keys in answered for key in keys)
    several = question.block_type == "choice" and bool(question.value["several"])
    if people < FEWEST:
        return Question(question.value["text"], [], people, several)
    average = ""
    if question.block_type == "rating":
        mean = sum(int(keys[0]) for keys in answered) / people
        average = _("On average %(mean)s of 5") % {"mean": f"{mean:.1f}"}
    return Question(
        text=question.value["text"],
        answers=[
            Answer(text, counts[key], round(100 * counts[key] / people))
            for key, text in options(question)
        ],
        people=people,
        several=several,
        average=average,
    )
