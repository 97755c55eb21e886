"""Courses: their pages, their question banks, and what people did in them."""

from courses.models.bank import Question, QuestionVersion
from courses.models.pages import CoursePage
from courses.models.records import Attempt, AttemptAnswer, Enrolment, StepProgress
from courses.models.step_pages import AssessmentPage, LessonPage, StepPage

__all__ = [
    "AssessmentPage",
    "Attempt",
    "AttemptAnswer",
    "CoursePage",
    "Enrolment",
    "LessonPage",
    "Question",
    "QuestionVersion",
    "StepPage",
    "StepProgress",
]
