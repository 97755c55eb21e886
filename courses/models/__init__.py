"""Courses: their pages, their question banks, and what people did in them."""

from courses.models.accommodations import Accommodation
from courses.models.active_time import LearningClock
from courses.models.assignments import Assignment, AssignmentReminder
from courses.models.bank import Question, QuestionSpelling, QuestionVersion
from courses.models.files import LessonFile
from courses.models.moves import EnrolmentMove
from courses.models.own_word import OwnWord
from courses.models.pages import CoursePage
from courses.models.plans import PlanEnrolment, PlanPage
from courses.models.records import Attempt, AttemptAnswer, Enrolment, StepProgress
from courses.models.rulings import AttemptRuling, Outage, Regrade, RegradeRun
from courses.models.step_pages import (
    AssessmentPage,
    DocumentPage,
    LessonPage,
    OutsideCoursePage,
    StepPage,
)
from courses.models.step_records import (
    DocumentEdition,
    DocumentSignature,
    DocumentText,
    OutsideProof,
)
from courses.models.surveys import SurveyComment, SurveyPage, SurveyResponse

__all__ = [
    "Accommodation",
    "AssessmentPage",
    "Assignment",
    "AssignmentReminder",
    "Attempt",
    "AttemptAnswer",
    "AttemptRuling",
    "CoursePage",
    "DocumentEdition",
    "DocumentPage",
    "DocumentSignature",
    "DocumentText",
    "Enrolment",
    "EnrolmentMove",
    "LearningClock",
    "LessonFile",
    "LessonPage",
    "Outage",
    "OutsideCoursePage",
    "OutsideProof",
    "OwnWord",
    "PlanEnrolment",
    "PlanPage",
    "Question",
    "QuestionSpelling",
    "QuestionVersion",
    "Regrade",
    "RegradeRun",
    "StepPage",
    "StepProgress",
    "SurveyComment",
    "SurveyPage",
    "SurveyResponse",
]
