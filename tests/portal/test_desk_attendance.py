"""The attendance desk: upload, look, say who is who, note, certificates; and outsiders."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, TestCase
from django.urls import reverse

from events import services
from events.enums import Outcome
from events.models import Registration, Session
from events.report_models import AttendanceReport, KnownAddress, ReportPerson
from events.services import Mark
from lms.certificates.models import Certificate
from lms.completions.models import Completion
from lms.people.enums import Role
from lms.people.models import Person
from tests.factories.events import make_live_page, make_seat, make_session
from tests.factories.people import make_office, make_person, make_with_role
from tests.factories.webex import Told, report_of

pytestmark = pytest.mark.django_db

# A day long past, so that the pages' clock is always after it.
DAY = date(2025, 7, 15)
THEN = datetime(2025, 6, 1, tzinfo=UTC)
ANA: Told = ("Ana Rivera", "ana@example.org", "09:58:00", "13:02:00")
MEI: Told = ("mei", "3f0f@guest.webex.localhost", "10:00:00", "12:59:59")
CALLER: Told = ("Call-in User_3", "", "10:02:00", "12:40:00")
FATIMA: Told = ("Fatima al-Sayed", "fatima@provider.example.org", "10:00:00", "12:50:00")
LOST: Told = ("Wei Zhang", "wei@example.org", "soon", "12:50:00")


def report(*rows: Told) -> bytes:
    """A report of the session's day."""
    dated = [
        (name, email, f"{DAY} {joined}", f"{DAY} {left}") for name, email, joined, left in rows
    ]
    return report_of(*dated, start=f"{DAY} 09:58:12")


class Desk:
    """A coordinator, signed in, and a session that is over, with people in it."""

    def __init__(self) -> None:
        self.office = make_office()
        self.person: Person = make_with_role(Role.COORDINATOR, self.office)
        self.client = Client()
        self.client.force_login(self.person)
        page = make_live_page(office=self.office)
        self.session: Session = make_session(page.training(), day=DAY, now=THEN)

    def seat(self, email: str, name: str) -> Registration:
        return make_seat(self.session, make_person(email, name=name), now=THEN)

    def path(self, name: str = "overview", *args: int) -> str:
        return reverse(f"desk_attendance:{name}", args=[self.session.pk, *args])

    def upload(
        self, content: bytes, *, zone: str = "America/New_York", name: str = "participant-1.csv"
    ) -> Any:
        form = {"report": SimpleUploadedFile(name, content), "zone": zone}
        with TestCase.captureOnCommitCallbacks(execute=True):
            answer = self.client.post(self.path("upload"), form)
        if answer.status_code != 302:
            return answer
        return self.client.get(answer.url)

    def press(self, who: str, **button: Any) -> Any:
        """One of the buttons beside somebody in the report."""
        person = ReportPerson.objects.get(session=self.session, name=who)
        return self.client.post(self.path("person", person.pk), button, follow=True)

    def note(self, **form: Any) -> Any:
        """The confirmation's button; what waits for the commit happens."""
        with TestCase.captureOnCommitCallbacks(execute=True):
            answer = self.client.post(self.path("apply"), form)
        return self.client.get(answer.url) if answer.status_code == 302 else answer


@pytest.fixture
def desk() -> Desk:
    return Desk()


def words(response: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.replace("&#x27;", "'").replace("&quot;", '"').split())


def form_errors(response: Any) -> dict[str, list[str]]:
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


# --- the journey ---------------------------------------------------------------------------------


def test_from_the_uploaded_report_to_the_certificates(desk: Desk) -> None:
    ana = desk.seat("ana@example.org", "Ana Rivera")
    mei = desk.seat("mchen@example.org", "Mei Chen")
    absent = desk.seat("absent@example.org", "Nobody Came")
    session_page = reverse("desk_sessions:session", args=[desk.session.pk])
    assert desk.path() in desk.client.get(session_page).content.decode()
    assert "Upload and look" in words(desk.client.get(desk.path(), follow=True))

    looked = desk.upload(report(ANA, MEI, CALLER, FATIMA, LOST))
    text = words(looked)
    assert "5 rows were read. Nothing is noted yet" in text
    assert "1 meet the rule" in text
    assert "3 to look at" in text
    assert "Joined 9:58 am, left 1:02 pm: 180 of 180 minutes" in text
    assert "Row 6 Wei Zhang wei@example.org The join time is not a date and time." in text
    assert "It is Mei Chen" in text
    assert Completion.objects.count() == 0

    assert "mei is Mei Chen." in words(desk.press("mei", link=mei.pk))
    added = {"first_name": "Fatima", "last_name": "al-Sayed", "email": FATIMA[1]}
    assert "has a seat now" in words(desk.press("Fatima al-Sayed", walk_in=1, **added))
    assert "no participant" in words(desk.press("Call-in User_3", aside=1))
    assert "Everybody in the report is placed" in words(desk.client.get(desk.path()))

    question = words(desk.client.get(desk.path("apply")))
    assert "3 people attended: completion and certificate follow by themselves." in question
    assert "1 person registered is in no report" in question
    done = words(desk.note(absent_are_no_shows="on"))
    assert "Attendance of 4 people is noted (Attended: 3, Did not come: 1)." in done
    assert "Everything is noted." in done
    holders = {certificate.completion.person for certificate in Certificate.objects.all()}
    fatima = Person.objects.get(email=FATIMA[1])
    assert holders == {ana.person, mei.person, fatima}
    assert absent.attendances.get().outcome == Outcome.NO_SHOW

    again = words(desk.note(absent_are_no_shows="on"))
    assert "Everything was noted already; nothing has changed." in again
    assert Certificate.objects.count() == 3


