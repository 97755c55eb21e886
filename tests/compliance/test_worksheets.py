"""Worksheets: written, sent, attested through a link, and what trainings then count as."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import signing
from django.db import DatabaseError, transaction
from django.utils import timezone

from lms.completions.models import Completion
from lms.compliance.enums import WorksheetState, WorksheetStatus
from lms.compliance.groups import services as groups
from lms.compliance.groups.selectors import programs_for
from lms.compliance.rules import get_rule
from lms.compliance.selectors import facilities_for_employment, standings
from lms.compliance.standing import Standing
from lms.compliance.worksheet_models import Worksheet, WorksheetAnswer
from lms.compliance.worksheets import links, services
from lms.core import personal_data
from lms.core.exceptions import Refused
from lms.core.models import OutboxMessage
from lms.core.time import new_york_date, new_york_today
from lms.people.enums import Role
from lms.people.models import Employment, Organization, Person
from lms.trainings.models import TrainingVersion
from tests.factories.compliance import describe, make_program
from tests.factories.people import make_employment, make_facility, make_person, make_with_role
from tests.factories.worksheets import (
    GAP,
    TRAINER,
    attest,
    attested,
    make_worksheet,
    pdf,
    places,
    send,
    upload,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = new_york_today()


@pytest.fixture
def hotel() -> Organization:
    facility = make_facility(name="Hudson House", key="hudson")
    describe(facility)
    return facility


@pytest.fixture
def manager(hotel: Organization) -> Person:
    return make_with_role(Role.MANAGER, hotel, name="Ravi Menon")


@pytest.fixture
def rosa(hotel: Organization) -> Employment:
    person = make_person(None, name="Rosa Almonte")
    return make_employment(hotel, person=person, started_on=TODAY - timedelta(days=40))


def train(
    employment: Employment, manager: Person, version: TrainingVersion, on: date = TODAY
) -> Completion:
    """The group training was logged, and the person signed the sheet."""
    group = groups.log_group(
        facility=employment.organization,
        version=version,
        held_on=on,
        place="Break room",
        on_premises=True,
        paid_time=True,
        trainer="Lorraine Baptiste",
        language="en",
        employments=[employment],
        actor=manager,
    )
    [confirmed] = groups.confirm_by_sheet(
        group=group, listings=list(group.listings.all()), actor=manager
    )
    assert confirmed.completion
    return confirmed.completion


def standing(employment: Employment) -> Standing:
    [line] = standings(
        facilities=list(facilities_for_employment(employment)),
        rule=get_rule(),
        as_of=TODAY,
        employments=Employment.objects.filter(pk=employment.pk).select_related("person"),
    )
    return line.standing


def refused(code: str, service: Any, **given: Any) -> None:
    with pytest.raises(Refused) as refusal:
        service(**given)
    assert refusal.value.code == code


# --- from draft to answer -------------------------------------------------------------------------


def test_a_worksheet_is_attested_and_its_program_counts(
    hotel: Organization, manager: Person, rosa: Employment
) -> None:
    worksheet = attested(hotel, manager)
    assert worksheet.status == WorksheetStatus.ATTESTED
    version = worksheet.version
    assert version is not None
    assert version.topics == sorted(get_rule().topic_codes)
    assert version.training.owner == hotel
    train(rosa, manager, version)
    found = standing(rosa)
    assert found.is_met
    [training] = found.trainings
    assert training.approval
    assert training.approval.words.startswith(
        "Own program, worksheet attested by Lorraine Baptiste on "
    )


def test_a_gap_is_trained_and_not_yet_proven(
    hotel: Organization, manager: Person, rosa: Employment
) -> None:
    worksheet = attested(hotel, manager, gaps=(GAP,))
    assert worksheet.version
    train(rosa, manager, worksheet.version)
    found = standing(rosa)
    assert found.state == "trained_not_proven"
    assert "topic T4A not covered" in found.why
    assert [lack.code for lack in found.missing] == [GAP]
    # Another training that has the topic closes the gap.
    completion = train(rosa, manager, make_program(topics=[GAP]))
    assert completion
    assert standing(rosa).is_met


def test_what_is_attested_is_kept_word_for_word(hotel: Organization, manager: Person) -> None:
    worksheet = attested(hotel, manager, gaps=(GAP,))
    answer = worksheet.answer
    assert "NY205-T1 What trafficking is, in labor and in sex: page 1" in answer.text
    assert "It does not cover these topics:\nNY205-T4A" in answer.text
    assert worksheet.material_sha256 in answer.text
    assert answer.material_sha256 == worksheet.material_sha256
    assert answer.email == TRAINER
    assert [row["code"] for row in answer.gaps] == [GAP]


def test_the_trainer_corrects_places_before(hotel: Organization, manager: Person) -> None:
    worksheet = send(make_worksheet(hotel, manager))
    services.correct_places(worksheet=worksheet, places={"NY205-T1": " slide  9 ", GAP: ""})
    topics = {topic.code: topic for topic in worksheet.topics.all()}
    assert (topics["NY205-T1"].place, topics["NY205-T1"].proposed) == ("slide 9", "page 1")
    assert topics[GAP].is_gap
    assert topics["NY205-T2"].place == "page 2"  # not asked about: as it was
    assert [row["code"] for row in attest(worksheet).gaps] == [GAP]


def test_only_what_was_read_is_attested(hotel: Organization, manager: Person) -> None:
    worksheet = send(make_worksheet(hotel, manager))
    read = services.words_to_attest(worksheet)
    services.correct_places(worksheet=worksheet, places={GAP: ""})
    refused("changed", services.attest, worksheet=worksheet, name="L", read=read)
    assert not WorksheetAnswer.objects.exists()


def test_declining_says_why_and_freezes_nothing(hotel: Organization, manager: Person) -> None:
    worksheet = send(make_worksheet(hotel, manager))
    refused("no_reason", services.decline, worksheet=worksheet, name="L", reason="  ")
    services.decline(worksheet=worksheet, name="Lorraine Baptiste", reason="Not my material.")
    worksheet.refresh_from_db()
    assert worksheet.state() == WorksheetState.DECLINED
    assert not TrainingVersion.objects.exists()
    told = OutboxMessage.objects.get(key=f"worksheet-answer:{worksheet.pk}")
    assert "Not my material." in told.payload["text"]


@pytest.mark.parametrize("answer", ["attest", "decline"])
def test_one_answer_and_no_second(hotel: Organization, manager: Person, answer: str) -> None:
    worksheet = send(make_worksheet(hotel, manager))
    read = services.words_to_attest(worksheet)
    if answer == "attest":
        attest(worksheet)
    else:
        services.decline(worksheet=worksheet, name="L", reason="No.")
    refused("answered", services.attest, worksheet=worksheet, name="L", read=read)
    refused("answered", services.decline, worksheet=worksheet, name="L", reason="No.")
    refused("answered", services.correct_places, worksheet=worksheet, places={})
    refused("answered", services.send_to_trainer, worksheet=worksheet, actor=manager)
    refused("answered", services.take_back, worksheet=worksheet, actor=manager)
    assert WorksheetAnswer.objects.count() == 1


def test_nothing_is_sent_without_material_or_places(hotel: Organization, manager: Person) -> None:
    bare = make_worksheet(hotel, manager, upload=None)
    refused("bare", services.send_to_trainer, worksheet=bare, actor=manager)
    empty = make_worksheet(hotel, manager, gaps=tuple(get_rule().topic_codes))
    refused("no_place", services.send_to_trainer, worksheet=empty, actor=manager)
    sent = send(make_worksheet(hotel, manager))
    services.correct_places(worksheet=sent, places=dict.fromkeys(get_rule().topic_codes, ""))
    refused("no_place", attest, worksheet=sent)


def test_a_file_with_a_script_is_no_material(hotel: Organization, manager: Person) -> None:
    scripted = upload(content=pdf(script="app.alert(1)"))
    refused(
        "active",
        make_worksheet,
        organization=hotel,
        manager=manager,
        upload=scripted,
    )
    assert not Worksheet.objects.exists()


# --- links ----------------------------------------------------------------------------------------


def closed(worksheet: Worksheet, token: str, now: datetime | None = None) -> str:
    opened = links.open_link(token, now)
    assert opened
    assert opened.worksheet == worksheet
    return opened.closed


def test_a_link_opens_one_worksheet_until_it_is_used(hotel: Organization, manager: Person) -> None:
    worksheet = send(make_worksheet(hotel, manager))
    token = links.token_of(worksheet)
    assert closed(worksheet, token) == ""
    assert links.open_link(token + "x") is None
    assert links.open_link(signing.dumps([worksheet.pk, 1], salt="other")) is None
    attest(worksheet)
    assert closed(worksheet, token).startswith("This link was used on ")


def test_a_late_link_says_so(hotel: Organization, manager: Person) -> None:
    worksheet = send(make_worksheet(hotel, manager), now=NOW - timedelta(days=31))
    token = links.token_of(worksheet)
    assert "This link worked until" in closed(worksheet, token)
    assert worksheet.state() == WorksheetState.LINK_OVER
    refused("link_over", attest, worksheet=worksheet)
    # Sent again, the new link works and the old one says where to look.
    worksheet = send(worksheet)
    assert closed(worksheet, links.token_of(worksheet)) == ""
    assert "has sent a newer link" in closed(worksheet, token)


def test_taken_back_the_link_says_so(hotel: Organization, manager: Person) -> None:
    worksheet = send(make_worksheet(hotel, manager))
    token = links.token_of(worksheet)
    services.take_back(worksheet=worksheet, actor=manager)
    assert "has taken this worksheet back" in closed(worksheet, token)
    refused("taken_back", services.attest, worksheet=worksheet, name="L", read="")


def test_the_mail_carries_the_link_and_forgets_it(
    hotel: Organization, manager: Person, settings: Any
) -> None:
    worksheet = send(make_worksheet(hotel, manager))
    message = OutboxMessage.objects.get(key=f"worksheet-link:{worksheet.pk}:1")
    assert message.payload["to"] == TRAINER
    assert f"{settings.SITE_ORIGIN}{links.path_of(worksheet)}" in message.payload["text"]
    assert message.secret


# --- validity -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2026, 11, 22), date(2027, 11, 22)),
        (date(2028, 2, 29), date(2029, 2, 28)),
        (date(2026, 12, 31), date(2027, 12, 31)),
    ],
)
def test_good_for_a_year(day: date, last: date) -> None:
    assert services.valid_through(get_rule(), day) == last


def test_a_training_before_the_worksheet_is_not_yet_proven(
    hotel: Organization, manager: Person, rosa: Employment
) -> None:
    worksheet = attested(hotel, manager)
    assert worksheet.version
    train(rosa, manager, worksheet.version, TODAY - timedelta(days=1))
    found = standing(rosa)
    assert found.state == "trained_not_proven"
    assert "a worksheet from before the training: it was attested on" in found.why


def test_a_training_after_it_ran_out_is_not_yet_proven(
    hotel: Organization, manager: Person, rosa: Employment
) -> None:
    worksheet = attested(hotel, manager, now=NOW - timedelta(days=400))
    assert worksheet.version
    assert worksheet.state() == WorksheetState.EXPIRED
    train(rosa, manager, worksheet.version)
    found = standing(rosa)
    assert found.state == "trained_not_proven"
    assert "a worksheet good on that day: it ran out on" in found.why


def test_a_renewal_replaces_and_both_days_count(
    hotel: Organization, manager: Person, rosa: Employment
) -> None:
    old = attested(hotel, manager, now=NOW - timedelta(days=20))
    renewal = make_worksheet(hotel, manager, upload=None, template=old, renews=True)
    assert renewal.material_sha256 == old.material_sha256
    refused(
        "being_renewed",
        make_worksheet,
        organization=hotel,
        manager=manager,
        template=old,
        renews=True,
    )
    attest(send(renewal))
    old.refresh_from_db()
    renewal.refresh_from_db()
    assert old.status == WorksheetStatus.REPLACED
    assert old.version
    assert renewal.version
    assert renewal.version.training == old.version.training
    assert [row.version for row in programs_for(get_rule(), hotel)] == [renewal.version]
    # A training logged late rests on the worksheet that was good on its day.
    completion = train(rosa, manager, renewal.version, TODAY - timedelta(days=10))
    assert completion.version == old.version
    assert standing(rosa).is_met


# --- whose, and for good --------------------------------------------------------------------------


def test_another_facilitys_program_is_not_ours(hotel: Organization, manager: Person) -> None:
    worksheet = attested(hotel, manager)
    assert worksheet.version
    stranger = make_employment(make_facility(), started_on=TODAY - timedelta(days=40))
    refused("not_ours", train, employment=stranger, manager=manager, version=worksheet.version)
    assert not programs_for(get_rule(), stranger.organization).exists()


def test_a_companys_worksheet_serves_its_facilities() -> None:
    company = Organization.objects.create(kind="company", name="Empire", key="empire")
    chief = make_with_role(Role.COMPANY_MANAGER, company)
    house = make_facility(parent=company)
    worksheet = attested(company, chief)
    assert [row.version for row in programs_for(get_rule(), house)] == [worksheet.version]


def test_what_was_sent_or_answered_is_not_rewritten(hotel: Organization, manager: Person) -> None:
    sent = send(make_worksheet(hotel, manager))
    refused(
        "not_a_draft",
        services.change_worksheet,
        worksheet=sent,
        program="x",
        provider="x",
        language="en",
        trainer_name="x",
        trainer_email=TRAINER,
        places={},
        actor=manager,
    )
    refused("not_a_draft", services.drop_draft, worksheet=sent, actor=manager)
    done = attested(hotel, manager)
    for rows, change in (
        (Worksheet.objects.filter(pk=sent.pk), {"material_sha256": "0" * 64}),
        (Worksheet.objects.filter(pk=done.pk), {"valid_until": TODAY + timedelta(days=4000)}),
        (Worksheet.objects.filter(pk=done.pk), {"status": "draft"}),
        (WorksheetAnswer.objects.all(), {"text": "other"}),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Worksheet.objects.filter(pk=sent.pk)._raw_delete("default")


def test_a_draft_is_written_anew_and_dropped(hotel: Organization, manager: Person) -> None:
    draft = make_worksheet(hotel, manager)
    file, storage = draft.material.name, draft.material.storage
    draft = services.change_worksheet(
        worksheet=draft,
        program="Evening briefing",
        provider="Us",
        language="es",
        trainer_name="Ana",
        trainer_email="Ana@Example.org",
        places=places(without=(GAP,)),
        actor=manager,
    )
    assert (draft.program, draft.trainer_email) == ("Evening briefing", "ana@example.org")
    assert draft.topics.get(code=GAP).is_gap
    copy = make_worksheet(hotel, manager, upload=None, template=draft)
    services.drop_draft(worksheet=draft, actor=manager)
    assert not Worksheet.objects.filter(pk=draft.pk).exists()
    assert storage.exists(file)  # the copy has the same material
    assert copy.material.name == file


def test_everybody_can_have_what_they_wrote_or_attested(
    hotel: Organization, manager: Person
) -> None:
    attested(hotel, manager)
    [written] = personal_data.export(manager)["worksheets"]
    trainer = make_person(TRAINER)
    [answered] = personal_data.export(trainer)["worksheets"]
    assert written == answered
    assert answered["answered at"]
    assert personal_data.export(make_person())["worksheets"] == []


def test_the_day_is_new_yorks(hotel: Organization, manager: Person) -> None:
    late = datetime(2026, 11, 3, 3, 30, tzinfo=UTC)  # still November 2 in New York
    worksheet = attested(hotel, manager, now=late)
    assert worksheet.valid_from == date(2026, 11, 2) == new_york_date(late)
