"""What the office learns from a course: right numbers, no small groups, no employer."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from courses import services
from courses.enums import EnrolmentStatus, QuestionKind, RegradeKind, StepKind
from courses.models import CoursePage, Enrolment, StepProgress
from lms.people.enums import OrganizationKind, Role
from lms.people.models import Employment, Organization, Person
from lms.portal.demo import load_courses as demo
from lms.portal.demo.load_learning import load_learning
from lms.portal.reports.figures import CourseReport, course_report
from tests.courses.reading import costs, text
from tests.factories.courses import (
    make_course,
    make_enrolment,
    make_question,
    make_test_step,
    republish,
    stream,
    take_test,
    training_of,
)
from tests.factories.people import (
    make_office,
    make_organization,
    make_person,
    make_with_role,
)

pytestmark = pytest.mark.django_db


def learn(
    course: CoursePage, *, before: int, after: int | None, person: Person | None = None
) -> Enrolment:
    """Somebody answers so many rightly before and after; None stops after the first lesson."""
    enrolment = make_enrolment(person or make_person(), course)
    take_test(enrolment, "pre-test", right=before)
    services.open_step(enrolment=enrolment, step_key="lesson-1", actor=None)
    services.finish_lesson(enrolment=enrolment, step_key="lesson-1", actor=None)
    services.open_step(enrolment=enrolment, step_key="lesson-2", actor=None)
    if after is not None:
        services.finish_lesson(enrolment=enrolment, step_key="lesson-2", actor=None)
        take_test(enrolment, "post-test", right=after)
    return enrolment


@pytest.fixture
def course() -> CoursePage:
    return make_course(title="Our course", questions=4, draw=4, pass_percent=25)


def report_of(course: CoursePage) -> CourseReport:
    enrolments = Enrolment.objects.filter(training=training_of(course))
    return course_report(enrolments, course.version_in_force)


def address(course: CoursePage, rest: str = "") -> str:
    return f"/desk/reports/courses/{training_of(course).pk}/{rest}"


def test_gain_counts_only_those_who_took_both_tests(course: CoursePage) -> None:
    for _person in range(5):
        learn(course, before=1, after=4)
    learn(course, before=2, after=None)
    [gain] = report_of(course).gains
    assert (gain.objective, gain.people, gain.before, gain.after) == ("basics", 5, 50, 100)


def test_whoever_takes_the_course_twice_is_one_person(course: CoursePage) -> None:
    merged = make_person()
    people = [make_person(), make_person(), merged]
    for person in people:
        learn(course, before=0, after=1, person=person)
    stays = make_person()
    type(merged).objects.filter(pk=merged.pk).update(canonical_person=stays)
    for person in [*people[:2], stays]:
        enrolment = make_enrolment(person, course, again=True)
        take_test(enrolment, "pre-test", right=2)
        StepProgress.objects.create(enrolment=enrolment, step_key="lesson-1")
    assert report_of(course).people == 3
    others = [learn(course, before=0, after=None) for _person in range(2)]
    report = report_of(course)
    assert (report.people, report.began, report.completed) == (5, 8, 3)
    assert [(gain.people, gain.before, gain.after) for gain in report.gains] == [(3, 0, 25)]
    assert not any(gain.shown for gain in report.gains)
    asked = {item.test: 0 for item in report.items}
    for item in report.items:
        asked[item.test] += item.people
    # Each of five people had two of the four questions before, and each of three all four after.
    assert sorted(asked.values()) == [10, 12]
    assert {item.facility for item in report.items if item.test == report.steps[0].title} == {0}
    [lesson] = [step for step in report.steps if step.title == "Lesson 1"]
    assert (lesson.opened, lesson.done, lesson.timed) == (5, 5, 0)
    StepProgress.objects.filter(step_key="lesson-1").update(
        active_seconds=600, seen_at=timezone.now()
    )
    StepProgress.objects.filter(
        step_key="lesson-1", enrolment__in=[enrolment.pk for enrolment in others]
    ).update(active_seconds=60)
    again = StepProgress.objects.filter(step_key="lesson-1", enrolment__person__in=[*people, stays])
    again.filter(done_at__isnull=True).update(active_seconds=6000)
    [lesson] = [step for step in report_of(course).steps if step.title == "Lesson 1"]
    assert (lesson.timed, lesson.low, lesson.middle, lesson.high) == (5, 1, 10, 10)


def test_whoever_stops_and_begins_again_has_learned_since_the_first_try(
    course: CoursePage,
) -> None:
    for _person in range(5):
        person = make_person()
        services.withdraw(
            enrolment=learn(course, before=0, after=None, person=person), actor=person
        )
        learn(course, before=2, after=3, person=person)
    [gain] = report_of(course).gains
    assert (gain.people, gain.before, gain.after) == (5, 0, 75)


def test_gain_takes_first_tries(course: CoursePage) -> None:
    course.outline[-1].value["pass_percent"] = 100
    course.save_revision().publish()
    course = CoursePage.objects.get(pk=course.pk)
    for _person in range(5):
        enrolment = learn(course, before=1, after=2)
        take_test(enrolment, "post-test")
    [gain] = report_of(course).gains
    assert (gain.before, gain.after) == (50, 50)


def test_items_say_how_hard_they_are_and_what_was_chosen() -> None:
    course = make_course(pre_test=False, lessons=0, questions=2, draw=2, pass_percent=None)
    for right in (2, 2, 2, 0, 0, 0):
        take_test(make_enrolment(make_person(), course), "post-test", right=right)
    items = report_of(course).items
    assert [(item.people, item.facility, item.discrimination) for item in items] == [
        (6, 50, 1.0),
        (6, 50, 1.0),
    ]
    for item in items:
        assert [choice.right for choice in item.choices] == [True, False, False]
        assert item.choices[0].percent == 50
        assert sum(choice.percent for choice in item.choices) == 100


def test_discrimination_leaves_the_question_itself_out() -> None:
    course = make_course(pre_test=False, lessons=0, questions=3, draw=3, pass_percent=None)
    # By person: right at questions 1, 2, 3.
    for person in ((1, 1, 1), (1, 1, 0), (1, 0, 0), (0, 1, 1), (0, 0, 0), (1, 0, 1)):
        enrolment = make_enrolment(make_person(), course)
        attempt = services.start_attempt(enrolment=enrolment, step_key="post-test", actor=None)
        order = sorted(item["version"] for item in attempt.items)
        answers = {
            place: ["a" if person[order.index(item["version"])] else "b"]
            for place, item in enumerate(attempt.items, start=1)
        }
        services.save_answers(attempt=attempt, answers=answers, actor=None)
        services.hand_in(attempt=attempt, actor=None)
    items = {item.text: item for item in report_of(course).items}
    # Question 1: points x = 1 1 1 0 0 1, rest of the test y = 2 1 0 2 0 1. Sums: x 4, xx 4, y 6,
    # yy 10, xy 4; (6*4 - 4*6) / sqrt((6*4 - 16) * (6*10 - 36)) = 0. With the whole test, which has
    # the question in it, it would be (6*8 - 4*10) / sqrt(8 * (6*22 - 100)) = 8 / 16 = 0.5.
    assert items["What is question-1?"].discrimination == 0
    # Question 2: x = 1 1 0 1 0 0, y = 2 1 1 1 0 2. Sums: x 3, xx 3, y 7, yy 11, xy 4;
    # (6*4 - 3*7) / sqrt((6*3 - 9) * (6*11 - 49)) = 3 / sqrt(153) = 0.24; with the whole test 0.71.
    assert items["What is question-2?"].discrimination == 0.24
    assert items["What is question-1?"].facility == 67


def test_items_nobody_differs_in_have_no_discrimination(course: CoursePage) -> None:
    for _person in range(5):
        learn(course, before=2, after=4)
    assert {item.discrimination for item in report_of(course).items} == {None}


def test_items_follow_partial_scores_decisions_and_void_tries() -> None:
    course = make_course(pre_test=False, lessons=0, questions=0, publish=False)
    choices = [{"text": f"Choice {n}", "correct": n < 2} for n in range(4)]
    wording = make_question(course, key="ticks", kind=QuestionKind.MULTIPLE, choices=choices)
    step = make_test_step(StepKind.POST_TEST, scoring="partial", gate="none")
    course.outline = stream(course, "outline", [step])
    course = republish(course)
    attempts = []
    for _person in range(6):
        enrolment = make_enrolment(make_person(), course)
        attempt = services.start_attempt(enrolment=enrolment, step_key="post-test", actor=None)
        services.save_answers(attempt=attempt, answers={1: ["a"]}, actor=None)
        attempts.append(services.hand_in(attempt=attempt, actor=None))
    [item] = report_of(course).items
    assert (item.people, item.facility, item.decided) == (6, 50, False)
    actor = make_with_role(Role.COORDINATOR, course.office)
    services.void_attempt(attempt=attempts[0], reason="x", actor=actor, revoke=True)
    [item] = report_of(course).items
    assert (item.people, item.facility) == (5, 50)
    services.work_off(
        regrade=services.decide_regrade(
            wording=wording, kind=RegradeKind.FULL_MARKS, reason="x", actor=actor
        )
    )
    [item] = report_of(course).items
    assert (item.people, item.facility, item.decided) == (5, 100, True)


def test_steps_say_where_people_stop_and_how_long_they_take(course: CoursePage) -> None:
    for _person in range(6):
        learn(course, before=1, after=4)
    for _person in range(2):
        learn(course, before=1, after=None)
    for minutes, row in enumerate(StepProgress.objects.filter(step_key="lesson-1"), start=1):
        row.active_seconds, row.seen_at = minutes * 60, timezone.now()
        row.save(update_fields=["active_seconds", "seen_at"])
    report = report_of(course)
    assert (report.people, report.completed) == (8, 6)
    steps = {step.title: step for step in report.steps}
    second = steps["Lesson 2"]
    assert (second.opened, second.done, second.stopped) == (8, 6, 2)
    assert (steps["Lesson 1"].timed, steps["Lesson 1"].middle) == (8, 4)
    assert not second.timed_enough


def test_small_parts_of_a_step_are_not_told(client: Client, course: CoursePage) -> None:
    for _person in range(6):
        learn(course, before=1, after=4)
    for _person in range(2):
        learn(course, before=1, after=None)
    client.force_login(make_with_role(Role.COORDINATOR, course.office))
    table = client.get(address(course, "steps.csv")).content.decode()
    assert "Lesson 1,8,8,0" in table
    assert "Lesson 2,8,,fewer than 5 people" in table
    page = text(client, address(course))
    assert "6 of 8 finished" not in page
    assert "8 people began this course; fewer than 5 people have not completed it." in page


def test_most_missed_questions_have_a_plot_and_its_table(
    client: Client, course: CoursePage
) -> None:
    for _person in range(6):
        learn(course, before=2, after=3)
    client.force_login(make_with_role(Role.COORDINATOR, course.office))
    page = text(client, address(course))
    section = page[page.index('id="questions"') : page.index('id="steps"')]
    plot, _fold, rest = section.partition("<details")
    assert plot.count("bars__row") >= 4
    assert "% right" in plot
    assert "Questions most missed: the numbers" in rest
    table = rest[rest.index("<table") : rest.index("</table>")]
    for heading in ("Question", "Test", "Objective", "People", "Right, percent", "Discrimination"):
        assert heading in table
    assert "Answers chosen" not in table


def test_fewer_than_five_people_are_not_shown(client: Client, course: CoursePage) -> None:
    for _person in range(4):
        learn(course, before=1, after=4)
    # One person twice is still one person.
    twice = Enrolment.objects.earliest("pk").person
    make_enrolment(twice, course, again=True)
    assert report_of(course).steps == []
    client.force_login(make_with_role(Role.COORDINATOR, course.office))
    assert "Too few people to show figures" in text(client, address(course))
    table = client.get(address(course, "gain.csv")).content.decode()
    assert "basics" not in table
    learn(course, before=1, after=None)
    page = text(client, address(course))
    assert "5 people began this course" in page
    # Four took both tests: their gain stays hidden.
    assert "fewer than 5 people" in page
    assert "after: 100" not in page


def employ_at(organization: Organization, person: Person | None = None) -> Person:
    person = person or make_person()
    today = timezone.localdate()
    Employment.objects.create(person=person, organization=organization, started_on=today)
    return person


def test_filters_choose_period_agency_and_language(client: Client, course: CoursePage) -> None:
    agency = make_organization(OrganizationKind.AGENCY)
    today = timezone.localdate()
    for _person in range(5):
        learn(course, before=1, after=4, person=employ_at(agency))
    for _person in range(3):
        learn(course, before=1, after=None)
    old = timezone.now() - timedelta(days=400)
    for _person in range(5):
        enrolment = make_enrolment(make_person(), course, now=old)
        assert enrolment.started_at == old
    past, present = f"{old:%Y-%m}", f"{today:%Y-%m}"
    client.force_login(make_with_role(Role.COORDINATOR, course.office))
    assert "13 people began" in text(client, address(course))
    assert "5 people began" in text(client, address(course, f"?organization={agency.pk}"))
    assert "8 people began" in text(client, address(course, f"?began_from={present}"))
    assert "5 people began" in text(client, address(course, f"?began_to={past}"))
    # In this month three are not the agency's: the period is the whole time.
    both = text(client, address(course, f"?began_from={present}&organization={agency.pk}"))
    assert "5 people began" in both
    assert "a little longer than you chose" in both
    assert f'<option value="{past}" selected>' in both
    assert "13 people began" in text(client, address(course, "?language=en"))
    assert "Too few people to show figures" in text(client, address(course, "?language=es"))
    assert "Choose a month from the list" in text(client, address(course, "?began_from=yesterday"))
    backwards = address(course, f"?began_from={present}&began_to={past}")
    assert "Too few people to show figures" in text(client, backwards)


def test_workplaces_of_enough_people_are_to_choose(client: Client, course: CoursePage) -> None:
    company = make_organization(OrganizationKind.COMPANY, name="A company")
    facility, agency = OrganizationKind.FACILITY, OrganizationKind.AGENCY
    places = {}
    for name, kind, parent, people in (
        ("Many", facility, company, 7),
        ("Enough", facility, company, 5),
        ("Few", facility, company, 4),
        ("Agency", agency, None, 5),
        ("Alone", facility, None, 6),
        ("Small agency", agency, None, 4),
    ):
        places[name] = make_organization(kind, name=name, parent=parent)
        for _person in range(people):
            make_enrolment(employ_at(places[name]), course)
    make_enrolment(make_person(), course)
    client.force_login(make_with_role(Role.COORDINATOR, course.office))
    page = text(client, address(course))
    # Without "Enough", nobody can tell the four of "Few" from what their company has besides.
    for name, there in (
        ("A company", True), ("Many", True), ("Enough", False), ("Few", False), ("Agency", True),
        ("Alone", True), ("Small agency", False),
    ):  # fmt: skip
        assert (f">{name}</option>" in page) is there, name
    assert "16 people began" in text(client, address(course, f"?organization={company.pk}"))
    many = places["Many"]
    assert "7 people began" in text(client, address(course, f"?organization={many.pk}"))
    for name in ("Few", "Enough", "Small agency"):
        place = places[name]
        page = text(client, address(course, f"?organization={place.pk}"))
        assert "Too few people to show figures" in page
        assert "people began" not in page
    assert "people began" not in text(client, address(course, f"?organization={course.office.pk}"))


def test_no_filter_leaves_a_few_to_be_told_from_the_rest(
    client: Client, course: CoursePage
) -> None:
    agency = make_organization(OrganizationKind.AGENCY)
    for _person in range(6):
        make_enrolment(employ_at(agency), course)
    speaker = make_enrolment(employ_at(agency), course)
    others = [make_enrolment(make_person(), course) for _person in range(6)]
    client.force_login(make_with_role(Role.COORDINATOR, course.office))
    Enrolment.objects.filter(pk=speaker.pk).update(language="es")
    # "Any" less "English" would be one person.
    page = text(client, address(course, "?language=en"))
    assert "Too few people to show figures" in page
    assert ">English</option>" not in page[page.index('<select name="language"') :][:600]
    Enrolment.objects.filter(pk__in=[one.pk for one in others]).update(language="es")
    assert "6 people began" in text(client, address(course, "?language=en"))
    assert "7 people began" in text(client, address(course, f"?organization={agency.pk}"))
    # The agency less its English would be one person again.
    both = address(course, f"?language=en&organization={agency.pk}")
    assert "Too few people to show figures" in text(client, both)
    # One began long ago: any later month less the whole time would be that one.
    Enrolment.objects.filter(pk=speaker.pk).update(started_at=timezone.now() - timedelta(days=400))
    page = text(client, address(course, f"?began_from={timezone.localdate():%Y-%m}"))
    assert "13 people began" in page
    assert "a little longer than you chose" in page


def test_whoever_takes_a_course_again_belongs_to_the_month_they_first_began_it(
    client: Client, course: CoursePage
) -> None:
    old = timezone.now() - timedelta(days=400)
    people = [make_enrolment(make_person(), course, now=old).person for _person in range(6)]
    for _person in range(5):
        make_enrolment(make_person(), course)
    Enrolment.objects.filter(person=people[0]).update(status=EnrolmentStatus.WITHDRAWN)
    make_enrolment(people[0], course)
    client.force_login(make_with_role(Role.COORDINATOR, course.office))
    for query, people_shown in (
        (f"?began_from={timezone.localdate():%Y-%m}", 5),
        (f"?began_to={old:%Y-%m}", 6),
    ):
        assert f"{people_shown} people began" in text(client, address(course, query))


def test_filters_cost_the_same_for_one_and_three_workplaces(
    client: Client, course: CoursePage
) -> None:
    client.force_login(make_with_role(Role.COORDINATOR, course.office))

    def workplace() -> None:
        company = make_organization(OrganizationKind.COMPANY)
        facility = make_organization(OrganizationKind.FACILITY, parent=company)
        for _person in range(5):
            make_enrolment(employ_at(facility), course)

    workplace()
    client.get(address(course))
    one = costs(lambda: client.get(address(course)))
    workplace()
    workplace()
    assert costs(lambda: client.get(address(course))) == one


def test_tables_are_files_that_a_spreadsheet_runs_nothing_of(client: Client) -> None:
    course = make_course(questions=2, draw=2, title="Ours")
    title = '=HYPERLINK("x")'
    course.outline[1].value["title"] = title
    course.save_revision().publish()
    course = CoursePage.objects.get(pk=course.pk)
    for _person in range(5):
        learn(course, before=1, after=2)
    client.force_login(make_with_role(Role.COORDINATOR, course.office))
    response = client.get(address(course, "steps.csv"))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert '"\'=HYPERLINK(""x"")",5,5,0' in response.content.decode()
    book = load_workbook(io.BytesIO(client.get(address(course, "steps.xlsx")).content))
    [cell] = [row[0] for row in book.active.iter_rows() if row[0].value == title]
    assert cell.data_type == "s"
    for table in ("gain", "questions", "time"):
        assert client.get(address(course, f"{table}.csv")).status_code == 200
    assert client.get(address(course, "people.csv")).status_code == 404
    assert client.get(address(course, "gain.pdf")).status_code == 404


@pytest.mark.parametrize("role", [Role.MANAGER, Role.LIAISON, Role.EDITOR, Role.REVIEWER, None])
def test_reports_are_for_coordinators_of_the_office(
    client: Client, course: CoursePage, role: Role | None
) -> None:
    learn(course, before=1, after=4)
    paths = ["/desk/reports/courses/", address(course), address(course, "questions.csv")]
    for path in paths:
        assert client.get(path).status_code == 302
    person = make_person()
    if role:
        kind = role.held_for
        place = Organization.objects.create(key=f"a-{kind}", name="A place", kind=kind)
        person = make_with_role(role, course.office if kind == "office" else place)
    client.force_login(person)
    assert [client.get(path).status_code for path in paths] == [404, 404, 404]
    client.force_login(make_with_role(Role.COORDINATOR, make_office()))
    assert "Our course" not in text(client, paths[0])
    assert [client.get(path).status_code for path in paths[1:]] == [404, 404]


def test_list_of_courses_costs_the_same_for_one_and_three(client: Client) -> None:
    office = make_office()
    make_course(office=office, title="First of ours")
    client.force_login(make_with_role(Role.COORDINATOR, office))
    client.get("/desk/reports/courses/")
    one = costs(lambda: client.get("/desk/reports/courses/"))
    make_course(office=office)
    make_course(office=office)
    assert costs(lambda: client.get("/desk/reports/courses/")) == one
    assert "First of ours" in text(client, "/desk/reports/courses/")


def test_a_report_costs_the_same_for_five_and_fifteen_people(course: CoursePage) -> None:
    for _person in range(5):
        learn(course, before=1, after=4)
    enrolments = Enrolment.objects.filter(training=training_of(course))
    version = course.version_in_force
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            course_report(enrolments, version)
        assert len(queries) == 6
        for _person in range(5):
            learn(course, before=0, after=2)


def test_demo_has_figures_to_show_and_makes_them_once() -> None:
    for key in ("city-office", "state-office"):
        make_office(key=key)
    demo.load_courses(Path(demo.__file__).parent, admin=make_person(is_superuser=True))
    for _twice in range(2):
        load_learning(today=timezone.localdate())
    report = report_of(CoursePage.objects.get(slug="ctdb-elearning"))
    assert (report.people, report.began) == (24, 24)
    assert report.completed > 5
    assert report.gains
    assert all(gain.gain > 0 for gain in report.gains if gain.people > 10)
    assert report.steps[1].timed_enough
