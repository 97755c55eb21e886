"""A course in Spanish on a phone: the words around the test, and nothing to push sideways."""

from typing import Any

import pytest

from lms.people.models import Person
from tests.browser import Reader, sign_in
from tests.courses.reading import only_a_test, running
from tests.factories.courses import make_enrolment
from tests.factories.people import make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fits(reader: Reader) -> bool:
    return bool(reader.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_test_is_taken_in_spanish(phone: Reader, live_server: Any) -> None:
    person: Person = make_person(name="Guadalupe Rivera")
    attempt = running(make_enrolment(person, only_a_test(rule={"time_limit": 30})))
    sign_in(phone, person, live_server.url)
    phone.page.goto("/language/es/?next=/my/")
    phone.check()
    phone.page.get_by_role("heading", name="Mi aprendizaje").wait_for()
    assert fits(phone)
    phone.go(f"/learn/{attempt.enrolment_id}/post-test/")
    assert fits(phone)
    assert phone.sees("Pregunta 1 de 3")
    assert phone.sees("Minutos que quedan: 29")
    phone.page.locator("label[for='q-1-a']").click()
    assert phone.sees("Guardado a las")
    phone.press("Pregunta siguiente")
    phone.press("Pregunta siguiente")
    phone.press("Entregar la prueba")
    assert phone.sees("2 preguntas aún no tienen respuesta")
    phone.check()
    phone.press("Entregar así")
    assert phone.sees("Esta vez no aprobó")
    assert fits(phone)
    phone.check()
