"""A plan completed out of a course and a live session: joined, half done, done, certified."""

from datetime import timedelta

import pytest

from courses.models import CoursePage, OutsideProof, PlanEnrolment
from courses.services import accept_proof
from events import services as events
from events.enums import Outcome
from events.models import Session
from lms.certificates.models import Certificate
from lms.completions.enums import SourceKind
from lms.core.time import new_york_today
from lms.people.models import Person
from tests.browser import Reader
from tests.factories.courses import complete_course
from tests.journeys.test_learner import sign_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("demo"),
]
LEARNER = "learner@example.org"
PLAN = "Three-module introduction"


def send_proof(reader: Reader) -> None:
    reader.fill("The day you completed the course", new_york_today().isoformat())
    file = {"name": "proof.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 proof"}
    reader.page.set_input_files("input[type=file]", file)
    reader.press("Send", exact=True)


def test_a_plan_out_of_a_course_and_a_session(reader: Reader, demo: None) -> None:
    reader.go("/trainings/?kind=plan")
    reader.press(PLAN)
    reader.check()
    assert reader.sees("Part 4, optional")
    reader.press("Join the plan")
    sign_in(reader, LEARNER)
    reader.check()
    reader.press("Join the plan")
    reader.check()
    assert reader.sees("0 of 3 done")

    # The course, and the plan knows.
    learner = Person.objects.get(email=LEARNER)
    complete_course(learner, CoursePage.objects.get(slug="ctdb-elearning", locale_id=1))
    reader.go("/my/")
    assert reader.sees("1 of 3 done")
    reader.press("See the plan")
    reader.check()
    assert reader.sees("Next in your plan")

    # The part elsewhere: its proof is sent here, and the office accepts it.
    reader.press("Trauma-informed conversations, a first hour")
    reader.check()
    assert reader.sees("approves each registration itself")
    send_proof(reader)
    assert reader.sees("Your proof waits for the office")
    reader.check()
    coordinator = Person.objects.get(email="coordinator@example.org")
    accept_proof(proof=OutsideProof.objects.visible_to(learner).get(), actor=coordinator)
    reader.page.reload()
    assert reader.sees("This part is done")
    reader.press("Back to your plan")
    assert reader.sees("2 of 3 done")

    # The session: a seat, then the coordinator notes who came.
    session = Session.objects.filter(training__title__startswith="Recognizing signs").earliest(
        "starts_at"
    )
    seat = events.register(session=session, person=learner, actor=learner)
    after = session.ends_at + timedelta(hours=1)
    events.mark_attendance(
        registration=seat, outcome=Outcome.ATTENDED, actor=coordinator, now=after
    )
    enrolment = PlanEnrolment.objects.get(person=learner)
    assert enrolment.completion is None, "not before the day on which it took place"
    from courses.services.plans import follow_person

    follow_person(person=learner, now=after)
    enrolment.refresh_from_db()
    assert enrolment.completion is not None
    assert enrolment.completion.source_kind == SourceKind.PLAN

    reader.page.reload()
    assert reader.sees("You completed this plan")
    reader.check()
    certificate = Certificate.objects.get(completion=enrolment.completion)
    reader.go("/my/transcript/")
    assert reader.sees(PLAN)
    reader.go(f"/verify/{certificate.code}/")
    assert reader.sees(PLAN)
