"""What accreditors' rules look at in a course: its post-tests, and its survey."""

from dataclasses import replace

from wagtail.blocks import StructValue

from courses.enums import QuestionKind, StepKind
from courses.kinds.tests import pool
from courses.models import CoursePage, QuestionVersion
from lms.trainings.credit_rules import CreditFacts, PostTestFacts

MULTIPLE_CHOICE = (QuestionKind.SINGLE, QuestionKind.MULTIPLE)


def with_tests_and_survey(course: CoursePage, facts: CreditFacts) -> CreditFacts:
    """The facts with the post-tests that one must take, counted as the least favorable draw."""
    steps = list(course.steps())
    surveys = any(step.block_type == StepKind.SURVEY for step in steps)
    needed = [
        _test_facts(course, step.value)
        for step in steps
        if step.block_type == StepKind.POST_TEST and step.value["required"]
    ]
    if not needed:
        return replace(facts, has_survey=surveys, tests=None)
    marks = [test.pass_percent for test in needed]
    tests = PostTestFacts(
        pass_percent=None if None in marks else min(mark for mark in marks if mark is not None),
        items=sum(test.items for test in needed),
        least_multiple_choice=sum(test.least_multiple_choice for test in needed),
        most_true_false=sum(test.most_true_false for test in needed),
    )
    return replace(facts, has_survey=surveys, tests=tests)


def _test_facts(course: CoursePage, step: StructValue) -> PostTestFacts:
    """A test draws by chance: of what helps the least it can draw, of what harms the most."""
    kinds = list(
        QuestionVersion.objects.filter(pk__in=pool(course, StepKind.POST_TEST, step)).values_list(
            "kind", flat=True
        )
    )
    drawn = min(step["draw"] or len(kinds), len(kinds))
    choosing = sum(kind in MULTIPLE_CHOICE for kind in kinds)
    true_false = sum(kind == QuestionKind.TRUE_FALSE for kind in kinds)
    return PostTestFacts(
        pass_percent=step["pass_percent"],
        items=drawn,
        least_multiple_choice=max(0, drawn - (len(kinds) - choosing)),
        most_true_false=min(true_false, drawn),
    )
