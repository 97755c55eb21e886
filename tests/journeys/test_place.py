"""A film goes on where it was left, on another device too."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from courses.models import LessonPage, StepProgress
from tests.browser import Reader, sign_in
from tests.factories.courses import fill_lesson, make_course, make_enrolment, make_lesson_file
from tests.factories.people import make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FILM = Path(settings.BASE_DIR) / "lms/portal/demo/media/three-steps.webm"

# Where the film stands once it can be played, in seconds.
STANDS_AT = """() => new Promise(tell => {
  const film = document.querySelector("video");
  const look = () => film.readyState > 1 && !film.seeking ? tell(film.currentTime) : 0;
  for (const name of ["canplay", "seeked", "loadeddata"]) film.addEventListener(name, look);
  look();
})"""
MOVE_TO_3 = """() => new Promise(tell => {
  const film = document.querySelector("video");
  film.addEventListener("seeked", tell, { once: true });
  film.currentTime = 3;
})"""


def test_film_goes_on_where_it_was_left(reader: Reader, live_server: Any) -> None:
    person, course = make_person(), make_course(pre_test=False, lessons=1)
    film = make_lesson_file(course.office, "film.webm", FILM.read_bytes())
    words = make_lesson_file(course.office, "words.vtt")
    value = {"title": "Watch", "file": film.pk, "captions": words.pk, "transcript": "<p>Words.</p>"}
    fill_lesson(LessonPage.objects.get(), [{"type": "media", "value": value}])
    enrolment = make_enrolment(person, course)
    sign_in(reader, person, live_server.url)
    page, path = reader.page, f"/learn/{enrolment.pk}/lesson-1/"
    page.goto(path)
    assert page.evaluate(STANDS_AT) == 0
    page.evaluate(MOVE_TO_3)
    # Leaving the page says where it stands.
    page.goto(f"/learn/{enrolment.pk}/")
    page.evaluate("fetch('/healthz').then(answer => answer.text())")
    page.goto(path)
    assert StepProgress.objects.get(step_key="lesson-1").played_second == 3
    page.get_by_text("It goes on at 0:03, where you stopped.").wait_for()
    assert page.evaluate(STANDS_AT) == 3
    # A film that rests here does not take back the place of one that plays on another device.
    for _sign in range(2):
        with page.expect_response("**/time/"):
            page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        StepProgress.objects.filter(step_key="lesson-1").update(played_second=2)
    with page.expect_response("**/time/"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert StepProgress.objects.get(step_key="lesson-1").played_second == 2
    StepProgress.objects.filter(step_key="lesson-1").update(played_second=3)
    page.get_by_role("link", name="Play it from the start").click()
    page.get_by_text("It starts from the beginning.").wait_for()
    assert page.evaluate(STANDS_AT) == 0
