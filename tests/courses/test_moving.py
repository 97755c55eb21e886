"""A changed course and the people in the middle of it: they finish the old, or are taken across."""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Workflow, WorkflowTask

from courses import services
from courses.changes import changes
from courses.course_form import CoursePageForm
from courses.enums import StepState
from courses.models import CoursePage, Enrolment, EnrolmentMove
from courses.selectors import where
from courses.services.publishing import build_spec
from courses.under_way import groups
from lms.completions.models import Completion
from lms.core.exceptions import Refused
from lms.core.models import AuditEntry
from lms.people.enums import Role
from lms.people.models import Person
from tests.courses.reading import costs, text
from tests.factories.courses import (
    lesson_step,
    make_course,
    make_enrolment,
    make_lesson,
    stream,
    take_test,
)
from tests.factories.people import make_office, make_person, make_with_role

pytestmark = pytest.mark.django_db


def fresh(enrolment: Enrolment) -> Enrolment:
    return Enrolment.objects.get(pk=enrolment.pk)


def again(course: CoursePage) -> CoursePage:
    return CoursePage.objects.select_related("locale", "version_in_force").get(pk=course.pk)


def change(course: CoursePage, *, publish: bool = True, **post_test: object) -> CoursePage:
    """Change the post-test's rule and add a lesson before it."""
    page = again(course)
    lesson = make_lesson(page, title="Another lesson")
    page = again(course)
    steps = list(page.outline.get_prep_value())
    steps[-1]["value"] |= post_test
    steps.insert(-1, lesson_step(lesson))
    page.outline = stream(page, "outline", steps)
    revision = page.save_revision()
    if publish:
        revision.publish()
    return again(course)


def change_pre_test(course: CoursePage) -> CoursePage:
    """Ask more questions in the pre-test."""
    page = again(course)
    page.outline[0].value["draw"] = 3
    page.save_revision().publish()
    return again(course)


def states(enrolment: Enrolment) -> dict[str, StepState]:
    return {step.key: step.state for step in where(fresh(enrolment)).steps}


def begun(course: CoursePage, *lessons: str) -> Enrolment:
    """Somebody who has done these lessons."""
    enrolment = make_enrolment(make_person(), course)
    for key in lessons:
        services.finish_lesson(enrolment=enrolment, step_key=key, actor=None)
    return enrolment


# --- what differs -----------------------------------------------------------------------------


def test_words_alone_are_no_question_for_anybody() -> None:
    course = make_course()
    spec = course.version_in_force.spec
    course.title = "Spelled well"
    course.outline[1].value["title"] = "Lesson one"
    assert build_spec(course) != spec
    assert changes(spec, build_spec(course)) == []


def test_each_change_is_said() -> None:
    course = make_course(pre_test=False, min_active_minutes=5)
    before = course.version_in_force.spec
    after = build_spec(change(course, pass_percent=90))
    del after["rules"]
    after["outline"][0]["required"] = False
    after["outline"] = [after["outline"][1], after["outline"][0], *after["outline"][2:]]
    after["minutes"] = 90
    assert changes(before, after) == [
        "“Another lesson” is new.",
        "“Lesson 1” is needed, or opens, in another way.",
        "“Post-test” follows another rule: it is to be done again.",
        "The steps come in another order.",
        "Completing the course asks for something else besides the steps.",
        "The length or the credit is another.",
    ]


# --- moving -----------------------------------------------------------------------------------


def test_publishing_alone_moves_nobody() -> None:
    course = make_course(pre_test=False)
    enrolment = begun(course, "lesson-1")
    change(course)
    assert fresh(enrolment).version.number == 1


def test_moving_keeps_lessons_and_sets_a_changed_test_aside() -> None:
    course = make_course(pre_test=False, pass_percent=100)
    enrolment = begun(course, "lesson-1", "lesson-2")
    take_test(enrolment, "post-test", right=0)
    moved = services.move_under_way(page=change(course, pass_percent=50, attempts=2), actor=None)
    assert (moved.moved, moved.stayed) == (1, 0)
    assert states(enrolment) == {
        "lesson-1": StepState.DONE,
        "lesson-2": StepState.DONE,
        "another-lesson": StepState.OPEN,
        "post-test": StepState.LOCKED,
    }
    test = where(fresh(enrolment)).step("post-test")
    assert test is not None
    assert (test.attempts_used, test.last_attempt) == (0, None)
    entry = AuditEntry.objects.get(action="enrolment.moved")
    assert entry.data == {"before": 1, "after": 2, "undone": False}