def test_late_correction_comes_through(desk: Desk) -> None:
    seat = desk.seat("ana@example.org", "Ana Rivera")
    desk.upload(report(ANA))
    desk.note()
    first = AttendanceReport.objects.get()
    assert "Take out" in words(desk.client.get(desk.path("remove", first.pk)))
    assert "counts no more" in words(desk.client.post(desk.path("remove", first.pk), follow=True))
    desk.upload(report((ANA[0], ANA[1], "10:00:00", "11:00:00")))
    assert "Will be corrected; until now: Attended" in words(desk.client.get(desk.path()))
    desk.note()
    assert Completion.objects.standing().count() == 0
    assert seat.attendances.last().outcome == Outcome.PARTIAL  # type: ignore[union-attr]


# --- uploading -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("report.csv", b"", "empty"),
        ("report.csv", b"\xff\xfe", "The file is empty."),
        (
            "report.csv",
            b"MZ\x90\x00\x03",
            "This is not a table. Choose the file that Webex gave you",
        ),
        ("report.csv", b"%PDF-1.7\nno table at all", "does not look like an attendance report"),
        ("report.xlsx", b"PK\x03\x04 workbook", "The file is damaged"),
        ("report.exe", b"MZ\x90", "This is not a table. Choose the file that Webex gave you"),
        ("report.csv", b"Name,Email\nAna,ana@example.org\n", "no column for when people joined"),
    ],
)
def test_file_that_is_no_report_is_refused_beside_its_field(
    desk: Desk, name: str, content: bytes, said: str
) -> None:
    response = desk.upload(content, name=name)
    (error,) = form_errors(response)["report"]
    assert said in error
    assert AttendanceReport.objects.count() == 0


def test_upload_without_file_or_with_a_strange_zone_is_refused(desk: Desk) -> None:
    response = desk.client.post(desk.path("upload"), {"zone": "Mars/Base"})
    assert set(form_errors(response)) == {"report", "zone"}


def test_same_file_again_is_told_and_changes_nothing(desk: Desk) -> None:
    desk.upload(report(ANA))
    assert "here already; nothing has changed" in words(desk.upload(report(ANA)))
    assert AttendanceReport.objects.count() == 1


def test_later_download_says_that_it_replaces(desk: Desk) -> None:
    desk.upload(report(ANA))
    assert "It replaces the earlier report" in words(desk.upload(report(ANA, MEI)))
    assert "Of a meeting that was started twice" in words(desk.client.get(desk.path("upload")))


def test_meeting_started_twice_is_told(desk: Desk) -> None:
    desk.upload(report(ANA))
    second = report_of(
        ("Ana Rivera", ANA[1], f"{DAY} 13:05:00", f"{DAY} 13:10:00"), start=f"{DAY} 13:04:00"
    )
    assert "The meeting was started 2 times." in words(desk.upload(second))


def test_cancelled_session_takes_no_report(desk: Desk) -> None:
    services.cancel_session(session=desk.session, reason="Ill", actor=None, now=THEN)
    assert "This session was cancelled" in words(desk.client.get(desk.path(), follow=True))
    assert "This session was cancelled." in form_errors(desk.upload(report(ANA)))["report"]


def test_file_can_be_had_back_as_it_was(desk: Desk) -> None:
    desk.upload(report(ANA))
    response = desk.client.get(desk.path("file", AttendanceReport.objects.get().pk))
    assert b"".join(response.streaming_content) == report(ANA)
    assert response["Content-Disposition"].startswith('attachment; filename="attendance-2025-07-15')
    assert response["Content-Type"] == "application/octet-stream"


# --- warnings ------------------------------------------------------------------------------------


