"""Where some of the made-up learners work, and what the office decided on their tests.

So that reports can be read by agency, and somebody's course at the desk has a history. Each part
is made once, and only where its people and places are loaded.
"""

from datetime import date, timedelta

from django.db import transaction

from courses import services
from courses.enums import RegradeKind
from courses.models import Attempt, AttemptRuling, CoursePage, Enrolment, QuestionVersion, Regrade
from lms.people.models import Employment, Organization, Person
from lms.people.services import employ
from lms.portal.reports.figures import course_report
from lms.trainings.selectors import version_in_force

AGENCY = "riverside-youth"
WORK_THERE = 14


@transaction.atomic
def load_rulings(*, today: date) -> None:
    """An agency for the made-up learners, a voided try, and a question with full marks."""
    learners = Person.objects.filter(first_name="Made-up").order_by("last_name")
    agency = Organization.objects.filter(key=AGENCY).first()
    if agency and not Employment.objects.filter(organization=agency).exists():
        for person in learners[:WORK_THERE]:
            employ(
                person=person,
                organization=agency,
                started_on=today - timedelta(days=300),
                actor=None,
            )
    office = Person.objects.filter(email="coordinator@example.org").first()
    if office:
        _void_one(office)
        _regrade_one(office)


def _void_one(office: Person) -> None:
    failed = Attempt.objects.counting().filter(
        enrolment__person__first_name="Made-up", result_outcome=False
    )
    attempt = failed.order_by("pk").first()
    if attempt and not AttemptRuling.objects.exists():
        services.void_attempt(
            attempt=attempt,
            reason="Two people answered on one computer. Please take the test again, each alone.",
            actor=office,
        )


def _regrade_one(office: Person) -> None:
    """The question that was missed most in the post-test of the longer course."""
    course = CoursePage.objects.get(slug="ctdb-elearning", locale__language_code="en").training()
    version = version_in_force(course) if course else None
    if version is None or Regrade.objects.exists():
        return
    report = course_report(Enrolment.objects.filter(training=course), version)
    test = next(s["title"] for s in version.spec["outline"] if s["kind"] == "post_test")
    missed = next((item for item in report.items if item.shown and item.test == test), None)
    if missed:
        regrade = services.decide_regrade(
            wording=QuestionVersion.objects.get(pk=missed.wording),
            kind=RegradeKind.FULL_MARKS,
            reason="The lesson and the question used different words for the same thing.",
            actor=office,
        )
        services.work_off(regrade=regrade)
