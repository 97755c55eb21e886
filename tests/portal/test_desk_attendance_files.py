"""Report files at the desk: several at once, being read, broken ones, the rest or nothing."""

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, TestCase

from events.models import Attendance
from events.report_models import AttendanceNoting, AttendanceReport
from lms.completions.models import Completion
from tests.factories.webex import CURRENT, as_file
from tests.portal.test_desk_attendance import ANA, DAY, LOST, MEI, Desk, form_errors, report, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk()


def several(desk: Desk, *files: tuple[str, bytes]) -> Any:
    chosen = [SimpleUploadedFile(name, content) for name, content in files]
    with TestCase.captureOnCommitCallbacks(execute=True):
        return desk.client.post(desk.path("upload"), {"report": chosen, "zone": "America/New_York"})


def test_upload_answers_at_once_and_the_page_shows_how_far_the_worker_is(desk: Desk) -> None:
    desk.seat("ana@example.org", "Ana Rivera")
    form = {"report": SimpleUploadedFile("big.csv", report(ANA)), "zone": "America/New_York"}
    page = desk.client.post(desk.path("upload"), form, follow=True)
    assert "big.csv is being read" in words(page)
    assert "Waits for its turn" in words(page)
    assert page["Refresh"] == "2"
    AttendanceReport.objects.update(done=500, total=1200)
    assert "500 of 1200 rows" in words(desk.client.get(desk.path()))
    refused = desk.client.post(desk.path("apply"), {}, follow=True)
    assert "A report is still being read." in words(refused)
    AttendanceReport.objects.update(status="read", done=0, total=0)
    AttendanceNoting.objects.create(session=desk.session, total=1000, done=400)
    page = desk.client.get(desk.path())
    assert "Attendance is being noted" in words(page)
    assert "400 of 1000 people" in words(page)
    assert page["Refresh"] == "2"


def test_several_files_are_taken_in_together_or_not_at_all(desk: Desk) -> None:
    desk.seat("ana@example.org", "Ana Rivera")
    answer = several(desk, ("one.csv", report(ANA)), ("two.csv", b"%PDF-1.7\nno table"))
    (error,) = form_errors(answer)["report"]
    assert error.startswith("two.csv: This does not look like an attendance report")
    assert AttendanceReport.objects.count() == 0
    assert several(desk, ("one.csv", report(ANA)), ("two.csv", report(MEI))).status_code == 302
    assert "2 rows were read." in words(desk.client.get(desk.path()))


def test_file_the_worker_refuses_is_told_until_the_next_upload(desk: Desk) -> None:
    desk.upload(as_file([CURRENT]), name="heading-only.csv")
    page = words(desk.client.get(desk.path(), follow=True))
    assert "heading-only.csv was not taken in" in page
    assert "The report has a heading and no rows: nobody joined." in page
    assert "was not taken in" not in words(desk.upload(report(ANA)))


def test_the_rest_is_taken_or_nothing_as_the_person_chooses(desk: Desk) -> None:
    desk.seat("ana@example.org", "Ana Rivera")
    shown = words(desk.upload(report(ANA, LOST)))
    assert "Row 3 Wei Zhang wei@example.org The join time is not a date and time." in shown
    question = words(desk.client.get(desk.path("apply")))
    assert "1 row cannot be read and is left out." in question
    assert "Yes, note the rest" in question
    nothing = desk.note(nothing="1")
    assert nothing.status_code == 302  # back to the upload
    assert "Correct the file and upload it again." in words(desk.client.get(nothing.url))
    assert (Attendance.objects.count(), AttendanceReport.objects.standing().count()) == (0, 0)
    desk.upload(report(ANA, LOST))
    assert "Attendance of 1 person is noted" in words(desk.note())
    assert Completion.objects.count() == 1


def test_without_broken_rows_there_is_nothing_to_choose(desk: Desk) -> None:
    desk.seat("ana@example.org", "Ana Rivera")
    desk.upload(report(ANA))
    assert "Take nothing" not in words(desk.client.get(desk.path("apply")))


def test_file_that_breaks_off_makes_nobody_absent_by_itself(desk: Desk) -> None:
    desk.seat("ana@example.org", "Ana Rivera")
    desk.seat("lost@example.org", "Lost Below")
    whole = report(ANA, ("Lost Below", "lost@example.org", "10:00:00", "13:00:00"))
    page = words(desk.upload(whole[: whole.rindex(b"1\x003\x00")]))
    assert "The report breaks off" in page
    assert "The file breaks off in this row" in page
    question = desk.client.get(desk.path("apply")).context["form"]
    assert "absent_are_no_shows" not in question.fields  # their row is there, and stays open


def test_report_of_another_meeting_that_day_makes_nobody_absent_by_itself(desk: Desk) -> None:
    desk.seat("ana@example.org", "Ana Rivera")
    page = words(desk.upload(report(("Somebody Else", "else@example.org", "10:00:00", "13:00:00"))))
    assert "Nobody registered is in the report" in page
    question = desk.client.get(desk.path("apply")).context["form"]
    assert question["absent_are_no_shows"].initial is False


def test_every_row_and_what_becomes_of_it_is_a_table(desk: Desk) -> None:
    desk.seat("ana@example.org", "Ana Rivera")
    desk.upload(report(ANA, MEI, LOST))
    text = desk.client.get(desk.path("rows")).content.decode("utf-8-sig")
    rows = [[row[1], row[2], row[4], row[6]] for row in csv.reader(io.StringIO(text))]
    assert rows[1:] == [
        ["2", "Ana Rivera", f"{DAY} 09:58:00", "Ana Rivera: Attended"],
        ["3", "mei", f"{DAY} 10:00:00", "Waits for your look"],
        ["4", "Wei Zhang", "", "Left out"],
    ]


@pytest.mark.parametrize("rows", [1, 3])
def test_page_of_a_worker_at_work_costs_little(
    desk: Desk, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        AttendanceReport.objects.create(
            session=desk.session, sha256=str(number), name="a.csv", zone="UTC"
        )
    with django_assert_num_queries(6):
        assert desk.client.get(desk.path()).status_code == 200
    assert Client().get(desk.path()).status_code == 302
    assert Desk().client.get(desk.path()).status_code == 404
