"""A test taken where the connection goes, the server restarts, and the device is not one's own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from courses.models import Attempt
from lms.people.models import Person
from tests import database
from tests.browser import Reader, sign_in
from tests.courses.reading import only_a_test, running
from tests.factories.courses import make_enrolment
from tests.factories.people import make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEPT = "Object.keys(localStorage).filter(key => key.startsWith('answers/'))"


@pytest.fixture
def person(db: None) -> Person:
    return make_person()


@pytest.fixture
def attempt(person: Person) -> Attempt:
    """A test of three questions, begun; of each, "a" is right."""
    return running(make_enrolment(person, only_a_test()))


def open_test(reader: Reader, attempt: Attempt) -> None:
    reader.go(f"/learn/{attempt.enrolment_id}/post-test/")


def choose(page: Any, position: int, key: str) -> None:
    page.locator(f"label[for='q-{position}-{key}']").click()


def page_top(reader: Reader) -> None:
    """Where no part of the page lies half under the bar with help, which axe would count."""
    reader.page.evaluate("scrollTo(0, 0)")


def wait_for(page: Any, position: int, state: str) -> None:
    page.locator(f"[data-question='{position}'][data-state='{state}']").wait_for()


def kept(attempt: Attempt) -> dict[int, list[str]]:
    return dict(attempt.answers.values_list("position", "response"))


def free_port() -> int:
    """A port nobody uses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def site(port: int) -> Iterator[None]:
    """The site in processes of its own, which are killed like by a power cut when one leaves."""
    # Loaded first: who listens also answers.
    listen = ["--preload", "--bind", f"127.0.0.1:{port}"]
    command = [sys.executable, "-m", "gunicorn", "lms.wsgi", *listen]
    server = subprocess.Popen(
        command,
        cwd=database.PROJECT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "lms.settings.test",
            "TEST_DATABASE_URL": database.address(),
        },
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        until = time.monotonic() + 30
        while not answers(port):
            assert time.monotonic() < until
            time.sleep(0.1)
        yield
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def test_offline_in_the_middle_and_back(
    reader: Reader, live_server: Any, person: Person, attempt: Attempt
) -> None:
    page = reader.page
    sign_in(reader, person, live_server.url)
    open_test(reader, attempt)
    choose(page, 1, "a")
    wait_for(page, 1, "saved")
    page.context.set_offline(True)
    choose(page, 2, "b")
    choose(page, 2, "a")
    choose(page, 3, "a")
    wait_for(page, 3, "unsaved")
    assert reader.sees("Answers that wait on this device for the connection: 2.")
    reader.check()
    reader.press("Hand in the test")
    assert reader.sees("Sending your answers first. Still on this device: 2.")
    assert kept(attempt) == {1: ["a"]}
    page.context.set_offline(False)
    assert reader.sees("You passed")
    assert reader.sees("3 of 3 right")
    assert page.evaluate(KEPT) == []
    reader.check()


def test_answers_left_on_the_device_are_sent_when_the_test_is_opened_again(
    reader: Reader, live_server: Any, person: Person, attempt: Attempt
) -> None:
    page = reader.page
    sign_in(reader, person, live_server.url)
    open_test(reader, attempt)
    page.context.set_offline(True)
    choose(page, 2, "c")
    wait_for(page, 2, "unsaved")
    page.close()
    page.context.set_offline(False)
    later = Reader(page.context.new_page())
    # A test of another course in between costs nothing of it.
    other = running(make_enrolment(person, only_a_test()))
    later.page.goto(f"/learn/{other.enrolment_id}/post-test/")
    choose(later.page, 1, "a")
    wait_for(later.page, 1, "saved")
    later.page.goto(f"/learn/{attempt.enrolment_id}/post-test/")
    later.page.locator("#q-2-c:checked").wait_for()
    later.page.wait_for_function(f"{KEPT}.every(key => !key.includes('/q/'))")
    assert kept(attempt) == {2: ["c"]}
    later.check()


