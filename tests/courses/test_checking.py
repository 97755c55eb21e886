"""The checker finds what a lost event left behind, and changes nothing."""

import io

import pytest
from django.core.management import call_command
from django.utils import timezone

from courses import services
from courses.checking import disagreements
from courses.models import Enrolment, StepProgress
from courses.tasks import check_enrolments
from lms.completions.models import Completion
from tests.factories.courses import complete_course, make_course, make_enrolment, take_test
from tests.factories.people import make_person

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
