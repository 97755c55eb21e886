"""A facility's record as of a day: as known then, and as corrected since, said apart."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from lms.completions.services import revoke_completion
from lms.compliance.groups import services as groups
from lms.compliance.packets.entries import in_parts, record_entries
from lms.compliance.packets.table import HEADER, table_rows
from lms.compliance.record import Record, facility_record
from lms.compliance.services import attest_conditions
from lms.core.time import NEW_YORK
from lms.people.corrections import correct_employment, correct_post
from lms.people.enums import Post
from lms.people.models import Employment, Organization
from lms.people.services import change_post, end_employment, undo_end_employment
from tests.factories.compliance import gbl205, make_completion, make_program
from tests.factories.people import make_employment, make_facility, make_person

pytestmark = pytest.mark.django_db
HIRED, TRAINED, DAY, TODAY = (
    date(2026, 6, 1), date(2026, 6, 20), date(2026, 10, 15), date(2026, 11, 21),
)  # fmt: skip


def at(day: date, hour: int = 9) -> datetime:
    """An hour of a day in New York."""
    return datetime.combine(day, time(hour), tzinfo=NEW_YORK)


def hired(facility: Organization, name: str = "Rosa Almonte", **fields: Any) -> Employment:
    """Somebody hired in June, recorded on that day."""
    return make_employment(
        facility, person=make_person(None, name=name), started_on=HIRED, now=at(HIRED), **fields
    )


def train(employment: Employment, *, signed: date | None = TRAINED) -> Any:
    """Trained in June; the facility signed on a day, or has not."""
    done = make_completion(employment.person, occurred_on=TRAINED, now=at(TRAINED))
    if signed:
        attest_conditions(
            employment=employment,
            completion=done,
            on_premises=True,
            paid_time=True,
            actor=None,
            now=at(signed),
        )
    return done


def record(facility: Organization, as_of: date = DAY) -> Record:
    return facility_record(facility=facility, rule=gbl205(), as_of=as_of, now=at(TODAY))


def corrected(facility: Organization) -> dict[str, Any]:
    """The one entry that reads otherwise since."""
    (entry,) = (entry for entry in record_entries(record(facility)) if entry["corrected"])
    return entry


def read(entry: dict[str, Any]) -> tuple[str, str]:
    return entry["then"]["standing"], entry["now"]["standing"]


def test_a_training_revoked_after_the_day_stood_on_it() -> None:
    facility = make_facility()
    done = train(hired(facility))
    revoke_completion(completion=done, reason="Was not there.", actor=None, now=at(TODAY))
    entry = corrected(facility)
    assert read(entry) == ("met_on_time", "overdue")
    assert entry["since"] == [
        {"on": "2026-11-21", "what": "The training of June 20, 2026 was revoked."}
    ]
    found = record(facility)
    assert found.summary.sentence == "0 of 1 trained. 1 overdue."
    assert found.summary_then
    assert found.summary_then.sentence == "1 of 1 trained."
    assert "Was not there" not in str(entry)


def test_a_training_revoked_on_the_day_was_known_then() -> None:
    facility = make_facility()
    done = train(hired(facility))
    revoke_completion(completion=done, reason="Was not there.", actor=None, now=at(DAY, 23))
    assert record(facility).corrections == []
    assert record(facility).summary_then is None


def test_what_is_signed_after_the_day_is_told_apart() -> None:
    facility = make_facility()
    train(hired(facility), signed=TODAY)
    entry = corrected(facility)
    assert read(entry) == ("trained_not_proven", "met_on_time")
    assert [one["what"] for one in entry["since"]] == [
        "Place and pay of the training of June 20, 2026 were signed for."
    ]


def test_facts_corrected_without_another_standing_are_told_too() -> None:
    facility = make_facility()
    employment = hired(facility)
    done = train(employment)
    attest_conditions(
        employment=employment,
        completion=done,
        on_premises=True,
        paid_time=True,
        note="Seen on the time sheet.",
        actor=None,
        now=at(TODAY),
    )
    entry = corrected(facility)
    assert read(entry) == ("met_on_time", "met_on_time")
    signed = [entry[reading]["trainings"][0]["signed_on"] for reading in ("then", "now")]
    assert signed == ["2026-06-20", "2026-11-21"]
    assert entry["differences"] == [
        {"label": "Signed", "then": "June 20, 2026", "now": "Nov. 21, 2026"}
    ]


def test_a_leaving_recorded_late_was_not_known_then() -> None:
    facility = make_facility()
    employment = hired(facility)
    end_employment(
        employment=employment, ended_on=DAY - timedelta(days=5), actor=None, now=at(TODAY)
    )
    entry = corrected(facility)
    assert (entry["then"]["left_on"], entry["now"]["left_on"]) == ("", "2026-10-10")
    assert read(entry) == ("overdue", "left_not_trained")
    assert entry["part"] == "left"


def test_a_leaving_taken_back_stood_then() -> None:
    facility = make_facility()
    employment = hired(facility)
    left = DAY - timedelta(days=5)
    end_employment(employment=employment, ended_on=left, actor=None, now=at(left))
    undo_end_employment(employment=employment, actor=None, now=at(TODAY))
    entry = corrected(facility)
    assert (entry["then"]["left_on"], entry["now"]["left_on"]) == ("2026-10-10", "")


def test_leaving_after_the_day_corrects_nothing() -> None:
    facility = make_facility()
    employment = hired(facility)
    train(employment)
    end_employment(employment=employment, ended_on=TODAY, actor=None, now=at(TODAY))
    assert record(facility).corrections == []
    (entry,) = record_entries(record(facility))
    assert entry["now"]["left_on"] == ""


def test_a_post_recorded_late_was_another_one_then() -> None:
    facility = make_facility()
    employment = hired(facility)
    change_post(
        employment=employment,
        post=Post.OFFICE,
        guest_contact=False,
        no_contact_reason="Works at night in the laundry.",
        starts_on=DAY - timedelta(days=30),
        actor=None,
        now=at(TODAY),
    )
    entry = corrected(facility)
    assert read(entry) == ("overdue", "not_covered")
    assert (entry["then"]["post_words"], entry["now"]["post_words"]) == (
        "Front desk",
        "Back office",
    )


def fix(employment: Employment, day: date = TODAY, **given: Any) -> None:
    """A manager corrects some of the facts on a day."""
    employment.refresh_from_db()
    facts = {
        "first_name": employment.person.first_name,
        "last_name": employment.person.last_name,
        "number": employment.number,
        "started_on": employment.started_on,
        "sent_by": employment.sent_by,
        "reason": "Read the contract.",
        "actor": None,
    }
    correct_employment(employment=employment, now=at(day), **{**facts, **given})


def test_a_hire_date_corrected_after_the_day_was_the_old_one_then() -> None:
    facility = make_facility()
    employment = hired(facility, number="7")
    fix(employment, started_on=date(2026, 9, 1), number="17")
    entry = corrected(facility)
    assert read(entry) == ("overdue", "due")
    assert entry["differences"] == [
        {"label": "Employee number", "then": "7", "now": "17"},
        {"label": "Hired", "then": "June 1, 2026", "now": "Sept. 1, 2026"},
        {"label": "Due", "then": "July 30, 2026", "now": "Oct. 30, 2026"},
    ]
    assert [one["what"] for one in entry["since"]] == [
        "The employee number was corrected.",
        "The hire date was corrected from June 1, 2026 to Sept. 1, 2026.",
    ]
    assert "contract" not in str(entry)


def test_a_hire_date_corrected_by_the_day_was_known_then() -> None:
    facility = make_facility()
    fix(hired(facility), day=DAY, started_on=date(2026, 9, 1))
    assert record(facility).corrections == []


def test_of_two_corrections_the_one_known_by_the_day_is_read() -> None:
    facility = make_facility()
    employment = hired(facility)
    fix(employment, day=date(2026, 8, 1), started_on=date(2026, 7, 1))
    fix(employment, day=TODAY, started_on=date(2026, 9, 1))
    entry = corrected(facility)
    assert (entry["then"]["hired_on"], entry["now"]["hired_on"]) == ("2026-07-01", "2026-09-01")


def test_who_is_hired_after_the_day_as_corrected_since_worked_there_as_known_then() -> None:
    facility = make_facility()
    fix(hired(facility), started_on=date(2026, 11, 1))
    entry = corrected(facility)
    assert read(entry) == ("overdue", "not_due")
    assert record(facility).summary_then.sentence == "0 of 1 trained. 1 overdue."  # type: ignore[union-attr]
    assert record(facility).summary.covered == 0


def test_a_post_corrected_after_the_day_was_the_old_one_then() -> None:
    facility = make_facility()
    employment = hired(facility)
    change_post(
        employment=employment,
        post=Post.OFFICE,
        guest_contact=False,
        no_contact_reason="Works at night in the laundry.",
        starts_on=date(2026, 10, 1),
        actor=None,
        now=at(date(2026, 10, 1)),
    )
    period = employment.periods.last()
    assert period
    correct_post(
        period=period,
        post=Post.BELL,
        guest_contact=True,
        no_contact_reason="",
        starts_on=date(2026, 10, 20),
        reason="Read the plan.",
        actor=None,
        now=at(TODAY),
    )
    entry = corrected(facility)
    assert read(entry) == ("not_covered", "overdue")
    assert (entry["then"]["post_words"], entry["now"]["post_words"]) == (
        "Back office",
        "Front desk",
    )
    assert [one["what"] for one in entry["since"]] == [
        "The post since Oct. 20, 2026 was corrected."
    ]


def test_a_name_is_as_it_is_now_in_both_readings() -> None:
    facility = make_facility()
    fix(hired(facility), first_name="Rosa", last_name="Nova")
    assert record(facility).corrections == []
    assert record(facility).lines[0].person.get_full_name() == "Rosa Nova"


def test_who_was_not_recorded_then_has_no_reading_of_the_day() -> None:
    facility = make_facility()
    make_employment(facility, started_on=HIRED, now=at(TODAY))
    entry = corrected(facility)
    assert entry["then"] is None
    assert [one["what"] for one in entry["since"]] == ["The employment was recorded."]


def test_an_entry_says_all_an_inspector_asks() -> None:
    facility = make_facility()
    employment = hired(facility, number="HH-1")
    manager = make_person(name="Ravi Menon")
    group = groups.log_group(
        facility=facility,
        version=make_program(title="Recognize the signs"),
        held_on=TRAINED,
        place="Break room",
        on_premises=True,
        paid_time=True,
        trainer="Ana Rivera",
        language="es",
        employments=[employment],
        actor=manager,
        now=at(TRAINED),
    )
    groups.confirm_by_sheet(
        group=group, listings=list(group.listings.all()), actor=manager, now=at(TRAINED)
    )
    (entry,) = record_entries(record(facility))
    (training,) = entry["now"]["trainings"]
    found = {name: training[name] for name in training if name.endswith("_words")}
    assert found == {
        "source_words": "Group training on the premises",
        "language_words": "Spanish",
        "topics_words": "all 6 topics",
        "approval_words": "Made by the state (State office)",
        "place_words": "on the premises (Break room)",
        "paid_words": "on paid time",
        "trainer_words": "Ana Rivera",
    }
    assert (training["program"], training["version"], training["trained_on"]) == (
        "Recognize the signs", 1, "2026-06-20",
    )  # fmt: skip
    said = entry["now"]
    assert (said["number"], said["post_words"], said["hired_on"], said["due_on"]) == (
        "HH-1", "Front desk", "2026-06-01", "2026-07-30",
    )  # fmt: skip
    assert training["signed_by"] == "Ravi Menon"


def test_what_is_missing_comes_first() -> None:
    facility = make_facility()
    train(hired(facility, "Mei Chen"))
    make_employment(facility, started_on=DAY - timedelta(days=10), now=at(DAY))
    hired(facility, "Lucia Quispe")
    train(hired(facility, "Imran Qureshi"), signed=None)
    parts = in_parts(record_entries(record(facility)))
    assert [(part.key, len(part.entries)) for part in parts] == [
        ("not_proven", 1), ("overdue", 1), ("due", 1), ("met", 1), ("not_asked", 0),
    ]  # fmt: skip
    assert parts[0].entries[0]["now"]["missing_words"] == [
        "that it was on the premises",
        "that the time was paid",
    ]


def test_the_table_has_both_readings_of_who_was_corrected() -> None:
    facility = make_facility()
    train(hired(facility), signed=TODAY)
    make_employment(facility, started_on=HIRED, now=at(TODAY))
    rows = list(table_rows(record_entries(record(facility)), as_of="2026-10-15", digest="abc"))
    assert {len(row) for row in rows} == {len(HEADER)}
    readings = [(row[1], row[HEADER.index("standing")]) for row in rows]
    assert sorted(readings) == [
        ("as corrected since", "Met"),
        ("as corrected since", "Overdue"),
        ("as known then", "Trained, not yet proven"),
        ("as known then", "not recorded"),
    ]


@pytest.mark.parametrize("people", [1, 3])
def test_a_record_of_the_past_asks_eight_queries_however_many(
    people: int, django_assert_num_queries: Any
) -> None:
    facility = Organization.objects.select_related("facility_profile").get(pk=make_facility().pk)
    for _one in range(people):
        done = train(hired(facility))
        revoke_completion(completion=done, reason="Was not there.", actor=None, now=at(TODAY))
    with django_assert_num_queries(8):
        assert len(record(facility).corrections) == people