def test_wrong_zone_is_told_and_mended_with_one_button(desk: Desk) -> None:
    desk.seat("ana@example.org", "Ana Rivera")
    text = words(desk.upload(report(ANA), zone="America/Chicago"))
    assert "seem to be in another zone" in text
    assert "Read as Central (Chicago), the meeting began about 1 hour after the session." in text
    found = AttendanceReport.objects.get()
    button = {"zone": "America/New_York"}
    with TestCase.captureOnCommitCallbacks(execute=True):
        desk.client.post(desk.path("read_again", found.pk), button)
    mended = words(desk.client.get(desk.path()))
    assert "another zone" not in mended
    assert "180 minutes" in mended


def test_doubted_zone_is_noted_only_by_whoever_looked(desk: Desk) -> None:
    seat = desk.seat("ana@example.org", "Ana Rivera")
    desk.upload(report(ANA), zone="America/Chicago")
    refused = desk.note()
    assert form_errors(refused)["zone_checked"] == [
        "Look at the time zone first, and say that it is right."
    ]
    assert seat.attendances.count() == 0
    desk.note(zone_checked="on")
    assert seat.attendances.get().minutes == 122


def test_strange_zone_posted_by_hand_is_refused(desk: Desk) -> None:
    desk.upload(report(ANA))
    found = AttendanceReport.objects.get()
    response = desk.client.post(desk.path("read_again", found.pk), {"zone": "Mars"}, follow=True)
    assert "Choose one of the time zones of the list." in words(response)


def test_report_of_another_day_is_told_and_not_noted(desk: Desk) -> None:
    seat = desk.seat("ana@example.org", "Ana Rivera")
    there = (ANA[0], ANA[1], "2025-07-01 10:00:00", "2025-07-01 13:00:00")
    text = words(desk.upload(report_of(there, start="2025-07-01 09:58:00")))
    assert "Is participant-1.csv the right file?" in text
    assert "Nobody in the report was there during the session." in words(desk.note())
    assert seat.attendances.count() == 0


# --- who is who ----------------------------------------------------------------------------------


def test_link_is_found_by_searching_and_can_be_taken_back(desk: Desk) -> None:
    seat = desk.seat("wei@example.org", "Wei Zhang")
    desk.upload(report(("The other name", "home@mail.example.org", "10:00:00", "13:00:00")))
    person = ReportPerson.objects.get()
    address = desk.path("person", person.pk)
    assert "Wei Zhang" not in words(desk.client.get(address))
    assert "Nobody registered has this name" in words(desk.client.get(address, {"q": "xyz"}))
    assert "Wei Zhang" in words(desk.client.get(address, {"q": "ZHANG wei@"}))
    desk.press("The other name", link=seat.pk)
    assert KnownAddress.objects.get().person == seat.person
    assert "Take the link back" in words(desk.client.get(address))
    assert "is taken back" in words(desk.press("The other name", unlink=seat.pk))
    assert "Nobody registered was found." in words(desk.client.get(address))


def test_shared_screen_is_told(desk: Desk) -> None:
    desk.seat("ana@example.org", "Ana Rivera")
    beside = desk.seat("luz@example.org", "Luz Reyes")
    desk.upload(report(ANA))
    told = words(desk.press("Ana Rivera", shared=beside.pk))
    assert "Luz Reyes shared the screen of Ana Rivera." in told
    assert "Shared somebody's screen. Joined 9:58 am" in told


def test_no_participant_may_come_back(desk: Desk) -> None:
    desk.upload(report(CALLER))
    assert "1 in the report is no participant" in words(desk.press("Call-in User_3", aside=1))
    assert "waits for your look again" in words(desk.press("Call-in User_3", back=1))


def test_walk_in_without_a_name_is_asked_for_it(desk: Desk) -> None:
    desk.upload(report(CALLER))
    response = desk.press("Call-in User_3", walk_in=1, first_name="Mei", last_name="", email="x")
    assert set(response.context["walk_in"].errors) == {"last_name", "email"}
    assert Registration.objects.count() == 0


def test_walk_in_with_somebody_elses_address_is_asked_about(desk: Desk) -> None:
    owner = make_person("frontdesk@example.org", name="Ana Rivera")
    desk.upload(report(CALLER))
    bo = {"walk_in": 1, "first_name": "Bo", "last_name": "Chen", "email": owner.email}
    asked = words(desk.press("Call-in User_3", **bo))
    assert "This address is Ana Rivera's. Is this Ana Rivera?" in asked
    assert Registration.objects.count() == 0
    told = words(desk.press("Call-in User_3", **bo, is_person=owner.pk))
    assert "Ana Rivera has a seat now and is linked." in told


