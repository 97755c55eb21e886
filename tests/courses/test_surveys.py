"""Surveys: given once, kept without the name, shown from five people on."""

import json
from typing import Any

import pytest
from django.core import serializers
from django.db import DatabaseError, connection, transaction
from django.test import Client

from courses import services
from courses.enums import EnrolmentStatus, StepState
from courses.models import Enrolment, SurveyComment, SurveyPage, SurveyResponse
from courses.selectors import where
from courses.survey_results import FEWEST, languages_to_choose, options, results
from lms.completions.models import Completion
from lms.core.exceptions import Refused
from lms.core.models import AuditEntry
from lms.people.enums import Role
from lms.people.models import Person
from tests.courses.reading import text
from tests.factories.courses import (
    make_course,
    make_enrolment,
    republish,
    stream,
    take_test,
    training_of,
)
from tests.factories.people import make_office, make_person, make_with_role
from tests.factories.steps import add_step, give, make_survey_course, survey_questions

pytestmark = pytest.mark.django_db


def fresh(enrolment: Enrolment) -> Enrolment:
    return Enrolment.objects.get(pk=enrolment.pk)


def state(enrolment: Enrolment) -> StepState:
    step = where(fresh(enrolment)).step("survey")
    assert step is not None
    return step.state


def given_by(count: int, **fields: Any) -> Enrolment:
    """A survey given by so many people; returns the last one's enrolment."""
    course = make_survey_course()
    for _number in range(count):
        enrolment = make_enrolment(make_person(), course)
        give(enrolment, **fields)
    return enrolment


def test_needed_survey_completes_the_course_and_stands_in_the_why() -> None:
    enrolment = make_enrolment(make_person(), make_survey_course(required=True))
    take_test(enrolment, "post-test")
    assert fresh(enrolment).status == EnrolmentStatus.ACTIVE
    give(enrolment)
    assert fresh(enrolment).status == EnrolmentStatus.COMPLETED
    assert (
        Completion.objects.get()
        .evidence["why"]
        .startswith("Gave the survey “How was it?” and passed the test with 3 of 3 on ")
    )


def test_survey_can_be_given_after_the_course() -> None:
    enrolment = make_enrolment(make_person(), make_survey_course())
    take_test(enrolment, "post-test")
    assert fresh(enrolment).status == EnrolmentStatus.COMPLETED
    assert state(enrolment) == StepState.OPEN
    give(enrolment)
    assert state(enrolment) == StepState.DONE


def test_survey_given_twice_counts_once() -> None:
    enrolment = make_enrolment(make_person(), make_survey_course())
    give(enrolment, comment="Thanks.")
    give(enrolment, comment="Thanks again.")
    assert SurveyResponse.objects.count() == SurveyComment.objects.count() == 1


def test_answers_lead_to_nobody() -> None:
    enrolment = given_by(1, comment="Thanks.")
    response = SurveyResponse.objects.get()
    kept = json.loads(serializers.serialize("json", [response, SurveyComment.objects.get()]))
    fields = {name for row in kept for name in row["fields"]}
    assert fields == {
        "training",
        "version",
        "survey",
        "language",
        "month",
        "answers",
        "text",
        "removed_at",
        "removed_by",
    }
    assert response.month.day == 1
    assert not AuditEntry.objects.filter(object_id=str(response.pk)).exists()
    assert AuditEntry.objects.filter(action="survey.given", object_id=str(enrolment.pk)).exists()


def test_survey_without_any_answer_is_refused() -> None:
    enrolment = make_enrolment(make_person(), make_survey_course())
    with pytest.raises(Refused, match="Answer at least one question"):
        services.give_survey(
            enrolment=enrolment, step_key="survey", answers={}, comment="Only words.", actor=None
        )
    assert SurveyComment.objects.count() == 0


def test_answers_the_survey_does_not_have_are_refused() -> None:
    enrolment = make_enrolment(make_person(), make_survey_course())
    rating, choice = survey_questions()
    for answers in (
        {"unknown": ["1"]},
        {rating.id: ["6"]},
        {rating.id: ["1", "2"]},
        {choice.id: ["nothing"]},
    ):
        with pytest.raises(Refused):
            services.give_survey(
                enrolment=enrolment, step_key="survey", answers=answers, actor=None
            )
    assert SurveyResponse.objects.count() == 0


def test_survey_without_questions_is_not_published() -> None:
    course = make_course(pre_test=False, lessons=0)
    with pytest.raises(Refused, match="Add a question to “Empty”"):
        add_step(course, SurveyPage(title="Empty", slug="survey"), "survey")


