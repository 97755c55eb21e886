"""The pages editors write, as visitors and editors see them."""

import pytest
from django.test import RequestFactory

from courses.models import LessonPage
from tests.factories.courses import make_course

pytestmark = pytest.mark.django_db


def test_lesson_preview_shows_its_words(rf: RequestFactory) -> None:
    make_course()
    lesson = LessonPage.objects.get(slug="lesson-1")
    response = lesson.make_preview_request(rf.get("/", SERVER_NAME="testserver"))
    assert response.status_code == 200
    assert "Words to read." in response.content.decode()
