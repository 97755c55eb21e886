"""Somebody's course at the desk: the owning office looks, voids, helps; nobody else does."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses import services
from courses.enums import EnrolmentStatus
from courses.models import Accommodation, Attempt, AttemptRuling, CoursePage, Enrolment
from courses.selectors import where
from lms.completions.models import Completion
from lms.core.time import NEW_YORK, new_york_today
from lms.people.enums import Role
from lms.people.models import Organization, Person
from tests.courses.reading import costs, text
from tests.factories.courses import make_course, make_enrolment, republish, take_test
from tests.factories.people import make_office, make_organization, make_person, make_with_role
from tests.factories.steps import make_outside_course, send_proof

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> CoursePage:
    return make_course(
        title="Our course", pre_test=False, lessons=1, attempts=2, rule={"time_limit": 30}
    )


@pytest.fixture
def enrolment(course: CoursePage) -> Enrolment:
    enrolment = make_enrolment(make_person(name="Ana Near"), course)
    services.open_step(enrolment=enrolment, step_key="lesson-1", actor=None)
    services.finish_lesson(enrolment=enrolment, step_key="lesson-1", actor=None)
    return enrolment


@pytest.fixture
def coordinator(client: Client, course: CoursePage) -> Person:
    person = make_with_role(Role.COORDINATOR, course.office)
    client.force_login(person)
    return person


def address(enrolment: Enrolment, name: str = "course", attempt: Attempt | None = None) -> str:
    rest = [attempt.pk] if attempt else []
    return reverse(f"desk_learning:{name}", args=[enrolment.person_id, enrolment.pk, *rest])


def what_is_missing(page: str) -> str:
    """The sentence under the title of the desk's page."""
    found = re.search(r'<p class="lead">(.+?)</p>', page)
    assert found
    return found.group(1)


def before_the_steps(page: str) -> str:
    """The learner's page as far as its list of steps, whose notes say why each is locked."""
    return page.partition('<ol class="steps">')[0]


def begun_only(enrolment: Enrolment) -> None:
    """Nothing more than the first lesson."""


def failed_once(enrolment: Enrolment) -> None:
    take_test(enrolment, "post-test", right=0)


def no_try_left(enrolment: Enrolment) -> None:
    for _time in range(2):
        take_test(enrolment, "post-test", right=0)


def left(enrolment: Enrolment) -> None:
    services.withdraw(enrolment=enrolment, actor=enrolment.person)


@pytest.mark.parametrize("so_far", [begun_only, failed_once, no_try_left, left])
def test_staff_and_learner_read_the_same_sentence(
    client: Client, coordinator: Person, enrolment: Enrolment, so_far: Callable[[Enrolment], None]
) -> None:
    so_far(enrolment)
    sentence = what_is_missing(text(client, address(enrolment)))
    client.force_login(enrolment.person)
    learner = text(client, f"/learn/{enrolment.pk}/")
    assert sentence in before_the_steps(learner)
    if so_far is no_try_left:
        assert sentence in text(client, "/my/")


@pytest.mark.parametrize("rule", [{"asks_own_word": True}, {"min_active_minutes": 15}])
def test_staff_and_learner_read_the_same_of_what_is_asked_besides_the_steps(
    client: Client, coordinator: Person, course: CoursePage, rule: dict[str, Any]
) -> None:
    asking = make_course(office=course.office, pre_test=False, lessons=0, **rule)
    enrolment = make_enrolment(make_person(), asking)
    take_test(enrolment, "post-test")
    sentence = what_is_missing(text(client, address(enrolment)))
    assert sentence.startswith("Not yet: ")
    client.force_login(enrolment.person)
    learner = text(client, f"/learn/{enrolment.pk}/")
    assert before_the_steps(learner).count(sentence) == 1
    assert sentence in text(client, "/my/")


def test_my_learning_says_what_is_missing_where_only_optional_steps_are_open(
    client: Client, coordinator: Person, course: CoursePage
) -> None:
    asking = make_course(office=course.office, pre_test=False, lessons=1, min_active_minutes=15)
    asking.outline[0].value["required"] = False
    asking.outline[1].value["gate"] = "none"
    enrolment = make_enrolment(make_person(), republish(asking))
    take_test(enrolment, "post-test")
    sentence = what_is_missing(text(client, address(enrolment)))
    client.force_login(enrolment.person)
    page = text(client, "/my/")
    assert sentence in page
    assert "Next: Lesson 1." not in page