def test_database_keeps_what_was_answered() -> None:
    given_by(1)
    for change in ("DELETE FROM courses_surveyresponse", "UPDATE courses_surveyresponse SET id=id"):
        with (
            pytest.raises(DatabaseError, match="keeps facts"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(change)


@pytest.mark.parametrize(("people", "shown"), [(FEWEST - 1, None), (FEWEST, FEWEST)])
def test_results_show_from_five_people_on(people: int, shown: int | None) -> None:
    enrolment = given_by(people, rating="4", comment="Thanks.")
    survey = SurveyPage.objects.get().translation_key
    found = results(training=enrolment.training, survey=survey)
    assert found is not None
    assert found.people == shown
    assert bool(found.questions) is bool(found.comments) is (shown is not None)
    if shown:
        rating, choice = found.questions
        assert [answer.count for answer in rating.answers] == [0, 0, 0, 5, 0]
        assert rating.average == "On average 4.0 of 5"
        # Nobody answered it: fewer than five, so nothing is shown.
        assert choice.answers == []


def test_language_is_offered_only_where_neither_part_is_small() -> None:
    assert languages_to_choose({"en": 20, "es": 3}) == []
    assert languages_to_choose({"en": 20, "es": 5}) == ["en", "es"]
    # With both, all less English and Spanish would be the two who read Arabic.
    assert languages_to_choose({"en": 20, "es": 5, "ar": 2}) == ["en"]
    assert languages_to_choose({"en": 20, "es": 8, "ar": 5}) == ["ar", "en", "es"]
    assert languages_to_choose({"en": 20}) == []


def test_spelling_fix_keeps_counting_the_same_question() -> None:
    enrolment = given_by(FEWEST)
    page = SurveyPage.objects.get()
    raw = page.questions.get_prep_value()
    raw[0]["value"]["text"] = "Was it useful?"
    page.questions = stream(page, "questions", raw)
    page.save_revision().publish()
    found = results(training=enrolment.training, survey=page.translation_key)
    assert found is not None
    assert (found.questions[0].text, found.questions[0].people) == ("Was it useful?", 5)


def test_player_takes_the_survey(client: Client, learner: Person) -> None:
    enrolment = make_enrolment(learner, make_survey_course())
    take_test(enrolment, "post-test")
    assert "Answer the survey" in text(client, f"/learn/{enrolment.pk}/")
    path = f"/learn/{enrolment.pk}/survey/"
    page = text(client, path)
    assert "no details of a case" in page
    assert "kept without your name" in page
    assert "Answer at least one question" in client.post(path, {}).content.decode()
    rating, choice = survey_questions()
    phone, _computer = options(choice)
    client.post(path, {rating.id: "5", choice.id: [phone[0]], "comment": "Thanks."})
    assert SurveyResponse.objects.get().answers == {rating.id: ["5"], choice.id: [phone[0]]}
    assert "you have given this survey" in text(client, path)


def test_outsider_meets_no_survey(client: Client, learner: Person) -> None:
    enrolment = make_enrolment(make_person(), make_survey_course())
    assert client.get(f"/learn/{enrolment.pk}/survey/").status_code == 404


def test_office_reads_counts_and_removes_a_comment(client: Client) -> None:
    enrolment = given_by(FEWEST, comment="Ms Doe of room 5.")
    client.force_login(make_with_role(Role.COORDINATOR, enrolment.training.owner))
    survey = SurveyPage.objects.get().translation_key
    path = f"/desk/surveys/{enrolment.training_id}/{survey}/"
    assert f'href="{path}"' in text(client, "/desk/surveys/")
    page = text(client, path)
    assert "5 people have answered." in page
    assert enrolment.person.email not in page
    comment = SurveyComment.objects.earliest("pk")
    client.post(f"/desk/surveys/comments/{comment.pk}/remove/")
    comment.refresh_from_db()
    assert comment.text == ""
    assert text(client, path).count("Ms Doe") == FEWEST - 1
    table = client.get(f"{path}answers.csv").content.decode()
    assert "Useful?,4,5,100,5" in table


def test_office_reads_nothing_of_four(client: Client) -> None:
    enrolment = given_by(FEWEST - 1, comment="Thanks.")
    client.force_login(make_with_role(Role.COORDINATOR, enrolment.training.owner))
    survey = SurveyPage.objects.get().translation_key
    path = f"/desk/surveys/{enrolment.training_id}/{survey}/"
    assert "fewer than five" in text(client, "/desk/surveys/")
    page = text(client, path)
    assert "Fewer than five people have answered" in page
    assert "Thanks." not in page
    assert len(client.get(f"{path}answers.csv").content.decode().splitlines()) == 1


def test_surveys_of_another_office_are_hidden(client: Client) -> None:
    enrolment = given_by(FEWEST, comment="Thanks.")
    client.force_login(make_with_role(Role.COORDINATOR, make_office()))
    survey = SurveyPage.objects.get().translation_key
    path = f"/desk/surveys/{enrolment.training_id}/{survey}/"
    assert client.get(path).status_code == client.get(f"{path}answers.csv").status_code == 404
    comment = SurveyComment.objects.earliest("pk")
    assert client.post(f"/desk/surveys/comments/{comment.pk}/remove/").status_code == 404
    assert "No survey has been answered yet" in text(client, "/desk/surveys/")


@pytest.mark.parametrize("count", [5, 8])
def test_results_cost_the_same(client: Client, count: int, django_assert_num_queries: Any) -> None:
    enrolment = given_by(count, comment="Thanks.")
    client.force_login(make_with_role(Role.COORDINATOR, enrolment.training.owner))
    survey = SurveyPage.objects.get().translation_key
    with django_assert_num_queries(9):
        client.get(f"/desk/surveys/{enrolment.training_id}/{survey}/")


def test_course_that_never_had_a_survey_has_no_results() -> None:
    course = republish(make_course())
    assert results(training=training_of(course), survey=course.translation_key) is None
