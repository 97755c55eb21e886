"""An accreditor's credit is off until a named person has confirmed it, and off again afterwards."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from lms.core.exceptions import Refused
from lms.core.models import AuditEntry
from lms.core.personal_data import export
from lms.core.time import new_york_today
from lms.people.enums import Role
from lms.trainings.accreditation import Book, ending_soon, read_book
from lms.trainings.accrediting import load_accreditors
from lms.trainings.accreditor_models import AccreditorConfirmation
from lms.trainings.models import Training
from lms.trainings.services.accreditation import usual_end, withdraw
from tests.factories.credit import NASW, NYSED, confirm_whole, credit_line, make_confirmation
from tests.factories.people import make_office, make_person, make_with_role
from tests.factories.trainings import make_training

pytestmark = pytest.mark.django_db

TODAY = new_york_today()


def given(training: Training, *lines: dict[str, Any], day: date = TODAY) -> list[str]:
    """The accreditors whose credit the training gives on a day."""
    book = read_book([training.owner_id])
    credit = book.given(
        list(lines) or [credit_line()], office=training.owner_id, training=training.key, day=day
    )
    return [line["accreditor"] for line in credit]


def missing(training: Training, accreditor: str = NASW, day: date = TODAY) -> str:
    return read_book([training.owner_id]).missing(
        load_accreditors()[accreditor], office=training.owner_id, training=training.key, day=day
    )


def test_nothing_is_given_before_all_is_confirmed() -> None:
    training = make_training()
    assert given(training) == []
    assert missing(training) == "The provider number of NASW is not confirmed."
    make_confirmation(training.owner, NASW)
    assert given(training) == []
    assert missing(training) == "The approval number of this training is not confirmed."
    make_confirmation(training.owner, NASW, training=training)
    assert (given(training), missing(training)) == ([NASW], "")


def test_a_provider_s_approval_is_enough_where_trainings_have_none() -> None:
    training = make_training()
    make_confirmation(training.owner, NYSED)
    assert given(training, credit_line(NYSED), credit_line()) == [NYSED]


def test_another_office_s_confirmation_counts_for_that_office_alone() -> None:
    training = make_training()
    make_confirmation(make_office(), NYSED)
    assert given(training, credit_line(NYSED)) == []


def test_another_training_s_approval_counts_for_that_training_alone() -> None:
    office = make_office()
    confirm_whole(make_training(owner=office))
    assert given(make_training(owner=office)) == []


def test_an_approval_counts_from_its_first_to_its_last_day() -> None:
    training = make_training()
    first, last = date(2026, 3, 1), date(2027, 2, 28)
    make_confirmation(training.owner, NYSED, valid_from=first, expires_on=last)
    line = credit_line(NYSED)
    days = [first - timedelta(days=1), first, last, last + timedelta(days=1)]
    assert [given(training, line, day=day) for day in days] == [[], [NYSED], [NYSED], []]
    assert missing(training, NYSED, days[3]) == (
        "The approval of the office as a provider ended on February 28, 2027."
    )
    assert missing(training, NYSED, days[0]) == (
        "The approval of the office as a provider begins on March 1, 2026."
    )


def test_taken_back_is_off_and_both_rows_stay() -> None:
    training = make_training()
    confirm_whole(training)
    actor = make_with_role(Role.COORDINATOR, training.owner)
    for _twice in range(2):
        withdraw(
            office=training.owner,
            accreditor=NASW,
            training=training,
            reason="Wrong title",
            actor=actor,
        )
    assert given(training) == []
    assert AccreditorConfirmation.objects.filter(training=training).count() == 2
    assert missing(training) == "The approval number of this training is not confirmed."


def test_confirming_twice_is_one_row_and_a_new_number_replaces() -> None:
    office = make_office()
    first = make_confirmation(office)
    assert make_confirmation(office) == first
    make_confirmation(office, number="SW-1111")
    row = read_book([office.pk]).newest(office.pk, NYSED)
    assert row is not None
    assert row.number == "SW-1111"
    assert AuditEntry.objects.filter(action="credit.confirmed").count() == 2


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"number": " "}, "number_missing"),
        ({"signed_name": ""}, "not_signed"),
        ({"checked_against": ""}, "not_signed"),
        ({"presenter": ""}, "presenter_missing"),
        ({"expires_on": date(2020, 1, 1)}, "days_wrong"),
        ({"expires_on": TODAY + timedelta(days=800)}, "too_long"),
        ({"accreditor": "somebody"}, "unknown"),
        ({"accreditor": NYSED}, "not_per_training"),
    ],
)
def test_what_is_missing_or_wrong_is_refused(said: dict[str, Any], code: str) -> None:
    training = make_training()
    accreditor = said.get("accreditor", NASW)
    more = {key: value for key, value in said.items() if key != "accreditor"}
    more.setdefault("expires_on", TODAY)
    with pytest.raises(Refused) as refusal:
        make_confirmation(training.owner, accreditor, training=training, **more)
    assert refusal.value.code == code
    assert AccreditorConfirmation.objects.count() == 0


@pytest.mark.parametrize("role", [None, Role.TRAINER, Role.REVIEWER])
def test_only_the_office_s_coordinators_confirm(role: Role | None) -> None:
    office = make_office()
    outsiders = [
        make_with_role(role, office) if role else make_person(),
        make_with_role(Role.COORDINATOR, make_office()),
    ]
    for outsider in outsiders:
        with pytest.raises(Refused) as refusal:
            make_confirmation(office, actor=outsider)
        assert refusal.value.code == "not_yours"


def test_a_coordinator_confirms_no_other_office_s_training() -> None:
    mine, theirs = make_office(), make_training()
    with pytest.raises(Refused) as refusal:
        make_confirmation(mine, NASW, training=theirs)
    assert refusal.value.code == "not_yours"


def test_an_approval_number_belongs_to_one_training() -> None:
    office = make_office()
    first, second = make_training(owner=office, title="First"), make_training(owner=office)
    make_confirmation(office, NASW, training=first, number="123")
    with pytest.raises(Refused, match="“First” has this approval number") as refusal:
        make_confirmation(office, NASW, training=second, number="123")
    assert refusal.value.code == "number_used"
    actor = make_with_role(Role.COORDINATOR, office)
    withdraw(office=office, accreditor=NASW, training=first, reason="Mixed up", actor=actor)
    assert make_confirmation(office, NASW, training=second, number="123").is_confirmed


def test_rows_stay_as_they_were_written() -> None:
    row = make_confirmation(make_office())
    for change in (
        lambda: AccreditorConfirmation.objects.update(number="SW-9999"),
        lambda: AccreditorConfirmation.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="keeps facts"), transaction.atomic():
            change()
    row.refresh_from_db()
    assert row.number == "SW-0000"


def test_an_end_is_announced_before_it_comes() -> None:
    office = make_office()
    make_confirmation(office, valid_from=TODAY - timedelta(days=200))
    book = read_book([office.pk])
    row = book.newest(office.pk, NYSED)
    assert row is not None
    assert row.expires_on is not None
    days = [row.expires_on - timedelta(days=61), row.expires_on - timedelta(days=60)]
    assert [ending_soon(book, today=day) for day in days] == [[], [row]]
    assert ending_soon(Book({}), today=TODAY) == []


@pytest.mark.parametrize(
    ("accreditor", "first", "last"),
    [
        (NASW, date(2026, 3, 1), date(2027, 2, 28)),
        (NASW, date(2024, 2, 29), date(2025, 2, 27)),
        (NYSED, date(2026, 11, 22), date(2029, 11, 21)),
        (NASW, date(2026, 12, 31), date(2027, 12, 30)),
    ],
)
def test_an_approval_lasts_as_long_as_the_accreditor_s_do(
    accreditor: str, first: date, last: date
) -> None:
    assert usual_end(accreditor, first) == last


def test_who_confirmed_can_have_what_they_said() -> None:
    office = make_office()
    person = make_with_role(Role.COORDINATOR, office)
    make_confirmation(office, actor=person)
    [row] = export(person)["accreditor_confirmations"]
    assert row["signed_name"] == "Kim Coordinator"
    assert export(make_person())["accreditor_confirmations"] == []