def test_staff_and_learner_read_the_same_of_a_proof_that_waits(client: Client) -> None:
    asking = make_outside_course()
    enrolment = make_enrolment(make_person(), asking)
    take_test(enrolment, "post-test")
    send_proof(enrolment)
    client.force_login(make_with_role(Role.COORDINATOR, asking.office))
    sentence = what_is_missing(text(client, address(enrolment)))
    assert "waits for the office" in sentence
    client.force_login(enrolment.person)
    assert sentence in text(client, "/my/")


def test_page_says_what_the_learner_reads(
    client: Client, coordinator: Person, enrolment: Enrolment
) -> None:
    take_test(enrolment, "post-test", right=0)
    page = text(client, address(enrolment))
    sentence = what_is_missing(page)
    assert "Post-test, try 1" in page
    assert "0 of 3 right" in page
    assert "Not passed" in page
    person_page = text(client, reverse("desk_people:person", args=[enrolment.person_id]))
    assert address(enrolment) in person_page
    assert sentence in person_page


def test_page_shows_no_answer_and_no_question(
    client: Client, coordinator: Person, enrolment: Enrolment
) -> None:
    take_test(enrolment, "post-test")
    page = text(client, address(enrolment))
    assert "Right question" not in page
    assert "What is question" not in page


@pytest.mark.parametrize("role", [Role.MANAGER, Role.LIAISON, Role.EDITOR, Role.REVIEWER, None])
def test_pages_are_for_coordinators_of_the_owning_office(
    client: Client, enrolment: Enrolment, role: Role | None
) -> None:
    attempt = take_test(enrolment, "post-test", right=0)
    arranged = Accommodation.objects.create(
        person=enrolment.person,
        office=enrolment.training.owner,
        extra_percent=50,
        reason="agreed",
        valid_from=new_york_today(),
    )
    paths = [
        address(enrolment),
        address(enrolment, "void", attempt),
        address(enrolment, "outage", attempt),
        reverse("desk_learning:extra_time", args=[enrolment.person_id]),
    ]
    end = reverse("desk_learning:end_extra_time", args=[enrolment.person_id, arranged.pk])
    kinds = {"office": enrolment.training.owner}
    own = make_with_role(
        role, kinds.get(role.held_for) or make_organization(role.held_for)
    ) if role else make_person()  # fmt: skip
    others = make_with_role(Role.COORDINATOR, make_office())
    for person in (own, others, enrolment.person):
        client.force_login(person)
        assert [client.get(path).status_code for path in paths] == [404] * 4
        assert [client.post(path, {"reason": "x"}).status_code for path in paths[1:]] == [404] * 3
        assert client.post(end).status_code == 404
    assert not AttemptRuling.objects.exists()
    assert Accommodation.objects.standing().count() == 1


def test_other_offices_courses_of_the_same_person_are_not_shown(
    client: Client, coordinator: Person, enrolment: Enrolment
) -> None:
    other = make_enrolment(enrolment.person, make_course(title="Another office's course"))
    assert client.get(address(other)).status_code == 404
    page = text(client, reverse("desk_people:person", args=[enrolment.person_id]))
    assert "Another office" not in page
    assert "Our course" in page


def test_voiding_asks_why_and_is_done_once(
    client: Client, coordinator: Person, enrolment: Enrolment
) -> None:
    attempt = take_test(enrolment, "post-test", right=0)
    path = address(enrolment, "void", attempt)
    page = text(client, path)
    assert "They have 2 tries left at this test." in page
    assert "Their completion" not in page
    assert "Say why, so that the person knows." in text_of(client.post(path, {"reason": ""}))
    for _twice in range(2):
        answer = client.post(path, {"reason": "Taken by somebody else."}, follow=True)
        assert "The try does not count any more." in text_of(answer)
    assert AttemptRuling.objects.count() == 1
    page = text(client, address(enrolment))
    assert "Does not count: Taken by somebody else." in page
    assert path not in page


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_voiding_says_that_a_completion_is_revoked_and_asks_for_it(
    client: Client, coordinator: Person, enrolment: Enrolment
) -> None:
    attempt = take_test(enrolment, "post-test")
    enrolment.refresh_from_db()
    assert enrolment.status == EnrolmentStatus.COMPLETED
    path = address(enrolment, "void", attempt)
    assert "Their completion of the course rests on this try" in text(client, path)
    answer = client.post(path, {"reason": "Taken by somebody else."})
    assert "Tick this to go on" in text_of(answer)
    assert Completion.objects.standing().count() == 1
    client.post(path, {"reason": "Taken by somebody else.", "revoke": "on"})
    assert Completion.objects.standing().count() == 0
    enrolment.refresh_from_db()
    assert enrolment.status == EnrolmentStatus.ACTIVE