def test_button_with_somebody_of_another_session_does_nothing(desk: Desk) -> None:
    elsewhere = make_seat(make_session(day=DAY, now=THEN), now=THEN)
    desk.upload(report(CALLER))
    for value in (elsewhere.pk, "x", "", 10**30):
        assert desk.press("Call-in User_3", link=value).status_code == 404
    assert desk.press("Call-in User_3").status_code == 404


def test_link_to_a_seat_given_back_is_refused_with_words(desk: Desk) -> None:
    seat = desk.seat("ana@example.org", "Ana Rivera")
    desk.upload(report(CALLER))
    services.cancel_registration(registration=seat, actor=None, now=THEN)
    assert "Ana Rivera has no seat in this session." in words(
        desk.press("Call-in User_3", link=seat.pk)
    )


def test_somebody_in_a_report_that_counts_no_more_has_no_page(desk: Desk) -> None:
    desk.upload(report(CALLER))
    services.set_aside_report(report=AttendanceReport.objects.get(), actor=None)
    address = desk.path("person", ReportPerson.objects.get().pk)
    assert desk.client.get(address).status_code == 404


# --- noting --------------------------------------------------------------------------------------


def test_what_was_noted_by_hand_stays_and_is_told(desk: Desk) -> None:
    seat = desk.seat("ana@example.org", "Ana Rivera")
    marks = [Mark(seat, Outcome.PARTIAL, 20)]
    services.mark_many(session=desk.session, marks=marks, actor=desk.person)
    text = words(desk.upload(report(ANA)))
    assert "Noted by hand, stays unless you say otherwise. The report says: Attended" in text
    assert "What somebody noted by hand for 1 person stays." in words(desk.note())
    desk.note(replace_noted="on")
    assert seat.attendances.last().outcome == Outcome.ATTENDED  # type: ignore[union-attr]


def test_absent_people_stay_open_if_the_box_is_empty(desk: Desk) -> None:
    desk.seat("ana@example.org", "Ana Rivera")
    absent = desk.seat("absent@example.org", "Nobody Came")
    desk.upload(report(ANA))
    page = desk.client.get(desk.path("apply"))
    assert page.context["form"]["absent_are_no_shows"].initial is True
    desk.note()
    assert absent.attendances.count() == 0


def test_nobody_registered_is_said(desk: Desk) -> None:
    assert "Nobody is registered" in words(desk.upload(report(CALLER)))


# --- outsiders and cost --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["overview", "upload", "apply", "rows", "file", "read_again", "remove", "person"]
)
def test_only_the_owning_offices_coordinators_come_in(desk: Desk, name: str) -> None:
    desk.upload(report(CALLER))
    own = {"person": ReportPerson.objects.get().pk}
    pressed = {"zone": "UTC", "aside": "1"}
    needs = {"file", "read_again", "remove", "person"}
    args = [own.get(name, AttendanceReport.objects.get().pk)] if name in needs else []
    address = desk.path(name, *args)
    own_answer = desk.client.get(address)
    b"".join(own_answer)  # read to its end, a file is closed
    assert own_answer.status_code == (405 if name == "read_again" else 200)
    elsewhere, learner = Desk(), Client()
    learner.force_login(make_person())
    for outsider in (elsewhere.client, learner):
        assert outsider.post(address, pressed).status_code in (404, 405)
        assert outsider.get(address).status_code in (404, 405)
    if name != "read_again":
        assert elsewhere.client.get(address).status_code == 404
    assert Client().get(address).status_code in (302, 405)
    # Nor through a session of one's own.
    if args:
        own_way_in = elsewhere.path(name, *args)
        assert elsewhere.client.post(own_way_in, pressed).status_code in (404, 405)
        assert elsewhere.client.get(elsewhere.path(name, *args)).status_code in (404, 405)
    assert AttendanceReport.objects.standing().get().zone == "America/New_York"
    assert ReportPerson.objects.get().set_aside_at is None


@pytest.mark.parametrize("people", [1, 3])
def test_page_costs_the_same_with_more_people(
    desk: Desk, people: int, django_assert_num_queries: Any
) -> None:
    rows: list[Told] = [CALLER]
    for number in range(people):
        seat = desk.seat(f"p{number}@example.org", f"Ana {'B' * (number + 1)}")
        rows.append((str(seat.person), f"p{number}@example.org", "10:00:00", "13:00:00"))
        rows.append((f"Guest {number}", "", "10:00:00", "13:00:00"))
        rows.append((f"Lost {number}", "", "soon", "13:00:00"))
        desk.seat(f"absent{number}@example.org", "Not Here")
    desk.upload(report(*rows))
    with django_assert_num_queries(17):
        assert desk.client.get(desk.path()).status_code == 200
