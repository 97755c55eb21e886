"""Courses: their pages, their question banks, and what people did in them."""

from courses.models.bank import Question, QuestionVersion
from courses.models.pages import CoursePage, LessonPage
from courses.models.records import Attempt, AttemptAnswer, Enrolment, StepProgress

__all__ = [
    "Attempt",
    "AttemptAnswer",
    "CoursePage",
    "Enrolment",
    "LessonPage",
    "Question",
    "QuestionVersion",
    "StepProgress",
]
