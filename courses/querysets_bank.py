"""Adjectives for the question bank's rows."""

import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.db.models.query import ModelIterable

from lms.people.models import Person

if TYPE_CHECKING:
    # Named in strings below, which the linter does not read.
    from courses.models import Question, QuestionVersion  # noqa: F401


class QuestionQuerySet(models.QuerySet["Question"]):
    """Questions of the banks."""

    def of_course(self, course_key: uuid.UUID, language: str) -> "QuestionQuerySet":
        """The bank of a course in a language."""
        return self.filter(course_key=course_key, language=language)

    def with_newest(self) -> "QuestionQuerySet":
        """With `course_title`, and `text`, `kind` and `uses` of the newest wording, for lists."""
        from courses.models import CoursePage, QuestionVersion  # noqa: PLC0415 - they import this

        last = QuestionVersion.objects.filter(question=OuterRef("pk")).order_by("-number")
        spelled = last.annotate(spelled=Coalesce(F("spellings__text"), F("text")))
        course = CoursePage.objects.filter(
            translation_key=OuterRef("course_key"), locale__language_code=OuterRef("language")
        )
        return self.annotate(
            text=Subquery(spelled.order_by("-number", "-spellings__id").values("spelled")[:1]),
            uses=Subquery(last.values("uses")[:1]),
            kind=Subquery(last.values("kind")[:1]),
            course_title=Subquery(course.values("title")[:1]),
        )

    def editable_by(self, person: Person) -> "QuestionQuerySet":
        """Questions of the courses that the person may edit."""
        from courses.models import CoursePage  # noqa: PLC0415 - models import this module

        courses = CoursePage.objects.editable_by(person)
        return self.filter(course_key__in=courses.values("translation_key"))


class _AsSpelled(ModelIterable):  # type: ignore[type-arg]  # not at run time
    """Rows read with `spelling`, respelled."""

    def __iter__(self) -> "Iterator[QuestionVersion]":
        wording: QuestionVersion
        for wording in super().__iter__():
            if words := wording.__dict__["spelling"]:
                wording.respell(words)
            yield wording


class QuestionVersionQuerySet(models.QuerySet["QuestionVersion"]):
    """Wordings of questions."""

    def newest(self) -> "QuestionVersionQuerySet":
        """Each question's wording as it is now."""
        from courses.models import QuestionVersion  # noqa: PLC0415 - models import this module

        last = QuestionVersion.objects.filter(question=OuterRef("question")).order_by("-number")
        return self.filter(pk=Subquery(last.values("pk")[:1]))

    def as_spelled(self) -> "QuestionVersionQuerySet":
        """In the words in force: those of the newest spelling fix, where there was one.

        For whoever shows or copies a wording. No query more.
        """
        from courses.models import QuestionSpelling  # noqa: PLC0415 - models import this module

        words = (
            QuestionSpelling.objects.filter(wording=OuterRef("pk"))
            .order_by("-id")
            .values(
                words=JSONObject(
                    text="text", answers="answers", explanation="explanation", image_alt="image_alt"
                )
            )
        )
        found = self.annotate(spelling=Subquery(words[:1]))
        # What `values()` sets in the same way; Django keeps it when the query set is filtered.
        found._iterable_class = _AsSpelled  # noqa: SLF001
        return found

    def pool(
        self, *, course_key: uuid.UUID, language: str, use: str, objectives: list[str]
    ) -> "QuestionVersionQuerySet":
        """What a test may draw from; without objectives, from all of them."""
        found = self.newest().filter(
            question__course_key=course_key, question__language=language, uses__contains=[use]
        )
        if objectives:
            found = found.filter(question__objective__in=objectives)
        return found