def test_own_test_is_somebody_elses_to_decide(client: Client, course: CoursePage) -> None:
    person = make_with_role(Role.COORDINATOR, course.office)
    enrolment = make_enrolment(person, course)
    services.finish_lesson(enrolment=enrolment, step_key="lesson-1", actor=None)
    attempt = take_test(enrolment, "post-test", right=0)
    client.force_login(person)
    assert "Void this try" not in text(client, address(enrolment))
    answer = client.post(address(enrolment, "void", attempt), {"reason": "x"})
    assert "your own test" in text_of(answer)
    assert not AttemptRuling.objects.exists()


def begun(enrolment: Enrolment, minutes_ago: int) -> Attempt:
    return services.start_attempt(
        enrolment=enrolment,
        step_key="post-test",
        actor=enrolment.person,
        now=timezone.now() - timedelta(minutes=minutes_ago),
    )


def test_outage_gives_minutes_once_and_the_learner_sees_them(
    client: Client, coordinator: Person, enrolment: Enrolment
) -> None:
    attempt = begun(enrolment, 20)
    before = attempt.deadline_at
    path = address(enrolment, "outage", attempt)
    page = text(client, path)
    key = page.partition('name="key" value="')[2].partition('"')[0]
    form = {"minutes": "15", "reason": "The site was down.", "key": key}
    for _twice in range(2):
        assert client.post(path, form).status_code == 302
    attempt.refresh_from_db()
    assert before is not None
    assert attempt.deadline_at == before + timedelta(minutes=15)
    client.force_login(enrolment.person)
    learner = text(client, f"/learn/{enrolment.pk}/post-test/")
    assert "The office gave you 15 more minutes because of an outage." in learner


@pytest.mark.parametrize("minutes", ["0", "241", "", "x"])
def test_outage_form_says_what_is_wrong_and_keeps_what_was_written(
    client: Client, coordinator: Person, enrolment: Enrolment, minutes: str
) -> None:
    path = address(enrolment, "outage", begun(enrolment, 20))
    page = text_of(client.post(path, {"minutes": minutes, "reason": "Kept.", "key": "x"}))
    assert "Please check this before going on" in page
    assert 'value="Kept."' in page
    assert not AttemptRuling.objects.exists()


def test_try_that_an_outage_ended_can_be_taken_again(
    client: Client, coordinator: Person, enrolment: Enrolment
) -> None:
    attempt = begun(enrolment, 40)
    services.hand_in_overdue()
    page = text(client, address(enrolment))
    assert "Ended when its time was over" in page
    path = address(enrolment, "outage", attempt)
    assert path in page
    assert "An outage ended this try?" in text(client, path)
    client.post(path, {"reason": "The site was down."})
    page = text(client, address(enrolment))
    assert "Does not count: an outage ended it: The site was down." in page
    step = where(Enrolment.objects.get(pk=enrolment.pk)).step("post-test")
    assert step is not None
    assert step.attempts_used == 0


def test_extra_time_is_arranged_listed_and_ended(
    client: Client, coordinator: Person, enrolment: Enrolment
) -> None:
    path = reverse("desk_learning:extra_time", args=[enrolment.person_id])
    assert "Nothing is arranged" in text(client, path)
    form = {
        "extra_percent": "50",
        "reason": "agreed",
        "valid_from": new_york_today().isoformat(),
        "valid_until": "",
    }
    for _twice in range(2):
        client.post(path, form)
    arranged = Accommodation.objects.get()
    assert (arranged.office, arranged.recorded_by) == (enrolment.training.owner, coordinator)
    assert "50 percent more" in text(client, path)
    end = reverse("desk_learning:end_extra_time", args=[enrolment.person_id, arranged.pk])
    for _twice in range(2):
        assert client.post(end).status_code == 302
    assert not Accommodation.objects.standing().exists()
    assert "Ended" in text(client, path)
    assert client.get(end).status_code == 405


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"extra_percent": "301"}, "less than or equal to 300"),
        ({"valid_until": "2020-01-01"}, "The last day is before the first."),
        ({"reason": ""}, "This field is required"),
    ],
)
def test_extra_time_form_says_what_is_wrong(
    client: Client, coordinator: Person, enrolment: Enrolment, wrong: dict[str, str], said: str
) -> None:
    path = reverse("desk_learning:extra_time", args=[enrolment.person_id])
    form = {"extra_percent": "50", "reason": "agreed", "valid_from": new_york_today().isoformat()}
    assert said in text_of(client.post(path, {**form, **wrong}))
    assert not Accommodation.objects.exists()


