"""Those who speak: invited, confirmed, what they allow and take back, and who may do it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, transaction

from events import services
from events.enums import ConsentKind, MaterialShown
from events.models import Session
from events.speaker_models import Presenting, SessionMaterial, Speaker, SpeakerConsent
from events.speaker_selectors import presentings_of, who_comes
from events.speakers import consents_of, missing_for_recording, recording_of, shown_in
from lms.core import personal_data
from lms.core.exceptions import Refused
from lms.core.models import AuditEntry
from tests.factories.events import make_coming_session, make_live_training, make_seat
from tests.factories.people import make_office, make_person
from tests.factories.speakers import (
    EVERYTHING,
    make_invited,
    make_material,
    make_proved,
    make_speaker,
    picture,
)

pytestmark = pytest.mark.django_db
LINK = "https://webex.example.org/recordings/1"


def end(session: Session) -> Session:
    """The session was over an hour ago."""
    now = datetime.now(UTC)
    Session.objects.filter(pk=session.pk).update(
        starts_at=now - timedelta(hours=4), ends_at=now - timedelta(hours=1)
    )
    session.refresh_from_db()
    return session


def names(session: Session) -> list[str]:
    return shown_in(session).names


# --- invited -------------------------------------------------------------------------------------


def test_invitation_is_mailed_once_and_names_nobody(
    django_capture_on_commit_callbacks: Any,
) -> None:
    training = make_live_training(office=make_office(name="City office"))
    session = make_coming_session(training, title="Workshop")
    asked = {"session": session, "email": "Lo@Example.org ", "name": "Lo B", "actor": make_person()}
    with django_capture_on_commit_callbacks(execute=True):
        first = services.invite_speaker(**asked)
        assert services.invite_speaker(**asked) == first
    [letter] = mail.outbox
    assert (letter.subject, letter.to) == ("An invitation from City office", ["lo@example.org"])
    assert "/events/speaking/" in letter.body
    assert "Workshop" in letter.body
    assert "Lo B" not in f"{letter.subject} {letter.body}"
    assert (first.status, first.speaker.person, names(session)) == ("invited", None, [])


def test_invitation_is_not_sent_again_at_once_nor_once_answered() -> None:
    person = make_proved()
    row = make_invited(make_coming_session(), person)
    with pytest.raises(Refused, match="a moment ago"):
        services.invite_again(presenting=row, actor=person)
    later = row.invited_at + timedelta(minutes=11)
    assert services.invite_again(presenting=row, actor=person, now=later).invitations == 2
    services.confirm_presenting(presenting=row, actor=person)
    with pytest.raises(Refused, match="answered already"):
        services.invite_again(presenting=row, actor=person, now=later + timedelta(hours=1))


def test_invitation_is_theirs_who_proved_the_address_and_stays_theirs() -> None:
    person, other = make_proved(), make_proved()
    row = make_invited(make_coming_session(), person)
    unproved = make_person("typed@example.org")
    make_invited(make_coming_session(), unproved)
    assert presentings_of(person) == [row]
    assert presentings_of(other) == presentings_of(unproved) == []
    services.confirm_presenting(presenting=row, actor=person)
    person.emailaddress_set.all().delete()
    assert presentings_of(person) == [row]


def test_cancelled_sessions_take_no_speakers() -> None:
    session = make_coming_session()
    row = make_invited(session)
    services.cancel_session(session=session, reason="Storm.", actor=None)
    for attempt in (
        lambda: make_invited(session),
        lambda: services.confirm_presenting(presenting=row, actor=make_person()),
    ):
        with pytest.raises(Refused, match="was cancelled"):
            attempt()


def test_who_declined_is_shown_nowhere_and_can_be_asked_again() -> None:
    session, person = make_coming_session(), make_proved()
    row = make_invited(session, person)
    services.leave_presenting(presenting=row, actor=person)
    row.refresh_from_db()
    assert row.status == "declined"
    with pytest.raises(Refused, match="is over"):
        services.confirm_presenting(presenting=row, actor=person)
    again = make_invited(session, person)
    assert (again.pk, again.status, again.invitations) == (row.pk, "invited", 2)


# --- allowing and taking back --------------------------------------------------------------------


def test_nothing_is_shown_before_it_is_allowed() -> None:
    session = make_coming_session()
    row = make_speaker(session)
    assert shown_in(session).people == []
    person = row.speaker.person
    assert person is not None
    services.change_label(presenting=row, label="A survivor  advocate", actor=person)
    [shown] = shown_in(session).people
    assert (shown.name, shown.biography, shown.photo_url) == ("A survivor advocate", "", "")
    services.allow(presenting=row, kind="name", actor=person)
    [shown] = shown_in(session).people
    assert (shown.name, shown.biography, shown.photo_url, shown.indexed) == (
        "Dr. Lorraine Baptiste", "", "", False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("allowed", "expected"),
    [
        (("name",), ("Dr. Lorraine Baptiste", False, False, False)),
        (("name", "biography"), ("Dr. Lorraine Baptiste", True, False, False)),
        (("name", "photo"), ("Dr. Lorraine Baptiste", False, True, False)),
        (("name", "indexing"), ("Dr. Lorraine Baptiste", False, False, True)),
        (EVERYTHING, ("Dr. Lorraine Baptiste", True, True, True)),
    ],
)
def test_each_thing_is_allowed_by_itself(
    allowed: tuple[str, ...], expected: tuple[Any, ...]
) -> None:
    session = make_coming_session()
    make_speaker(session, allows=allowed)
    [shown] = shown_in(session).people
    assert (shown.name, bool(shown.biography), bool(shown.photo_url), shown.indexed) == expected


def test_consent_is_for_one_session() -> None:
    first, second = make_coming_session(), make_coming_session(starts_in=timedelta(days=40))
    person = make_proved()
    make_speaker(first, person, allows=EVERYTHING)
    make_speaker(second, person)
    assert (names(first), names(second)) == (["Dr. Lorraine Baptiste"], [])


def test_only_the_speaker_allows_and_the_office_may_take_back() -> None:
    session = make_coming_session()
    row = make_speaker(session, allows=("name",))
    coordinator = make_person()
    with pytest.raises(Refused, match="Only the person who speaks"):
        services.allow(presenting=row, kind="recording", actor=coordinator)
    services.take_back(presenting=row, kind="name", actor=coordinator)
    assert names(session) == []


@pytest.mark.parametrize("kind", ConsentKind.WITH_NAME)
def test_what_means_nothing_without_the_name_waits_for_it_and_goes_with_it(kind: str) -> None:
    session = make_coming_session()
    row = make_speaker(session)
    person = row.speaker.person
    assert person is not None
    with pytest.raises(Refused, match="your name first"):
        services.allow(presenting=row, kind=kind, actor=person)
    services.allow(presenting=row, kind="name", actor=person)
    services.allow(presenting=row, kind=kind, actor=person)
    services.take_back(presenting=row, kind="name", actor=person)
    services.allow(presenting=row, kind="name", actor=person)
    assert consents_of([row.pk])[row.pk] == {"name"}


def test_nothing_can_be_allowed_that_is_not_there_or_before_confirming() -> None:
    session, person = make_coming_session(), make_proved()
    row = make_invited(session, person)
    services.confirm_presenting(presenting=row, actor=person)
    with pytest.raises(Refused, match="nothing to show"):
        services.allow(presenting=row, kind="name", actor=person)
    other = make_invited(make_coming_session(row.session.training, title="Other"), person)
    with pytest.raises(Refused, match="Confirm first"):
        services.allow(presenting=other, kind="recording", actor=person)


def test_consents_are_rows_that_stay_and_twice_is_once() -> None:
    row = make_speaker(make_coming_session(), allows=("name",))
    person = row.speaker.person
    assert person is not None
    services.allow(presenting=row, kind="name", actor=person)
    for _twice in range(2):
        services.take_back(presenting=row, kind="name", actor=person)
    kept = SpeakerConsent.objects.values_list("kind", "granted", "actor")
    assert list(kept) == [("name", True, person.pk), ("name", False, person.pk)]
    for change in (
        lambda: SpeakerConsent.objects.update(granted=True),
        lambda: SpeakerConsent.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="keeps facts"), transaction.atomic():
            change()
    told = AuditEntry.objects.filter(action__startswith="speaker.").values_list("data", flat=True)
    assert "Lorraine" not in str(list(told))


def test_withdrawing_ends_everything_and_asking_again_brings_nothing_back(
    django_capture_on_commit_callbacks: Any,
) -> None:
    office = make_office(contact_email="desk@example.org")
    session, person = make_coming_session(make_live_training(office=office)), make_proved()
    row = make_speaker(session, person, allows=EVERYTHING)
    services.change_label(presenting=row, label="A trainer", actor=person)
    material = make_material(row, shown=MaterialShown.NOW)
    seat = make_seat(session, now=datetime.now(UTC))
    handed = SessionMaterial.objects.handed_out_to(seat.person, datetime.now(UTC))
    assert list(handed) == [material]
    with django_capture_on_commit_callbacks(execute=True):
        for _twice in range(2):
            services.leave_presenting(presenting=row, actor=person)
    assert (names(session), list(handed.all()), consents_of([row.pk])) == ([], [], {})
    [letter] = mail.outbox
    assert letter.to == ["desk@example.org"]
    assert "Lorraine" not in f"{letter.subject} {letter.body}"
    make_invited(session, person)
    services.confirm_presenting(presenting=row, actor=person)
    assert (names(session), list(handed.all())) == ([], [])


def test_office_removes_before_the_session_and_not_after() -> None:
    session = make_coming_session()
    row, late = make_speaker(session, allows=EVERYTHING), make_speaker(session)
    services.remove_speaker(presenting=row, actor=make_person())
    assert names(session) == []
    person = row.speaker.person
    assert person is not None
    assert presentings_of(person) == []
    end(session)
    with pytest.raises(Refused, match="has begun"):
        services.remove_speaker(presenting=late, actor=make_person())


def test_typed_names_are_no_way_round_somebodys_no() -> None:
    session = make_coming_session(speakers="Prof. Lorraine Baptísté, MSW, Lo Bap, Ida Blum")
    assert names(session) == ["Prof. Lorraine Baptísté", "MSW", "Lo Bap", "Ida Blum"]
    row = make_invited(session, name="Lorraine Baptiste")
    assert names(session) == ["MSW", "Lo Bap", "Ida Blum"]
    person = make_proved()
    make_speaker(session, person, display_name="Lo Bap", name="Nobody Else")
    assert names(session) == ["MSW", "Ida Blum"]
    services.remove_speaker(presenting=row, actor=person)
    assert "Baptísté" not in str(names(session))


# --- recordings ----------------------------------------------------------------------------------


def test_recording_waits_for_everybody_who_spoke() -> None:
    session = make_coming_session()
    one, two = make_speaker(session, allows=("recording",)), make_speaker(session)
    asked = make_invited(session)
    with pytest.raises(Refused, match="once the session is over"):
        services.keep_recording(session=session, url=LINK, actor=make_person())
    end(session)
    services.keep_recording(session=session, url=LINK, actor=make_person())
    assert missing_for_recording([session.pk]) == {session.pk: [two, asked]}
    assert two.speaker.person
    services.allow(presenting=two, kind="recording", actor=two.speaker.person)
    assert recording_of(session) is None
    services.leave_presenting(presenting=asked, actor=make_person())
    found = recording_of(session)
    assert found
    assert found.url == LINK
    services.leave_presenting(presenting=one, actor=make_person())
    assert recording_of(session) is None, "who left after the session is in its recording"


def test_who_withdrew_before_the_session_is_not_in_its_recording() -> None:
    session = make_coming_session()
    row = make_speaker(session)
    services.leave_presenting(presenting=row, actor=make_person())
    now = datetime.now(UTC)
    Presenting.objects.update(ended_at=now - timedelta(days=2))
    end(session)
    services.keep_recording(session=session, url=LINK, actor=make_person())
    assert recording_of(session)


def test_office_is_asked_to_delete_a_recording_that_is_allowed_no_longer(
    django_capture_on_commit_callbacks: Any,
) -> None:
    office = make_office(contact_email="desk@example.org")
    session = make_coming_session(make_live_training(office=office))
    row = make_speaker(session, allows=("recording",))
    end(session)
    row.session.refresh_from_db()
    assert row.speaker.person
    with django_capture_on_commit_callbacks(execute=True):
        services.take_back(presenting=row, kind="recording", actor=row.speaker.person)
    assert "Please delete it where it lies." in mail.outbox[0].body


# --- what is kept --------------------------------------------------------------------------------


def test_photo_keeps_nothing_of_the_camera_and_an_old_one_is_deleted(
    django_capture_on_commit_callbacks: Any,
) -> None:
    row = make_speaker(make_coming_session())
    speaker = row.speaker
    old, storage = str(speaker.photo.name), speaker.photo.storage
    with speaker.photo.open("rb") as kept:
        assert b"Hidden Street" not in kept.read()
    with django_capture_on_commit_callbacks(execute=True):
        services.keep_photo(speaker=speaker, upload=picture(), alt="Again", actor=make_person())
    assert not storage.exists(old)
    with pytest.raises(Refused, match="what the photo shows"):
        services.keep_photo(speaker=speaker, upload=picture(), alt=" ", actor=make_person())
    with django_capture_on_commit_callbacks(execute=True):
        services.remove_photo(speaker=speaker, actor=make_person())
    speaker.refresh_from_db()
    assert (str(speaker.photo), speaker.photo_alt) == ("", "")


def test_a_file_keeps_no_name_and_goes_with_its_row(
    django_capture_on_commit_callbacks: Any,
) -> None:
    material = make_material(make_speaker(make_coming_session()))
    name, storage = str(material.file.name), material.file.storage
    assert "aptiste" not in name
    with django_capture_on_commit_callbacks(execute=True):
        services.remove_material(material=material, actor=make_person())
    assert not storage.exists(name)


def test_numbers_of_people_are_shown_from_five_on() -> None:
    session = make_coming_session()
    assert who_comes(session) == ["Nobody is registered yet."]
    for number in range(6):
        person = make_person()
        said = services.Said(language="Haitian Creole" if number < 4 else "spanish", needs=["sign"])
        services.register(session=session, person=person, actor=person, said=said)
        if number == 3:
            assert who_comes(session) == ["Fewer than five people are registered."]
    assert who_comes(session) == [
        "6 people are registered.",
        "Sign language interpreter: 6 people",
    ]


def test_export_and_erasure_of_somebody_who_speaks(
    django_capture_on_commit_callbacks: Any,
) -> None:
    session = make_coming_session()
    row = make_speaker(session, allows=EVERYTHING)
    make_material(row)
    person = row.speaker.person
    assert person
    [kept] = personal_data.export(person)["events.speakers"]
    assert (kept["display_name"], kept["sessions"][0]["allowed_now"]) == (
        "Dr. Lorraine Baptiste",
        sorted(EVERYTHING),
    )
    [holding] = [each for each in personal_data.holdings() if each.name == "events.speakers"]
    assert holding.erase
    with django_capture_on_commit_callbacks(execute=True):
        assert holding.erase(person) == 1
    speaker = Speaker.objects.get()
    left = (speaker.name, speaker.email, speaker.display_name, speaker.biography, speaker.person)
    assert left == ("", "", "", "", None)
    assert (names(session), SessionMaterial.objects.count(), bool(speaker.photo)) == ([], 0, False)


@pytest.mark.parametrize("rows", [1, 3])
def test_who_is_shown_costs_two_queries(rows: int, django_assert_num_queries: Any) -> None:
    session = make_coming_session()
    for _n in range(rows):
        make_speaker(session, allows=("name",))
    with django_assert_num_queries(2):
        assert len(names(session)) == rows