def test_done_test_with_another_rule_is_taken_again_and_then_counts() -> None:
    course = make_course(lessons=1)
    enrolment = make_enrolment(make_person(), course)
    take_test(enrolment, "pre-test")
    services.move_under_way(page=change_pre_test(course), actor=None)
    assert states(enrolment)["pre-test"] == StepState.OPEN
    assert states(enrolment)["lesson-1"] == StepState.LOCKED
    take_test(fresh(enrolment), "pre-test")
    services.finish_lesson(enrolment=fresh(enrolment), step_key="lesson-1", actor=None)
    take_test(fresh(enrolment), "post-test")
    evidence = Completion.objects.get().evidence
    assert evidence["moved"] == [{"from": 1, "to": 2}]
    moved_at = EnrolmentMove.objects.get().moved_at.isoformat()
    assert all(step["done_at"] > moved_at for step in evidence["steps"])


def test_test_under_the_same_rule_stays_done() -> None:
    course = make_course(lessons=1)
    enrolment = make_enrolment(make_person(), course)
    take_test(enrolment, "pre-test")
    services.move_under_way(page=change(course), actor=None)
    assert states(enrolment)["pre-test"] == StepState.DONE


def test_moving_twice_moves_once() -> None:
    course = make_course(pre_test=False)
    begun(course)
    changed = change(course)
    services.move_under_way(page=changed, actor=None)
    assert services.move_under_way(page=changed, actor=None).moved == 0
    assert EnrolmentMove.objects.count() == 1


def test_who_is_in_a_test_stays() -> None:
    course = make_course()
    enrolment = make_enrolment(make_person(), course)
    services.start_attempt(enrolment=enrolment, step_key="pre-test", actor=None)
    moved = services.move_under_way(page=change(course), actor=None)
    assert (moved.moved, moved.stayed) == (0, 1)
    assert fresh(enrolment).version.number == 1


def test_who_has_nothing_left_to_do_completes_in_the_new_version() -> None:
    course = make_course(pre_test=False, lessons=2)
    enrolment = begun(course, "lesson-1", "lesson-2")
    page = again(course)
    page.outline = stream(page, "outline", list(page.outline.get_prep_value())[:-1])
    page.save_revision().publish()
    services.move_under_way(page=again(course), actor=None)
    assert not fresh(enrolment).is_active
    assert Completion.objects.get().version.number == 2


# --- undoing ----------------------------------------------------------------------------------


def test_undoing_within_a_day_brings_everything_back_once() -> None:
    course = make_course(lessons=1)
    enrolment = make_enrolment(make_person(), course)
    take_test(enrolment, "pre-test")
    changed = change_pre_test(course)
    moved = services.move_under_way(page=changed, actor=None)
    for expected in (1, 0):
        back = services.undo_move(page=changed, batch=moved.batch, actor=None)
        assert (back.moved, back.stayed) == (expected, 0)
    assert fresh(enrolment).version.number == 1
    assert fresh(enrolment).set_aside == {}
    assert states(enrolment)["pre-test"] == StepState.DONE
    assert EnrolmentMove.objects.count() == 2


def test_undoing_after_a_day_is_refused() -> None:
    course = make_course(pre_test=False)
    begun(course)
    changed = change(course)
    moved = services.move_under_way(page=changed, actor=None)
    later = timezone.now() + timedelta(days=1, minutes=1)
    with pytest.raises(Refused, match="more than a day ago"):
        services.undo_move(page=changed, batch=moved.batch, actor=None, now=later)


def test_undoing_leaves_who_took_the_changed_test_since() -> None:
    course = make_course(pre_test=False, lessons=0)
    enrolment = begun(course)
    changed = change(course, pass_percent=100, gate="none")
    moved = services.move_under_way(page=changed, actor=None)
    take_test(fresh(enrolment), "post-test", right=0)
    back = services.undo_move(page=changed, batch=moved.batch, actor=None)
    assert (back.moved, back.stayed) == (0, 1)


def test_undoing_through_another_course_moves_nobody() -> None:
    course, other = make_course(pre_test=False), make_course()
    enrolment = begun(course)
    moved = services.move_under_way(page=change(course), actor=None)
    services.undo_move(page=other, batch=moved.batch, actor=None)
    assert fresh(enrolment).version.number == 2


def test_database_keeps_moves_and_refuses_one_to_nowhere() -> None:
    course = make_course(pre_test=False)
    enrolment = begun(course)
    services.move_under_way(page=change(course), actor=None)
    moves = EnrolmentMove.objects.all()
    for act in (lambda: moves.update(moved_by=None), moves.delete):
        with pytest.raises(DatabaseError, match="keeps facts"), transaction.atomic():
            act()
    version = enrolment.version
    with pytest.raises(IntegrityError, match="goes_somewhere"), transaction.atomic():
        EnrolmentMove.objects.create(enrolment=enrolment, from_version=version, to_version=version)


