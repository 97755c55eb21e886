"""How a session was: asked once, kept without names, counted in the rule, told from five on."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from events import letters, services, surveys
from events.enums import Outcome, SurveyRule
from events.models import Registration, Session
from events.services import Mark
from events.survey_models import SessionSurveyAnswer, SessionSurveyComment, SessionSurveyGiven
from lms.completions.models import Completion
from lms.core.exceptions import Refused
from lms.core.personal_data import holdings
from tests.factories.events import make_coming_session, make_seat
from tests.factories.people import make_person
from tests.factories.speakers import client_of, make_speaker, person_of
from tests.portal.test_desk_sessions import Desk, words

pytestmark = pytest.mark.django_db

GOOD = [5, 4, 5, 3, 5]


def over(session: Session) -> Session:
    now = datetime.now(UTC)
    Session.objects.filter(pk=session.pk).update(
        starts_at=now - timedelta(hours=4), ends_at=now - timedelta(hours=1)
    )
    session.refresh_from_db()
    return session


def with_survey(rule: str = SurveyRule.ASKED, seats: int = 1, **fields: Any) -> list[Registration]:
    session = make_coming_session(survey=rule, **fields)
    made = [make_seat(session, now=datetime.now(UTC)) for _number in range(seats)]
    over(session)
    return list(Registration.objects.filter(pk__in=[seat.pk for seat in made]).order_by("pk"))


def answer(seat: Registration, comment: str = "", ratings: list[int] = GOOD) -> Any:
    return services.answer_survey(registration=seat, ratings=ratings, comment=comment)


def test_asked_by_mail_once_and_answered_without_signing_in(
    django_capture_on_commit_callbacks: Any,
) -> None:
    [seat] = with_survey()
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        assert [services.ask_for_surveys(), services.ask_for_surveys()] == [1, 0]
    [letter] = mail.outbox
    address = reverse("events:survey", args=[letters.seat_token(seat)])
    assert "without your name" in letter.body
    path = letter.body.split("http://testserver")[1].split()[0]
    page = Client().get(path)
    assert "I learned something I can use in my work." in words(page)
    form = {f"rating{place}": "4" for place in range(5)}
    assert "This field is required" in words(Client().post(address, {**form, "rating2": ""}))
    assert "Thank you" in words(Client().post(address, {**form, "comment": "More of it."}))
    assert "Thank you" in words(Client().post(address, form))
    assert SessionSurveyAnswer.objects.get().ratings == [4] * 5
    assert SessionSurveyComment.objects.get().text == "More of it."
    assert Client().get(reverse("events:survey", args=["forged"])).status_code == 404


def test_page_of_the_session_asks_and_stops_asking() -> None:
    [seat] = with_survey()
    client = client_of(seat.person)
    address = reverse("events:session", args=[seat.session_id])
    assert "How was it?" in words(client.get(address))
    answer(seat)
    assert "How was it?" not in words(client.get(address))
    [kept] = [row for row in holdings() if row.name == "events.surveys_given"]
    assert len(kept.export(seat.person)) == 1


def test_where_the_rule_asks_for_it_the_certificate_waits() -> None:
    waits, answered = with_survey(SurveyRule.RULE, seats=2)
    facts = words(Client().get(reverse("events:session", args=[waits.session_id])))
    assert "your certificate waits for your answer" in facts
    answer(answered)
    marks = [Mark(seat, Outcome.ATTENDED, 170) for seat in (waits, answered)]
    services.mark_many(session=waits.session, marks=marks, actor=make_person())
    done = Completion.objects.get()
    assert done.person == answered.person
    assert done.evidence["why"].endswith("The rule asks for the survey, which was given.")
    for _twice in range(2):
        answer(waits)
    assert Completion.objects.count() == 2
    waits.refresh_from_db()
    assert waits.completion is not None


def test_who_was_not_there_gets_nothing_by_answering() -> None:
    [seat] = with_survey(SurveyRule.RULE)
    mark = Mark(seat, Outcome.NO_SHOW, 0)
    services.mark_many(session=seat.session, marks=[mark], actor=make_person())
    answer(seat)
    assert Completion.objects.count() == 0


def test_rule_stays_as_it_was_shown_and_the_rest_may_change() -> None:
    [seat] = with_survey(SurveyRule.RULE)
    with pytest.raises(Refused) as refusal:
        services.change_details(session=seat.session, survey=SurveyRule.NONE, actor=None)
    assert refusal.value.code == "started"
    [other] = with_survey(SurveyRule.NONE)
    services.change_details(session=other.session, survey=SurveyRule.ASKED, actor=None)
    with pytest.raises(Refused):
        services.change_details(session=other.session, survey=SurveyRule.RULE, actor=None)


@pytest.mark.parametrize(
    ("ratings", "code"), [([5] * 4, "ratings_missing"), ([5, 5, 5, 5, 6], "ratings_missing")]
)
def test_what_is_no_answer_is_refused(ratings: list[int], code: str) -> None:
    [seat] = with_survey()
    with pytest.raises(Refused) as refusal:
        answer(seat, ratings=ratings)
    assert refusal.value.code == code
    early = make_seat(make_coming_session(survey=SurveyRule.ASKED), now=datetime.now(UTC))
    with pytest.raises(Refused) as refusal:
        answer(early)
    assert refusal.value.code == "not_started"


def test_answers_name_nobody_and_are_not_rewritten() -> None:
    [seat] = with_survey()
    answer(seat)
    names = {field.name for field in SessionSurveyAnswer._meta.get_fields()}
    assert names == {"id", "session", "ratings"}
    for rows in (SessionSurveyAnswer.objects.all(), SessionSurveyGiven.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()


def test_desk_and_speakers_see_it_from_five_on_and_words_can_be_removed() -> None:
    desk = Desk()
    session = desk.session(survey=SurveyRule.ASKED)
    speaker = make_speaker(session)
    seats = [make_seat(session, now=datetime.now(UTC)) for _number in range(5)]
    over(session)
    address = reverse("desk_sessions:survey", args=[session.pk])
    speaking = reverse("events:speaking_session", args=[speaker.pk])
    for number, seat in enumerate(seats):
        assert "once five people have answered" in words(desk.client.get(address))
        answer(seat, comment=f"Comment {number}")
    page = words(desk.client.get(address))
    assert "5 people have answered." in page
    assert "On average 4.0 of 5." in page
    assert "Comment 3" in page
    seen = words(client_of(person_of(speaker)).get(speaking))
    assert "How people found it" in seen
    assert "Comment 3" in seen
    assert "delete its words" not in seen
    comment = SessionSurveyComment.objects.get(text="Comment 3")
    remove = reverse("desk_sessions:survey_remove", args=[session.pk, comment.pk])
    assert Desk().client.post(remove).status_code == 404
    desk.client.post(remove)
    assert "Comment 3" not in words(desk.client.get(address))
    assert Desk().client.get(address).status_code == 404


@pytest.mark.parametrize("count", [5, 8])
def test_summary_queries_do_not_grow(count: int, django_assert_num_queries: Any) -> None:
    seats = with_survey(seats=count)
    for seat in seats:
        answer(seat, comment="Good.")
    with django_assert_num_queries(2):
        assert surveys.summary(seats[0].session).people == count