def test_server_killed_in_the_middle_costs_no_answer(
    chromium: Any, person: Person, attempt: Attempt
) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    reader = Reader(chromium.new_context(base_url=address).new_page())
    page = reader.page
    sign_in(reader, person, address)
    with site(port):
        open_test(reader, attempt)
        choose(page, 1, "a")
        wait_for(page, 1, "saved")
    choose(page, 2, "a")
    choose(page, 3, "b")
    wait_for(page, 3, "unsaved")
    with site(port):
        page.evaluate("window.dispatchEvent(new Event('online'))")
        for position in (2, 3):
            wait_for(page, position, "saved")
        assert kept(attempt) == {1: ["a"], 2: ["a"], 3: ["b"]}
        open_test(reader, attempt)
        page.locator("#q-3-b:checked").wait_for()
    page.context.close()


def test_two_windows_of_one_device(
    reader: Reader, live_server: Any, person: Person, attempt: Attempt
) -> None:
    sign_in(reader, person, live_server.url)
    open_test(reader, attempt)
    other = Reader(reader.page.context.new_page())
    open_test(other, attempt)
    for window, position, key in ((reader, 1, "b"), (other, 1, "a"), (reader, 2, "a")):
        choose(window.page, position, key)
        wait_for(window.page, position, "saved")
    assert kept(attempt) == {1: ["a"], 2: ["a"]}
    other.press("Hand in the test")
    other.press("Hand in as it is")
    assert other.sees("2 of 3 right")
    # The first window knows nothing of it.
    choose(reader.page, 3, "a")
    assert reader.sees("This test is over")
    page_top(reader)
    reader.check()
    reader.press("See how it stands")
    assert reader.sees("2 of 3 right")
    assert reader.page.evaluate(KEPT) == []


def test_second_device_goes_on_and_the_first_takes_the_test_back(
    reader: Reader, chromium: Any, live_server: Any, person: Person, attempt: Attempt
) -> None:
    sign_in(reader, person, live_server.url)
    open_test(reader, attempt)
    choose(reader.page, 1, "b")
    wait_for(reader.page, 1, "saved")
    laptop = Reader(chromium.new_context(base_url=live_server.url).new_page())
    sign_in(laptop, person, live_server.url)
    open_test(laptop, attempt)
    choose(laptop.page, 1, "a")
    wait_for(laptop.page, 1, "saved")
    choose(reader.page, 2, "a")
    assert reader.sees("This test was continued on another device")
    page_top(reader)
    reader.check()
    reader.press("Go on here")
    reader.page.locator("#q-2-a:checked").wait_for()
    assert kept(attempt) == {1: ["a"], 2: ["a"]}
    choose(laptop.page, 3, "c")
    assert laptop.sees("This test was continued on another device")
    laptop.page.context.close()


def test_signing_out_leaves_nothing_on_the_device(
    reader: Reader, live_server: Any, person: Person, attempt: Attempt
) -> None:
    page = reader.page
    sign_in(reader, person, live_server.url)
    open_test(reader, attempt)
    page.route("**/answers/", lambda route: route.abort())
    choose(page, 1, "a")
    wait_for(page, 1, "unsaved")
    assert any("/q/" in key for key in page.evaluate(KEPT))
    with page.expect_response("**/accounts/logout/") as answer:
        page.locator("summary", has_text=person.first_name).click()
        reader.press("Sign out")
    assert answer.value.all_headers()["clear-site-data"] == '"storage"'
    page.goto("/help/")
    assert page.evaluate(KEPT) == []


def test_the_next_person_finds_nothing_of_the_one_before(
    reader: Reader, live_server: Any, person: Person, attempt: Attempt
) -> None:
    page = reader.page
    sign_in(reader, person, live_server.url)
    open_test(reader, attempt)
    page.context.set_offline(True)
    choose(page, 1, "a")
    wait_for(page, 1, "unsaved")
    page.context.set_offline(False)
    # The session ran out; somebody else signs in on the shared device.
    page.goto("/help/")
    page.evaluate("localStorage.setItem('answers/1/1/q/1', '{}')")
    sign_in(reader, make_person(), live_server.url)
    reader.go("/my/")
    assert page.evaluate(KEPT) == []
