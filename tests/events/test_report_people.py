"""The review queue: linked by hand and remembered, shared screens, walk-ins, no participants."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import IntegrityError, transaction

from events import services
from events.enums import MatchedBy, Outcome, RegistrationMove
from events.models import Registration, RegistrationEvent, Session
from events.report_models import KnownAddress, ReportLink, ReportPerson
from events.report_selectors import InReport, results, suggestions
from lms.completions.models import Completion
from lms.core import personal_data
from lms.core.exceptions import Refused
from lms.core.models import AuditEntry
from lms.people.models import Person
from tests.factories.events import EARLIER, make_live_training, make_seat, make_session
from tests.factories.people import make_person
from tests.factories.webex import Told, note, report_of
from tests.factories.webex import take_in as take_in_file

pytestmark = pytest.mark.django_db

HOME: Told = ("A. Rivera", "home@mail.example.org", "9:58:00", "13:02:00")


def refusal(call: Callable[..., Any], **arguments: Any) -> str:
    with pytest.raises(Refused) as caught, transaction.atomic():
        call(**arguments)
    return caught.value.code


def take_in(session: Session, *rows: Told) -> None:
    take_in_file(session, report_of(*rows))


def the_person(session: Session, name: str = "A. Rivera") -> ReportPerson:
    return ReportPerson.objects.get(session=session, name=name)


def in_report(session: Session, name: str = "A. Rivera") -> InReport:
    found = (entry for entry in results(session).people if entry.person.name == name)
    return next(found)


def seen_as(session: Session, name: str = "A. Rivera") -> list[tuple[Registration, MatchedBy]]:
    return in_report(session, name).seats


def seated() -> tuple[Session, Registration]:
    session = make_session()
    return session, make_seat(session, make_person("ana@example.org", name="Ana Rivera"))


# --- linking -------------------------------------------------------------------------------------


def test_link_by_hand_finds_the_person_and_remembers_the_address() -> None:
    session, seat = seated()
    take_in(session, HOME)
    assert [person.person.name for person in results(session).waiting] == ["A. Rivera"]
    person = the_person(session)
    link = services.link_person(person=person, registration=seat, actor=None)
    assert services.link_person(person=person, registration=seat, actor=None) == link
    assert seen_as(session) == [(seat, MatchedBy.HAND)]
    assert KnownAddress.objects.get().email == "home@mail.example.org"
    assert AuditEntry.objects.filter(action="attendance_report.linked").count() == 1
    note(session)
    assert Completion.objects.get().person == seat.person


def test_remembered_address_finds_the_person_in_the_next_session() -> None:
    first, seat = seated()
    take_in(first, HOME)
    services.link_person(person=the_person(first), registration=seat, actor=None)
    second = make_session(day=date(2026, 7, 16))
    again = make_seat(second, seat.person)
    there = ("Somebody", "home@mail.example.org", "2026-07-16 10:00:00", "2026-07-16 13:00:00")
    take_in(second, there)
    assert seen_as(second, "Somebody") == [(again, MatchedBy.KNOWN_ADDRESS)]


def test_link_to_somebody_else_replaces_link_and_memory() -> None:
    session, seat = seated()
    other = make_seat(session, make_person("luz@example.org", name="Luz Reyes"))
    take_in(session, HOME)
    person = the_person(session)
    services.link_person(person=person, registration=seat, actor=None)
    services.link_person(person=person, registration=other, actor=None)
    assert seen_as(session) == [(other, MatchedBy.HAND)]
    standing = KnownAddress.objects.filter(ended_at__isnull=True)
    assert [row.person for row in standing] == [other.person]
    assert KnownAddress.objects.count() == 2


def test_database_holds_one_person_by_hand_and_one_owner_of_an_address() -> None:
    session, seat = seated()
    other = make_seat(session)
    take_in(session, HOME)
    person = the_person(session)
    services.link_person(person=person, registration=seat, actor=None)
    with pytest.raises(IntegrityError, match="one_by_hand"), transaction.atomic():
        ReportLink.objects.create(person=person, registration=other, how=MatchedBy.HAND)
    with pytest.raises(IntegrityError, match="one_person"), transaction.atomic():
        KnownAddress.objects.create(person=other.person, email="home@mail.example.org")
    with pytest.raises(IntegrityError, match="how_known"), transaction.atomic():
        ReportLink.objects.create(person=person, registration=other, how=MatchedBy.NAME)


def test_taking_a_link_back_forgets_the_address_and_the_next_applying_the_minutes() -> None:
    session, seat = seated()
    take_in(session, HOME, ("Other", "other@example.org", "10:00:00", "13:00:00"))
    person = the_person(session)
    services.link_person(person=person, registration=seat, actor=None)
    note(session)
    services.unlink_person(person=person, registration=seat, actor=None)
    services.unlink_person(person=person, registration=seat, actor=None)
    assert seen_as(session) == []
    assert KnownAddress.objects.filter(ended_at__isnull=True).count() == 0
    note(session)
    assert [row.outcome for row in seat.attendances.all()] == [Outcome.ATTENDED, Outcome.NO_SHOW]
    assert Completion.objects.standing().count() == 0


def test_borrowed_device_teaches_nothing() -> None:
    """Whoever sits at a colleague's screen does not take over the colleague's address."""
    session, seat = seated()
    make_person("home@mail.example.org", name="The Colleague")
    take_in(session, HOME)
    services.link_person(person=the_person(session), registration=seat, actor=None)
    assert KnownAddress.objects.count() == 0


def test_guest_without_an_address_teaches_nothing() -> None:
    session, seat = seated()
    take_in(session, ("mei", "x@guest.webex.localhost", "10:00:00", "13:00:00"))
    services.link_person(person=the_person(session, "mei"), registration=seat, actor=None)
    assert seen_as(session, "mei") == [(seat, MatchedBy.HAND)]
    assert KnownAddress.objects.count() == 0


def test_link_refuses_a_seat_given_back_or_of_another_session() -> None:
    session, seat = seated()
    elsewhere = make_seat(make_session())
    take_in(session, HOME)
    services.cancel_registration(registration=seat, actor=None, now=EARLIER)
    seat.refresh_from_db()
    person = the_person(session)
    for wrong in (seat, elsewhere):
        assert (
            refusal(services.link_person, person=person, registration=wrong, actor=None)
            == "not_registered"
        )


def test_verified_address_and_merged_record_are_the_persons_own() -> None:
    session, seat = seated()
    EmailAddress.objects.create(user=seat.person, email="work@example.org", verified=True)
    EmailAddress.objects.create(user=seat.person, email="typed@example.org", verified=False)
    make_person("alias@example.org", canonical_person=seat.person)
    take_in(
        session,
        ("One", "work@example.org", "10:00:00", "11:00:00"),
        ("Two", "alias@example.org", "10:30:00", "12:00:00"),
        ("Three", "typed@example.org", "12:00:00", "13:00:00"),
    )
    assert seen_as(session, "One") == seen_as(session, "Two") == [(seat, MatchedBy.ADDRESS)]
    assert seen_as(session, "Three") == []
    assert next(result.minutes for result in results(session).seats) == 120


def test_shared_screen_gives_both_the_time() -> None:
    session, _seat = seated()
    beside = make_seat(session, make_person("luz@example.org", name="Luz Reyes"))
    take_in(session, ("Ana Rivera", "ana@example.org", "10:00:00", "13:00:00"))
    person = the_person(session, "Ana Rivera")
    services.link_person(person=person, registration=beside, how=MatchedBy.SHARED, actor=None)
    assert [found.minutes for found in results(session).seats] == [180, 180]
    note(session)
    assert Completion.objects.count() == 2
    why = beside.attendances.get().note
    assert why.startswith("Shared somebody's screen. Joined 10:00 am")
    assert beside.attendances.get().report_outcome.matched_by == MatchedBy.SHARED
    assert KnownAddress.objects.count() == 0


# --- no participants -----------------------------------------------------------------------------


def test_no_participant_leaves_the_queue_and_may_come_back() -> None:
    session, seat = seated()
    take_in(session, HOME)
    person = the_person(session)
    services.link_person(person=person, registration=seat, actor=None)
    services.set_aside_person(person=person, actor=None)
    services.set_aside_person(person=person, actor=None)
    found = results(session)
    assert (found.waiting, [entry.person for entry in found.no_participants]) == ([], [person])
    assert KnownAddress.objects.filter(ended_at__isnull=True).count() == 0
    services.take_person_back(person=person, actor=None)
    services.take_person_back(person=person, actor=None)
    assert [entry.person for entry in results(session).waiting] == [person]
    actions = AuditEntry.objects.filter(action__startswith="attendance_report.person_")
    assert actions.count() == 2


def test_linking_takes_somebody_back() -> None:
    session, seat = seated()
    take_in(session, HOME)
    person = services.set_aside_person(person=the_person(session), actor=None)
    services.link_person(person=person, registration=seat, actor=None)
    assert seen_as(session) == [(seat, MatchedBy.HAND)]


# --- walk-ins ------------------------------------------------------------------------------------


def walk_in(session: Session, **fields: Any) -> Registration:
    defaults: dict[str, Any] = {
        "first_name": "Mei",
        "last_name": "Chen",
        "email": "mei@example.org",
        "now": session.ends_at,
    }
    return services.add_walk_in(session=session, actor=None, **{**defaults, **fields})


def test_walk_in_gets_a_seat_even_in_a_full_session_and_no_letter() -> None:
    session = make_session(capacity=1)
    make_seat(session)
    seat = walk_in(session)
    assert walk_in(session) == seat
    assert (seat.person.email, str(seat.person)) == ("mei@example.org", "Mei Chen")
    moves = RegistrationEvent.objects.filter(registration=seat).values_list("move", flat=True)
    assert list(moves) == [RegistrationMove.WALKED_IN]
    assert mail.outbox == []


def test_walk_in_with_a_known_address_is_that_person_under_their_own_name() -> None:
    known = make_person("mei@example.org", name="Mei-Ling Chen")
    session = make_session()
    asked = refusal(walk_in, session=session, email=" MEI@example.org ")
    assert asked == "other_persons_address"
    assert walk_in(session, email=" MEI@example.org ", is_person=known.pk).person == known
    known.refresh_from_db()
    assert known.first_name == "Mei-Ling"


def test_walk_in_takes_a_seat_given_back_again() -> None:
    session, seat = seated()
    services.cancel_registration(registration=seat, actor=None, now=EARLIER)
    again = walk_in(session, email="ana@example.org", is_person=seat.person_id)
    assert (again, again.is_live) == (seat, True)
    assert Registration.objects.filter(session=session).count() == 1


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"first_name": " "}, "name_missing"),
        ({"last_name": ""}, "name_missing"),
        ({"email": "mei at example"}, "not_an_address"),
        ({"now": EARLIER}, "not_started"),
    ],
)
def test_walk_in_is_refused_without_name_or_before_the_start(
    fields: dict[str, Any], code: str
) -> None:
    session = make_session()
    assert refusal(walk_in, session=session, **fields) == code
    assert Registration.objects.count() == 0


def test_walk_in_is_refused_for_a_cancelled_session() -> None:
    session = make_session()
    services.cancel_session(session=session, reason="Ill", actor=None, now=EARLIER)
    assert refusal(walk_in, session=session) == "cancelled"


def test_somebody_in_the_report_becomes_a_walk_in_with_a_completion() -> None:
    session = make_session()
    take_in(session, ("Call-in User_3", "", "10:00:00", "13:00:00"))
    seat = services.link_walk_in(
        person=the_person(session, "Call-in User_3"),
        first_name="Mei",
        last_name="Chen",
        actor=None,
        now=session.ends_at,
    )
    assert seat.person.email is None
    assert (
        refusal(
            services.link_walk_in,
            person=the_person(session, "Call-in User_3"),
            first_name="Bo",
            last_name="Chen",
            email=make_person("ana@example.org").email,
            actor=None,
            now=session.ends_at,
        )
        == "other_persons_address"
    )
    note(session)
    assert Completion.objects.get().person == seat.person


# --- suggestions, doubt, personal data -----------------------------------------------------------


def test_those_still_missing_are_suggested_first() -> None:
    session = make_session()
    here = make_seat(session, make_person("ana@example.org", name="Ana Rivera"))
    missing = make_seat(session, make_person("ana2@example.org", name="Ana Rivera"))
    take_in(
        session,
        ("Ana Rivera", "ana@example.org", "10:00:00", "13:00:00"),
        ("ana rivera", "", "10:00:00", "13:00:00"),
    )
    found = results(session)
    assert list(suggestions(found, found.waiting).values()) == [[missing, here]]


def test_rows_at_once_without_an_address_may_be_two_people() -> None:
    session = make_session()
    take_in(
        session,
        ("Guest", "", "10:00:00", "11:00:00"),
        ("Guest", "", "10:30:00", "11:30:00"),
        ("Single", "", "10:00:00", "11:00:00"),
        ("Single", "", "11:30:00", "12:00:00"),
    )
    assert in_report(session, "Guest").may_be_several
    assert not in_report(session, "Single").may_be_several


def test_what_is_kept_about_a_person_can_be_told_and_forgotten() -> None:
    session, seat = seated()
    take_in(session, HOME, ("Other", "other@example.org", "10:00:00", "13:00:00"))
    services.link_person(person=the_person(session), registration=seat, actor=None)
    told = personal_data.export(seat.person)
    assert [row["email"] for row in told["events.known_addresses"]] == ["home@mail.example.org"]
    assert [row["name"] for row in told["events.attendance_reports"]] == ["A. Rivera"]
    outsider = personal_data.export(make_person())
    assert outsider["events.known_addresses"] == outsider["events.attendance_reports"] == []
    holding = next(h for h in personal_data.holdings() if h.name == "events.known_addresses")
    assert holding.erase is not None
    assert holding.erase(Person.objects.get(pk=seat.person.pk)) == 1


def test_same_training_at_two_dates_keeps_its_people_apart() -> None:
    training = make_live_training()
    first, second = make_session(training), make_session(training, day=date(2026, 7, 16))
    take_in(first, HOME)
    take_in(second, HOME)
    assert ReportPerson.objects.filter(key="email:home@mail.example.org").count() == 2
