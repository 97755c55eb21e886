"""The pages of those who speak, what their sessions hand out, the desk, and strangers."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from events import services
from events.enums import MaterialShown
from events.models import Session
from events.speaker_letters import invitation_token
from events.speaker_models import Presenting, SessionMaterial
from lms.people.models import Person
from tests.browser import code_from_mail
from tests.events.test_speakers import LINK, end
from tests.factories.events import make_coming_session, make_live_training, make_seat
from tests.factories.people import make_person
from tests.factories.speakers import (
    EVERYTHING,
    client_of,
    make_invited,
    make_material,
    make_proved,
    make_speaker,
    pdf,
    person_of,
    picture,
)
from tests.portal.test_desk_sessions import Desk, words

pytestmark = pytest.mark.django_db
NAME = "Dr. Lorraine Baptiste"


def path(name: str, row: Presenting, *more: Any) -> str:
    return reverse(f"events:speaking_{name}", args=[row.pk, *more])


def session_page(session: Session) -> str:
    return words(Client().get(reverse("events:session", args=[session.pk])))


# --- the invitation ------------------------------------------------------------------------------


def test_invitation_leads_through_the_code_to_the_answer(
    django_capture_on_commit_callbacks: Any,
) -> None:
    session = make_coming_session(title="Workshop")
    with django_capture_on_commit_callbacks(execute=True):
        row = services.invite_speaker(
            session=session, email="new@example.org", name="Lo B", actor=make_person()
        )
    address = reverse("events:speaking_invitation", args=[invitation_token(row)])
    assert address in mail.outbox[0].body
    client = Client()
    shown = words(client.get(address))
    assert not {"Workshop", "Lo B", "new@example.org"} & {
        part for part in ("Workshop", "Lo B", "new@example.org") if part in shown
    }
    with django_capture_on_commit_callbacks(execute=True):
        code_page = client.post(address, follow=True)
    done = client.post(
        code_page.redirect_chain[-1][0], {"code": code_from_mail("new@example.org")}, follow=True
    )
    assert done.redirect_chain[-1][0] == path("session", row)
    assert "Yes, I speak" in words(done)
    assert "Thank you, the office is told." in words(
        client.post(path("session", row), {"step": "confirm"}, follow=True)
    )
    row.refresh_from_db()
    assert (row.status, row.speaker.person) == (
        "confirmed",
        Person.objects.get(email="new@example.org"),
    )
    assert client.get(address).url == path("session", row)


def test_a_forged_invitation_and_another_reader() -> None:
    row = make_invited(make_coming_session())
    address = reverse("events:speaking_invitation", args=[invitation_token(row)])
    assert Client().get(address.replace("/speaking/", "/speaking/x")).status_code == 404
    other = client_of(make_proved())
    assert other.get(address).status_code == 200
    assert "You are signed in as" in words(other.post(address))


# --- strangers -----------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["another speaker", "another office", "own office", "learner"])
def test_a_speakers_pages_are_theirs_alone(who: str) -> None:
    desk = Desk()
    session = desk.session()
    row = make_speaker(session, allows=EVERYTHING)
    material = make_material(row, shown=MaterialShown.NEVER)
    learner = make_seat(session, now=datetime.now(UTC)).person
    strangers = {
        "another speaker": person_of(make_speaker(session)),
        "another office": Desk().person,
        "own office": desk.person,
        "learner": learner,
    }
    client, own = client_of(strangers[who]), client_of(person_of(row))
    for address in (
        path("session", row),
        path("leave", row),
        path("consent", row, "name"),
        path("material", row, material.pk),
        reverse("events:speaking_about", args=[row.speaker_id]),
    ):
        assert Client().get(address).url.startswith("/accounts/login/")
        assert own.get(address).status_code == 200
        for answer in (client.get(address), client.post(address, {"step": "take_back"})):
            assert answer.status_code == 404, address
    row.refresh_from_db()
    assert row.is_confirmed
    file = reverse("events:material", args=[material.pk])
    assert client.get(file).status_code == (200 if who == "own office" else 404)


@pytest.mark.parametrize("name", ["speakers", "speaker", "recording"])
def test_desk_pages_are_the_offices(name: str) -> None:
    desk = Desk()
    session = desk.over()
    row = make_speaker(session)
    args = [session.pk, row.pk] if name == "speaker" else [session.pk]
    address = reverse(f"desk_sessions:{name}", args=args)
    for person in (Desk().person, person_of(row), make_person()):
        client = client_of(person)
        data = {"step": "remove", "url": LINK, "others_agree": "on"}
        assert client.post(address, data).status_code == 404
        assert client.get(address).status_code in (404, 405)
    assert not hasattr(Session.objects.get(pk=session.pk), "recording")
    assert desk.client.get(address).status_code == (405 if name == "recording" else 200)
    elsewhere = Desk().session()
    if name == "speaker":
        wrong = reverse("desk_sessions:speaker", args=[elsewhere.pk, row.pk])
        assert desk.client.get(wrong).status_code == 404


# --- the speaker's pages -------------------------------------------------------------------------


def test_list_shows_the_readers_sessions_and_no_others() -> None:
    row = make_speaker(make_coming_session(title="Mine"))
    make_speaker(make_coming_session(title="Theirs"))
    text = words(client_of(person_of(row)).get(reverse("events:speaking")))
    assert ("Mine" in text, "Theirs" in text) == (True, False)
    assert "You are invited to no session" in words(
        client_of(make_person()).get(reverse("events:speaking"))
    )


@pytest.mark.parametrize("rows", [1, 3])
def test_list_queries_do_not_grow(rows: int, django_assert_num_queries: Any) -> None:
    person, training = make_proved(), make_live_training()
    for number in range(rows):
        make_speaker(make_coming_session(training, title=f"Session {number}"), person)
    client = client_of(person)
    with django_assert_num_queries(6):
        client.get(reverse("events:speaking"))


def test_allowing_and_taking_back_is_one_press_after_a_question() -> None:
    session = make_coming_session()
    row = make_speaker(session)
    client = client_of(person_of(row))
    ask = client.get(path("consent", row, "name"))
    assert "It is never in calendars or mails." in words(ask)
    assert "Only together with your name." in words(client.get(path("consent", row, "photo")))
    client.post(path("consent", row, "name"), {"step": "allow"})
    assert NAME in session_page(session)
    assert "search engines are asked to forget them" in words(
        client.get(path("consent", row, "name"))
    )
    client.post(path("consent", row, "name"), {"step": "take_back"})
    assert NAME not in session_page(session)
    assert client.get(path("consent", row, "anything")).status_code == 404


def test_presenters_link_is_for_who_confirmed() -> None:
    row = make_invited(make_coming_session(), join_url="https://example.org/present/1")
    person = Person.objects.get(email=row.speaker.email)
    client = client_of(person)
    assert b"present/1" not in client.get(path("session", row)).content
    services.confirm_presenting(presenting=row, actor=person)
    assert b"present/1" in client.get(path("session", row)).content
    services.leave_presenting(presenting=row, actor=person)
    assert b"present/1" not in client.get(path("session", row)).content


def test_about_is_saved_and_a_photo_that_is_none_loses_nothing() -> None:
    row = make_speaker(make_coming_session(), display_name="Lo")
    client = client_of(person_of(row))
    address = reverse("events:speaking_about", args=[row.speaker_id])
    data = {"display_name": "Lo B.", "biography": "New words.", "photo_alt": "Me"}
    wrong = client.post(address, {**data, "photo": pdf("me.jpg")})
    assert "The file is no picture." in words(wrong)
    row.speaker.refresh_from_db()
    assert (row.speaker.display_name, row.speaker.biography) == ("Lo B.", "New words.")
    missing = client.post(address, {**data, "photo_alt": "", "photo": picture()})
    assert "Say in a few words what the photo shows" in words(missing)
    assert client.post(address, {**data, "photo": picture()}).status_code == 302
    client.post(address, {"step": "remove_photo"})
    row.speaker.refresh_from_db()
    assert not row.speaker.photo


def test_file_that_is_not_what_it_says_is_refused_in_words() -> None:
    row = make_speaker(make_coming_session())
    client = client_of(person_of(row))
    wrong = SimpleUploadedFile("slides.pdf", b"MZ nothing")
    data = {"step": "material", "title": "Slides", "file": wrong, "shown": "after"}
    assert "is not what its name says" in words(client.post(path("session", row), data))
    asked = client.post(path("session", row), {"step": "material", "title": "S", "file": pdf()})
    assert "shown" in asked.context["material_form"].errors, (
        "who may have it is chosen, not assumed"
    )
    client.post(path("session", row), {**data, "file": pdf()})
    material = SessionMaterial.objects.get()
    client.post(path("material", row, material.pk), {"step": "save", "shown": "never"})
    material.refresh_from_db()
    assert material.shown == "never"
    client.post(path("material", row, material.pk), {"step": "remove"})
    assert not SessionMaterial.objects.exists()


def test_proof_of_presenting_is_theirs_once_the_session_took_place() -> None:
    session = make_coming_session(title="Workshop")
    person = make_proved(name="Lorraine Legal")
    row = make_speaker(session, person)
    gone = make_speaker(session)
    services.leave_presenting(presenting=gone, actor=person_of(gone))
    client = client_of(person)
    assert client.get(path("proof", row)).status_code == 404
    end(session)
    paper = client.get(path("proof", row))
    text = PdfReader(io.BytesIO(paper.content)).pages[0].extract_text()
    assert "Lorraine Legal" in text
    assert "Workshop" in text
    assert client_of(make_proved()).get(path("proof", row)).status_code == 404
    Presenting.objects.filter(pk=gone.pk).update(ended_at=session.starts_at)
    assert client_of(person_of(gone)).get(path("proof", gone)).status_code == 404
    services.leave_presenting(presenting=row, actor=person)
    assert client.get(path("proof", row)).status_code == 200, "it took place all the same"


# --- what registrants find -----------------------------------------------------------------------


def test_people_with_a_seat_find_materials_and_recording_while_they_may(
    django_assert_num_queries: Any,
) -> None:
    session = make_coming_session()
    row = make_speaker(session, allows=("recording",))
    later, now, never = (
        make_material(row, shown=shown, title=shown.label)
        for shown in (MaterialShown.AFTER, MaterialShown.NOW, MaterialShown.NEVER)
    )
    learner = make_seat(session, now=datetime.now(UTC)).person
    given_back = make_seat(session, now=datetime.now(UTC))
    services.cancel_registration(registration=given_back, actor=given_back.person)
    recording = reverse("events:recording", args=[session.pk])

    def opens(person: Person | None) -> list[bool]:
        client = client_of(person)
        addresses = [reverse("events:material", args=[each.pk]) for each in (later, now, never)]
        answers = [client.get(address) for address in [*addresses, recording]]
        return [answer.status_code == 200 or answer.get("Location") == LINK for answer in answers]

    assert opens(learner) == [False, True, False, False]
    end(session)
    services.keep_recording(session=session, url=LINK, actor=make_person())
    assert opens(learner) == [True, True, False, True]
    assert opens(given_back.person) == opens(make_person()) == opens(None) == [False] * 4
    file = client_of(learner).get(reverse("events:material", args=[now.pk]))
    assert file["Content-Disposition"] == 'attachment; filename="at-once.pdf"'
    page = words(client_of(learner).get(reverse("events:session", args=[session.pk])))
    assert "Watch the recording" in page
    assert "Materials from past sessions" in words(client_of(learner).get("/my/"))
    assert "Watch the recording" not in session_page(session)

    services.take_back(presenting=row, kind="recording", actor=person_of(row))
    assert opens(learner) == [True, True, False, False]
    assert opens(person_of(row))[3], "who spoke may look at it before deciding"
    services.leave_presenting(presenting=row, actor=person_of(row))
    assert opens(learner) == [False] * 4
    assert "Materials from past sessions" not in words(client_of(learner).get("/my/"))


# --- the desk ------------------------------------------------------------------------------------


def test_desk_invites_sees_answers_and_takes_back_for_somebody(
    django_capture_on_commit_callbacks: Any,
) -> None:
    desk = Desk()
    session = desk.session()
    address = reverse("desk_sessions:speakers", args=[session.pk])
    wrong = desk.client.post(address, {"name": "Lo B", "email": "nowhere", "role": "speaker"})
    assert wrong.context["form"]["name"].value() == "Lo B"
    person = make_proved(name="Lo B")
    with django_capture_on_commit_callbacks(execute=True):
        done = desk.client.post(
            address, {"name": "Lo B", "email": person.email, "role": "panelist"}, follow=True
        )
    assert "Lo B is invited by mail." in words(done)
    assert "Invited" in words(done)
    row = Presenting.objects.get()
    one = reverse("desk_sessions:speaker", args=[session.pk, row.pk])
    assert "a moment ago" in words(desk.client.post(one, {"step": "again"}, follow=True))
    desk.client.post(one, {"step": "save", "role": "speaker", "join_url": "example.org/p"})
    services.confirm_presenting(presenting=row, actor=person)
    row.refresh_from_db()
    assert (row.role, row.join_url) == ("speaker", "https://example.org/p")
    assert "Nothing is shown" in words(desk.client.get(address))
    services.change_about(speaker=row.speaker, display_name="Lo", biography="", actor=person)
    services.allow(presenting=row, kind="name", actor=person)
    assert "Take back: Name" in words(desk.client.get(one))
    desk.client.post(one, {"step": "name"})
    assert "Lo" not in session_page(session).split()
    desk.client.post(one, {"step": "remove"})
    row.refresh_from_db()
    assert row.status == "removed"


def test_desk_keeps_a_recording_and_reads_whose_leave_it_lacks() -> None:
    desk = Desk()
    session = desk.over()
    make_speaker(session)
    address = reverse("desk_sessions:recording", args=[session.pk])
    assert (
        "others_agree" in desk.client.post(address, {"url": LINK}).context["recording_form"].errors
    )
    done = desk.client.post(address, {"url": LINK, "others_agree": "on"}, follow=True)
    assert "Nobody can watch it: 1 person who spoke does not allow it." in words(done)
    desk.client.post(address, {"step": "remove"})
    assert not hasattr(Session.objects.get(pk=session.pk), "recording")


@pytest.mark.parametrize("rows", [1, 3])
def test_desk_queries_do_not_grow(rows: int, django_assert_num_queries: Any) -> None:
    desk = Desk()
    session = desk.session()
    for _n in range(rows):
        make_material(make_speaker(session, allows=("name",)))
    with django_assert_num_queries(13):
        desk.client.get(reverse("desk_sessions:speakers", args=[session.pk]))


def test_those_who_speak_are_told_when_the_session_moves_or_is_cancelled(
    django_capture_on_commit_callbacks: Any,
) -> None:
    session = make_coming_session()
    make_speaker(session)
    gone = make_speaker(session)
    services.leave_presenting(presenting=gone, actor=person_of(gone))
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        services.change_details(session=session, location="Room 9", actor=None)
    with django_capture_on_commit_callbacks(execute=True):
        services.cancel_session(session=session, reason="Storm.", actor=None)
    assert [letter.subject for letter in mail.outbox] == [
        "A session in which you speak has changed",
        "A session in which you were to speak is cancelled",
    ]
    assert "The reason: Storm." in mail.outbox[1].body
