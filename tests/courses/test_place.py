"""Where a film was left: it goes on there on any device, and nobody else is told."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from courses import services
from courses.models import Enrolment, LessonFile, LessonPage, StepProgress
from courses.personal_data import export_enrolments
from lms.people.enums import Role
from lms.people.models import Person
from tests.courses.reading import costs, text
from tests.factories.courses import fill_lesson, make_course, make_enrolment, make_lesson_file
from tests.factories.people import make_person, make_with_role

pytestmark = pytest.mark.django_db

# Who may name the place: what keeps it, what shows it to its learner, what hands out their data.
KNOW = {
    "courses/models/records.py",
    "courses/services/active_time.py",
    "courses/selectors.py",
    "courses/file_blocks.py",
    "courses/personal_data.py",
}


@pytest.fixture
def film() -> LessonFile:
    """A film in the first lesson of a course."""
    course = make_course(pre_test=False)
    kept = make_lesson_file(course.office)
    words = make_lesson_file(course.office, "words.vtt")
    value = {"title": "Watch", "file": kept.pk, "captions": words.pk, "transcript": "<p>Words.</p>"}
    fill_lesson(LessonPage.objects.child_of(course).first(), [{"type": "media", "value": value}])
    return kept


@pytest.fixture
def enrolment(learner: Person, film: LessonFile) -> Enrolment:
    """Somebody who has opened that lesson."""
    course = LessonPage.objects.get(slug="lesson-1").get_parent().specific
    begun = make_enrolment(learner, course)
    services.open_step(enrolment=begun, step_key="lesson-1", actor=learner)
    return begun


def tell(client: Client, enrolment: Enrolment, **said: object) -> None:
    """The page's sign of life, with where the film stands."""
    path = f"/learn/{enrolment.pk}/lesson-1/time/"
    assert client.post(path, {name: str(value) for name, value in said.items()}).status_code == 200


def test_film_goes_on_where_it_was_left_on_any_device(
    client: Client, learner: Person, enrolment: Enrolment, film: LessonFile
) -> None:
    path = f"/learn/{enrolment.pk}/lesson-1/"
    assert "It goes on at" not in text(client, path)
    for second in (40, 192):
        tell(client, enrolment, file=film.pk, second=second)
    other_device = Client()
    other_device.force_login(learner)
    page = text(other_device, path)
    assert "It goes on at 3:12, where you stopped." in page
    source = f'<source src="{path}files/{film.pk}/'
    assert f'{source}#t=192"' in page
    from_start = text(other_device, f"{path}?play=start")
    assert f'{source}"' in from_start
    assert "Go on at 3:12</a>" in from_start
    # Played to its end, it begins anew.
    tell(client, enrolment, file=film.pk, second=0)
    assert "It goes on at" not in text(client, path)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"file": "x", "second": 9}, (None, 0)),
        ({"second": 9}, (None, 0)),
        ({"file": 1, "second": "-5"}, (1, 0)),
        ({"file": 1, "second": 10**8}, (1, 86400)),
    ],
)
def test_what_is_no_place_is_not_kept(
    client: Client, enrolment: Enrolment, said: dict[str, object], kept: tuple[object, int]
) -> None:
    tell(client, enrolment, **said)
    row = StepProgress.objects.get()
    assert (row.played_file, row.played_second) == kept


def test_place_is_kept_in_one_query_and_nowhere_for_a_step_not_opened(
    enrolment: Enrolment, film: LessonFile
) -> None:
    def keep(step: str) -> None:
        services.keep_place(enrolment=enrolment, step_key=step, file=film.pk, second=5)

    assert costs(lambda: keep("lesson-1")) == 1
    keep("lesson-2")
    assert list(StepProgress.objects.values_list("step_key", "played_second")) == [("lesson-1", 5)]
    with pytest.raises(IntegrityError, match="second_of_a_file"), transaction.atomic():
        StepProgress.objects.update(played_file=None)


def test_others_keep_no_place_for_somebody(client: Client, enrolment: Enrolment) -> None:
    client.force_login(make_person())
    path = f"/learn/{enrolment.pk}/lesson-1/time/"
    assert client.post(path, {"file": "1", "second": "9"}).status_code == 404
    assert StepProgress.objects.get().played_file is None


def test_place_is_the_learner_s_own(
    client: Client, learner: Person, enrolment: Enrolment, film: LessonFile
) -> None:
    tell(client, enrolment, file=film.pk, second=192)
    [course] = export_enrolments(learner)
    assert course["steps"][0]["played_second"] == 192
    client.force_login(make_with_role(Role.COORDINATOR, enrolment.training.owner))
    names = {"desk_learning:course": [learner.pk, enrolment.pk], "desk_people:person": [learner.pk]}
    for name, args in names.items():
        page = text(client, reverse(name, args=args))
        assert "3:12" not in page
        assert "192" not in page


def test_nothing_but_the_player_reads_the_place() -> None:
    root = Path(settings.BASE_DIR)
    found = {
        str(path.relative_to(root))
        for room in ("courses", "events", "lms")
        for path in (root / room).rglob("*.py")
        if "migrations" not in path.parts and re.search(r"\bplayed", path.read_text())
    }
    assert found == KNOW
