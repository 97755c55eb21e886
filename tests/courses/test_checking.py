"""The checker finds what a lost event left behind, and changes nothing."""

import io
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from courses import services
from courses.checking import Disagreement, disagreements, note
from courses.models import Enrolment, StepProgress
from courses.selectors import where
from courses.tasks import check_enrolments
from lms.completions.models import Completion
from lms.people.enums import Role
from lms.people.models import Person
from tests.courses.reading import text
from tests.factories.courses import complete_course, make_course, make_enrolment, take_test
from tests.factories.people import make_office, make_person, make_with_role
from tests.factories.steps import make_document_course, make_survey_course, new_edition

pytestmark = pytest.mark.django_db


def test_what_agrees_is_not_reported() -> None:
    course = make_course(lessons=1)
    make_enrolment(make_person(), course)
    complete_course(make_person(), course)
    assert list(disagreements()) == []


def test_course_with_nothing_left_to_do_is_reported_and_left_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    course = make_course(pre_test=False, lessons=1)
    enrolment = make_enrolment(make_person(), course)
    now = timezone.now()
    StepProgress.objects.create(
        enrolment=enrolment, step_key="lesson-1", opened_at=now, done_at=now
    )
    take_test(enrolment, "post-test")
    Enrolment.objects.update(status="active", completed_at=None, completion=None)
    (found,) = disagreements()
    assert (found.enrolment, found.finding) == (enrolment.pk, "finished_not_completed")
    out = io.StringIO()
    call_command("check_enrolments", stdout=out)
    assert "1 found" in out.getvalue()
    check_enrolments()
    assert f"enrolment {enrolment.pk} of training" in caplog.text
    assert Enrolment.objects.get().is_active
    services.open_step(enrolment=Enrolment.objects.get(), step_key="lesson-1", actor=None)
    assert not Enrolment.objects.get().is_active


def test_completion_that_lacks_a_step_is_reported() -> None:
    enrolment = complete_course(make_person(), make_course(pre_test=False, lessons=1))
    StepProgress.objects.filter(step_key="lesson-1").update(done_at=None)
    assert [row.finding for row in disagreements()] == ["completed_not_finished"]
    assert Completion.objects.filter(enrolment=enrolment).count() == 1


def test_documents_new_version_after_the_completion_is_no_disagreement(client: Client) -> None:
    course = make_document_course()
    enrolment = complete_course(make_person(name="Ana Rivera"), course)
    new_edition(number=2)
    assert not where(Enrolment.objects.get()).is_finished
    assert list(disagreements()) == []
    # What was found before, and is none, is not shown at the desk either.
    note([Disagreement(enrolment.pk, enrolment.training_id, "completed_not_finished")])
    client.force_login(make_with_role(Role.COORDINATOR, course.office))
    assert "Ana Rivera" not in text(client, "/desk/disagreements/")


def test_completion_without_the_version_of_its_day_is_reported() -> None:
    enrolment = complete_course(make_person(), make_document_course())
    new_edition(number=2)
    Enrolment.objects.filter(pk=enrolment.pk).update(completed_at=timezone.now())
    assert [row.finding for row in disagreements()] == ["completed_not_finished"]


def test_completion_without_a_needed_survey_is_reported() -> None:
    enrolment = complete_course(make_person(), make_survey_course(required=True))
    assert list(disagreements()) == []
    StepProgress.objects.filter(enrolment=enrolment, step_key="survey").update(done_at=None)
    assert [row.finding for row in disagreements()] == ["completed_not_finished"]


def lost(enrolment: Enrolment) -> Enrolment:
    """All is done, but the event that completes the course was lost."""
    take_test(enrolment, "post-test")
    Enrolment.objects.filter(pk=enrolment.pk).update(
        status="active", completed_at=None, completion=None
    )
    return Enrolment.objects.get(pk=enrolment.pk)


def test_coordinator_sees_what_the_night_found_and_completes_it(client: Client) -> None:
    course = make_course(title="Signs", pre_test=False, lessons=0)
    enrolment = lost(make_enrolment(make_person(name="Ana Rivera"), course))
    coordinator = make_with_role(Role.COORDINATOR, course.office)
    client.force_login(coordinator)
    line = "1 course does not agree with its steps"
    assert line not in text(client, "/desk/")
    check_enrolments()
    assert line in text(client, "/desk/")
    page = text(client, "/desk/disagreements/")
    assert "Ana Rivera" in page
    assert "Complete it now" in page

    # Another office's coordinator neither sees nor settles it.
    other = Client()
    other.force_login(make_with_role(Role.COORDINATOR, make_office()))
    assert line not in text(other, "/desk/")
    assert "Ana Rivera" not in text(other, "/desk/disagreements/")
    form = {"enrolment": str(enrolment.pk)}
    assert other.post("/desk/disagreements/", form).status_code == 404
    assert Enrolment.objects.get().is_active

    answer = client.post("/desk/disagreements/", form, follow=True)
    assert "The course is completed" in answer.content.decode()
    assert not Enrolment.objects.get().is_active
    assert "Everything agrees" in text(client, "/desk/disagreements/")
    assert line not in text(client, "/desk/")


def test_what_a_guest_has_done_is_no_disagreement() -> None:
    enrolment = lost(make_enrolment(make_person(), make_course(pre_test=False, lessons=0)))
    assert len(list(disagreements())) == 1
    now = timezone.now()
    Person.objects.filter(pk=enrolment.person_id).update(
        guest_since=now, guest_seen_on=now.date(), email=None, first_name="", last_name=""
    )
    assert list(disagreements()) == []


@pytest.mark.parametrize("count", [1, 3])
def test_page_of_findings_costs_the_same_however_many_there_are(
    client: Client, count: int, django_assert_num_queries: Any
) -> None:
    course = make_course(pre_test=False, lessons=0)
    for _number in range(count):
        lost(make_enrolment(make_person(), course))
    client.force_login(make_with_role(Role.COORDINATOR, course.office))
    check_enrolments()
    client.get("/desk/disagreements/")
    with django_assert_num_queries(8):
        client.get("/desk/disagreements/")