# --- publishing on a set day, or through a workflow -------------------------------------------


def plan(course: CoursePage, person: Person, **choice: object) -> None:
    """Plan the waiting draft for tomorrow, and let tomorrow come."""
    draft = again(course).get_latest_revision_as_object()
    for name, value in choice.items():
        setattr(draft, name, value)
    draft.go_live_at = timezone.now() + timedelta(days=1)
    draft.save_revision(user=person).publish(user=person)
    assert again(course).version_in_force.number == 1
    planned = again(course).scheduled_revision
    past = timezone.now() - timedelta(minutes=1)
    planned.content["go_live_at"] = past.isoformat()
    planned.approved_go_live_at = past
    planned.save()
    call_command("publish_scheduled")


def test_planned_publication_takes_people_along_where_the_draft_says_so() -> None:
    course, editor = make_course(pre_test=False), make_person(is_superuser=True)
    enrolment = begun(course, "lesson-1")
    change(course, publish=False)
    plan(course, editor, takes_along_from=course.version_in_force)
    assert again(course).version_in_force.number == 2
    assert fresh(enrolment).version.number == 2
    assert states(enrolment)["lesson-1"] == StepState.DONE
    move = EnrolmentMove.objects.get()
    assert AuditEntry.objects.get(action="enrolment.moved").actor == move.moved_by == editor
    back = services.undo_move(page=again(course), batch=move.batch, actor=editor)
    assert (back.moved, fresh(enrolment).version.number) == (1, 1)
    # The choice was for that publication: the next one moves nobody.
    assert not again(course).get_latest_revision_as_object().takes_people_along


def test_planned_publication_lets_people_finish_unless_told_otherwise() -> None:
    course = make_course(pre_test=False)
    enrolment = begun(course)
    change(course, publish=False)
    plan(course, make_person(is_superuser=True))
    assert again(course).version_in_force.number == 2
    assert fresh(enrolment).version.number == 1


def test_choice_does_not_hold_once_another_version_is_in_force() -> None:
    course = make_course(pre_test=False)
    enrolment = begun(course)
    first = course.version_in_force
    change(course, pass_percent=60)
    page = again(course)
    page.takes_along_from = first
    page.outline[-1].value["draw"] = 2
    page.save_revision().publish()
    assert again(course).version_in_force.number == 3
    assert fresh(enrolment).version.number == 1


def test_planned_spelling_fix_takes_nobody_along() -> None:
    course = make_course(pre_test=False)
    enrolment = begun(course)
    page = again(course)
    page.outline[0].value["title"] = "Lesson one"
    page.save_revision()
    plan(course, make_person(is_superuser=True), takes_along_from=course.version_in_force)
    assert again(course).version_in_force.number == 2
    assert fresh(enrolment).version.number == 1


def test_approved_workflow_takes_people_along_where_the_draft_says_so() -> None:
    course, approver = make_course(pre_test=False), make_person(is_superuser=True)
    enrolment = begun(course)
    change(course, publish=False)
    draft = again(course).get_latest_revision_as_object()
    draft.takes_along_from = course.version_in_force
    draft.save_revision()
    workflow = Workflow.objects.create(name="Two pairs of eyes")
    task = GroupApprovalTask.objects.create(name="Look")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
    state = workflow.start(again(course), make_person())
    state.current_task_state.approve(user=approver)
    assert fresh(enrolment).version.number == 2


# --- the editors' page ------------------------------------------------------------------------


@pytest.fixture
def course() -> CoursePage:
    return make_course(pre_test=False, pass_percent=100)


@pytest.fixture
def coordinator(client: Client, course: CoursePage) -> Person:
    person = make_with_role(Role.COORDINATOR, course.office)
    client.force_login(person)
    return person


def path_of(course: CoursePage) -> str:
    return f"/admin/courses/{course.pk}/under-way/"


def test_editor_sees_who_is_under_way_and_lets_them_finish_the_old(
    client: Client, course: CoursePage, coordinator: Person
) -> None:
    enrolments = [begun(course), begun(course, "lesson-1")]
    change(course, pass_percent=60, publish=False)
    page = text(client, path_of(course))
    for words in (
        "2 people are in the middle of this course",
        "“Another lesson” is new.",
        "“Post-test” follows another rule: it is to be done again.",
        "<td>Lesson 1</td><td>1</td>",
        "<td>Lesson 2</td><td>1</td>",
    ):
        assert words in page, words
    client.post(path_of(course), {"action": "publish"})
    assert again(course).version_in_force.number == 1
    client.post(path_of(course), {"action": "publish", "people": "finish"})
    assert again(course).version_in_force.number == 2
    assert [fresh(one).version.number for one in enrolments] == [1, 1]