def test_who_coordinates_two_offices_says_which(
    client: Client, coordinator: Person, enrolment: Enrolment
) -> None:
    second: Organization = make_office(name="Second office")
    from lms.people import services as people

    people.grant_role(person=coordinator, role=Role.COORDINATOR, organization=second, actor=None)
    path = reverse("desk_learning:extra_time", args=[enrolment.person_id])
    form = {"extra_percent": "50", "reason": "agreed", "valid_from": new_york_today().isoformat()}
    outside = make_office()
    for office in ("", str(outside.pk)):
        assert client.post(path, {**form, "office": office}).status_code == 200
    client.post(path, {**form, "office": str(second.pk)})
    assert Accommodation.objects.get().office == second


def test_course_page_costs_the_same_for_one_and_three_tries(
    client: Client, coordinator: Person, course: CoursePage
) -> None:
    spent = []
    for tries in (1, 3):
        enrolment = make_enrolment(
            make_person(), make_course(office=course.office, pre_test=False, lessons=0)
        )
        for _n in range(tries):
            attempt = take_test(enrolment, "post-test", right=0)
            services.void_attempt(attempt=attempt, reason="x", actor=coordinator)
        client.get(address(enrolment))
        spent.append(costs(lambda enrolment=enrolment: client.get(address(enrolment))))  # type: ignore[misc]
    assert spent[0] == spent[1]


def test_person_page_costs_the_same_for_one_and_three_courses(
    client: Client, coordinator: Person, course: CoursePage
) -> None:
    spent = []
    for count in (1, 3):
        person = make_person()
        for _n in range(count):
            make_enrolment(person, make_course(office=course.office))
        path = reverse("desk_people:person", args=[person.pk])
        client.get(path)
        spent.append(costs(lambda path=path: client.get(path)))  # type: ignore[misc]
    assert spent[0] == spent[1]


# --- the site was down --------------------------------------------------------------------------


def down(**changes: str) -> dict[str, str]:
    """The form's fields: down from half an hour ago until ten minutes ago."""
    now = new_york_now()
    form = {"began_at": now - timedelta(minutes=30), "ended_at": now - timedelta(minutes=10)}
    given = {name: moment.strftime("%Y-%m-%dT%H:%M") for name, moment in form.items()}
    return {**given, "test": "", "reason": "The site was down.", "action": "look", **changes}


def new_york_now() -> Any:
    return timezone.now().astimezone(NEW_YORK)


def test_outage_is_looked_at_first_and_given_to_all_in_one_act(
    client: Client, coordinator: Person, enrolment: Enrolment
) -> None:
    attempt, path = begun(enrolment, 25), reverse("desk:outage")
    assert path in text(client, reverse("desk_people:search"))
    assert "All of “Our course”" in text(client, path)
    page = text_of(client.post(path, down()))
    for words in ("Ana Near", "Post-test", "more minutes", "1 person is told by mail"):
        assert words in page, words
    assert not AttemptRuling.objects.exists()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    assert hidden["action"] == "decide"
    for said in ("1 test ends later.", "Nothing was left to give back"):
        assert said in text_of(client.post(path, hidden, follow=True))
    before = attempt.deadline_at
    attempt.refresh_from_db()
    assert before is not None
    assert attempt.deadline_at is not None
    assert attempt.deadline_at > before
    assert "given back already" in text_of(client.post(path, down()))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"began_at": ""}, "This field is required"),
        ({"began_at": "yesterday"}, "Enter a valid date/time"),
        ({"ended_at": "2099-01-01T10:00"}, "Wait until the site is up again"),
        ({"ended_at": "2020-01-01T10:00"}, "The end is not after the beginning."),
        ({"reason": ""}, "Say why, so that those who were in a test know."),
        ({"test": "999"}, "Select a valid choice"),
    ],
)
def test_outage_form_for_all_says_what_is_wrong(
    client: Client, coordinator: Person, enrolment: Enrolment, changes: dict[str, str], said: str
) -> None:
    page = text_of(client.post(reverse("desk:outage"), down(**changes)))
    assert said in page
    assert 'value="look"' in page


def test_outage_for_all_is_for_coordinators_and_their_own_courses(
    client: Client, coordinator: Person, enrolment: Enrolment
) -> None:
    attempt, path = begun(enrolment, 25), reverse("desk:outage")
    client.force_login(make_with_role(Role.COORDINATOR, make_office()))
    assert "Our course" not in text(client, path)
    assert "Nobody was in such a test then" in text_of(client.post(path, down()))
    client.post(path, down(action="decide"))
    for role in (None, Role.MANAGER):
        person = make_with_role(role, make_organization(role.held_for)) if role else make_person()
        client.force_login(person)
        assert client.get(path).status_code == 404
        assert client.post(path, down(action="decide")).status_code == 404
    before = attempt.deadline_at
    attempt.refresh_from_db()
    assert attempt.deadline_at == before
