"""Who has left the device counts as gone, whatever becomes of the device's clock."""

from typing import Any

import pytest
from playwright.sync_api import Request

from tests.browser import Reader, sign_in
from tests.factories.courses import make_course, make_enrolment
from tests.factories.people import make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Time passes by `leaveFor` while the device's clock is set back an hour; `look` is half a minute's.
LEAVES = """(() => {
  const [passed, clock, every] = [performance.now.bind(performance), Date.now, setInterval];
  const looks = [];
  let away = 0;
  performance.now = () => passed() + away;
  Date.now = () => clock() - (away ? 3600e3 : 0);
  globalThis.setInterval = (act, pause) => {
    if (pause === 30_000) looks.push(act);
    return every(act, pause);
  };
  globalThis.leaveFor = minutes => { away += minutes * 60e3; };
  globalThis.look = () => looks.forEach(act => act());
})()"""


def test_clock_set_back_keeps_nobody_here(reader: Reader, live_server: Any) -> None:
    person = make_person()
    enrolment = make_enrolment(
        person, make_course(pre_test=False, minutes=60, min_active_minutes=45)
    )
    sign_in(reader, person, live_server.url)
    signs: list[str] = []

    def count(request: Request) -> None:
        if request.url.endswith("/time/"):
            signs.append(request.url)

    reader.page.on("request", count)
    reader.page.add_init_script(LEAVES)
    reader.page.goto(f"/learn/{enrolment.pk}/lesson-1/")

    def signs_after(looks: int) -> int:
        for _look in range(looks):
            reader.page.evaluate("look()")
        # What was sent before this is known once it is answered.
        reader.page.evaluate("fetch('/healthz').then(answer => answer.text())")
        return len(signs)

    here = signs_after(2)
    assert here == 2
    reader.page.evaluate("leaveFor(6)")
    # One more says until when they were here, then none.
    assert signs_after(3) == here + 1