def test_editor_takes_people_across_and_back(
    client: Client, course: CoursePage, coordinator: Person
) -> None:
    enrolment = begun(course, "lesson-1")
    change(course, pass_percent=60, publish=False)
    client.post(path_of(course), {"action": "publish", "people": "take"})
    assert fresh(enrolment).version.number == 2
    move = EnrolmentMove.objects.get()
    assert move.moved_by == coordinator
    assert str(move.batch) in text(client, path_of(course))
    client.post(path_of(course), {"action": "undo", "batch": str(move.batch)})
    assert fresh(enrolment).version.number == 1
    client.post(path_of(course), {"action": "move"})
    assert fresh(enrolment).version.number == 2


class OnlyTheChoice(CoursePageForm):
    """The editor's form without the fields of the page."""

    class Meta:
        model = CoursePage
        fields: tuple[str, ...] = ()


def test_editor_chooses_in_the_draft_and_is_shown_it_again(
    client: Client, course: CoursePage, coordinator: Person
) -> None:
    begun(course)
    edit = reverse("wagtailadmin_pages:edit", args=[course.pk])
    form = text(client, edit)
    assert "1 person is in the middle of it now." in form
    assert re.search(r'value="finish"[^>]* checked', form)
    draft = course.get_latest_revision_as_object()
    for choice, kept in (("take", True), ("", False), ("finish", False)):
        bound = OnlyTheChoice({"people_under_way": choice}, instance=draft, for_user=coordinator)
        assert bound.is_valid()
        bound.save(commit=False)
        assert draft.takes_people_along is kept
    draft.takes_along_from = course.version_in_force
    draft.outline[-1].value["pass_percent"] = 60
    draft.save_revision()
    assert re.search(r'value="take"[^>]* checked', text(client, edit))
    assert re.search(r'value="take" checked', text(client, path_of(course)))


def test_choice_at_publishing_counts_before_the_one_in_the_draft(
    client: Client, course: CoursePage, coordinator: Person
) -> None:
    enrolment = begun(course)
    change(course, pass_percent=60, publish=False)
    draft = again(course).get_latest_revision_as_object()
    draft.takes_along_from = course.version_in_force
    draft.save_revision()
    client.post(path_of(course), {"action": "publish", "people": "finish"})
    assert again(course).version_in_force.number == 2
    assert fresh(enrolment).version.number == 1


def test_planned_draft_is_said_where_people_under_way_are_shown(
    client: Client, course: CoursePage, coordinator: Person
) -> None:
    begun(course)
    change(course, pass_percent=60, publish=False)
    draft = again(course).get_latest_revision_as_object()
    draft.takes_along_from = course.version_in_force
    draft.go_live_at = timezone.now() + timedelta(days=1)
    draft.save_revision().publish()
    page = text(client, path_of(course))
    assert "A draft goes live by itself on" in page
    assert "go on in the new version, as was chosen" in page
    assert 'value="publish"' not in page


def test_nonsense_moves_nobody(client: Client, course: CoursePage, coordinator: Person) -> None:
    enrolment = begun(course)
    change(course)
    for posted in ({}, {"action": "undo", "batch": "x"}, {"action": "publish", "people": "no"}):
        assert client.post(path_of(course), posted).status_code == 302
    assert fresh(enrolment).version.number == 1


def test_outsiders_find_nothing(client: Client, course: CoursePage) -> None:
    enrolment = begun(course)
    change(course)
    path = path_of(course)
    client.force_login(make_with_role(Role.COORDINATOR, make_office()))
    assert client.get(path).status_code == 404
    assert client.post(path, {"action": "move"}).status_code == 404
    client.force_login(make_person())
    assert client.post(path, {"action": "move"}).status_code == 404
    assert fresh(enrolment).version.number == 1


@pytest.mark.parametrize("count", [1, 3])
def test_people_under_way_cost_the_same_however_many(count: int) -> None:
    course = make_course(pre_test=False)
    for _number in range(count):
        begun(course, "lesson-1")
    page = again(course)
    assert costs(lambda: groups(page)) == 3


def test_learner_reads_what_to_do_again(client: Client, learner: Person) -> None:
    course = make_course(lessons=1)
    enrolment = make_enrolment(learner, course)
    take_test(enrolment, "pre-test")
    services.move_under_way(page=change_pre_test(course), actor=None)
    shown = text(client, f"/learn/{enrolment.pk}/")
    assert "The office has changed this course" in shown
    assert "now follows another rule: “Pre-test”. Please do it again." in shown
