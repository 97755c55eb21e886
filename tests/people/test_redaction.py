"""Words that should never have been typed: found by a named officer, and gone; the fact stays."""

from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.test import Client
from django.urls import reverse

from events.enums import RegistrationMove
from events.models import RegistrationEvent
from lms.completions.enums import StaffBasis
from lms.completions.models import Completion, StaffEntry
from lms.completions.staff import enter
from lms.core.canonical import digest
from lms.core.exceptions import Refused
from lms.core.ledger import redacting
from lms.core.models import AuditEntry, OutboxMessage
from lms.core.personal_data import export
from lms.core.redaction import REDACTED, free_text, free_texts, leaves, without
from lms.core.time import new_york_today
from lms.people.enums import RedactionReason, Role
from lms.people.models import Employment, Organization, Person
from lms.people.redaction import Found, look_up, redact, search
from lms.people.redaction_models import Redaction
from tests.factories.completions import make_completion
from tests.factories.events import make_coming_session, make_live_training, make_seat
from tests.factories.people import (
    make_employment,
    make_facility,
    make_office,
    make_person,
    make_with_role,
)
from tests.factories.trainings import make_training, make_version

pytestmark = pytest.mark.django_db
WORDS = "The list of the shelter names Maria L."
FIND = "/desk/redaction/"


@pytest.fixture
def office() -> Organization:
    return make_office(name="City office")


@pytest.fixture
def officer(office: Organization) -> Person:
    return make_with_role(Role.PRIVACY_OFFICER, office, name="Opal Officer")


@pytest.fixture
def entry(office: Organization) -> StaffEntry:
    training = make_training(title="Seeing the signs", owner=office)
    make_version(training)
    completion = enter(
        person=make_person("ana@example.org"),
        training=training,
        occurred_on=new_york_today(),
        basis=StaffBasis.PAPER_LIST,
        reason=WORDS,
        actor=make_with_role(Role.COORDINATOR, office),
    )
    return completion.staff_entry


def found_in(officer: Person, place: str, row: Any) -> Found:
    text = free_text(place)
    assert text is not None
    [found] = look_up(officer, text, str(row))
    return found


def wipe(officer: Person, place: str, row: Any) -> Redaction:
    found = found_in(officer, place, row)
    return redact(found=found, reason=RedactionReason.NAMES, actor=officer)


def note_of(office: Organization) -> RegistrationEvent:
    """A note on a registration, which is a fact."""
    seat = make_seat(make_coming_session(make_live_training(office=office)))
    return RegistrationEvent.objects.create(
        registration=seat, move=RegistrationMove.CANCELLED, sequence=1, note=WORDS
    )


def test_the_words_go_and_the_fact_stays(officer: Person, entry: StaffEntry) -> None:
    done = wipe(officer, "completions.staff_entry", entry.pk)
    entry.refresh_from_db()
    assert entry.reason == REDACTED
    assert (done.place, done.row, done.actor, done.reason) == (
        "completions.staff_entry",
        str(entry.pk),
        officer,
        "names",
    )
    [audited] = AuditEntry.objects.filter(action="redacted")
    assert audited.actor == officer
    assert WORDS not in str(export(entry.completion.person))
    kept = [
        str(row)
        for model in (Redaction, AuditEntry)
        for row in model.objects.values()
        if "Maria" in str(row)
    ]
    assert kept == []


def test_a_fact_lets_nothing_but_an_announced_redaction_by(
    officer: Person, office: Organization
) -> None:
    event = note_of(office)
    rows = RegistrationEvent.objects.filter(pk=event.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(note=REDACTED)
    for column, change in [
        ("note", {"note": "Something else"}),
        ("note", {"note": REDACTED, "sequence": 7}),
        ("move", {"note": REDACTED}),
    ]:
        announced = redacting("events_registrationevent", column)
        with pytest.raises(DatabaseError), transaction.atomic(), announced:
            rows.update(**change)
    other = redacting("events_attendance", "note")
    with pytest.raises(DatabaseError), transaction.atomic(), other:
        rows.update(note=REDACTED)
    wipe(officer, "events.seat", event.pk)
    event.refresh_from_db()
    assert event.note == REDACTED
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(note="Back again")


def test_evidence_loses_the_words_and_can_still_be_checked(
    officer: Person, office: Organization
) -> None:
    version = make_version(make_training(owner=office))
    evidence = {"why": WORDS, "minutes": 90, "rows": [{"note": "Nothing"}, {"note": WORDS}]}
    completion = make_completion(version=version, **evidence)
    before = completion.evidence_hash
    text = free_text("completions.evidence")
    assert text is not None
    found = {each.leaf: each for each in look_up(officer, text, str(completion.pk))}
    assert set(found) == {"why", "rows.0.note", "rows.1.note"}
    done = redact(found=found["why"], reason=RedactionReason.NAMES, actor=officer)
    completion.refresh_from_db()
    assert completion.evidence["why"] == REDACTED
    assert completion.evidence["rows"][1]["note"] == WORDS
    assert completion.evidence_hash == before == digest(evidence)
    assert done.evidence_hash == digest(completion.evidence)


def test_evidence_that_repeats_the_words_loses_them_too(officer: Person, entry: StaffEntry) -> None:
    completion = entry.completion
    with redacting("completions_completion", "evidence"):
        Completion.objects.filter(pk=completion.pk).update(
            evidence={"why": f"Entered: {WORDS}", "other": REDACTED, "basis": "paper_list"}
        )
    wipe(officer, "completions.staff_entry", entry.pk)
    completion.refresh_from_db()
    assert completion.evidence == {"why": REDACTED, "other": REDACTED, "basis": "paper_list"}
    again = Redaction.objects.get(place="completions.evidence")
    assert (again.row, again.leaf) == (str(completion.pk), "why")
    assert again.evidence_hash == digest(completion.evidence)


def test_mails_kept_here_lose_them_waiting_and_sent(officer: Person, entry: StaffEntry) -> None:
    said = 'He said "Maria & Lucía" were there'
    with transaction.atomic():
        StaffEntry.objects.filter(pk=entry.pk).update(reason=said)
    payload = {"to": "a@example.org", "text": f"Why: {said}.", "html": "<p>Maria &amp;</p>"}
    html = {
        "to": "b@example.org",
        "html": "<p>He said &quot;Maria &amp; Lucía&quot; were there</p>",
    }
    for key, content in (("one", payload), ("two", html), ("three", {"text": "Hello"})):
        OutboxMessage.objects.create(key=key, kind="mail", payload=content)
    done = wipe(officer, "completions.staff_entry", entry.pk)
    assert done.mails == 2
    kept = {row.key: row.payload for row in OutboxMessage.objects.filter(key__in=["one", "two"])}
    assert kept["one"]["text"] == f"Why: {REDACTED}."
    assert kept["two"]["html"] == f"<p>{REDACTED}</p>"


def test_short_words_are_not_hunted_in_mails(officer: Person, entry: StaffEntry) -> None:
    StaffEntry.objects.filter(pk=entry.pk).update(reason="Ill")
    OutboxMessage.objects.create(key="one", kind="mail", payload={"text": "Ill-fitting"})
    assert wipe(officer, "completions.staff_entry", entry.pk).mails == 0


def test_only_the_offices_officer_finds_and_redacts(
    office: Organization, entry: StaffEntry
) -> None:
    other = make_with_role(Role.PRIVACY_OFFICER, make_office())
    coordinator = make_with_role(Role.COORDINATOR, office)
    admin = make_person(is_superuser=True)
    text = free_text("completions.staff_entry")
    assert text is not None
    for person in (other, coordinator, admin):
        assert search(person, "Maria") == []
        assert look_up(person, text, str(entry.pk)) == []
        with pytest.raises(Refused) as refusal:
            redact(found=Found(text, entry, "", WORDS), reason=RedactionReason.NAMES, actor=person)
        assert refusal.value.code == "not_yours"


def test_what_facilities_wrote_is_the_states_officers(
    officer: Person, office: Organization
) -> None:
    employment: Employment = make_employment(make_facility())
    period = employment.periods.get()
    type(period).objects.filter(pk=period.pk).update(guest_contact=False, no_contact_reason=WORDS)
    assert search(officer, "shelter") == []
    type(office).objects.filter(pk=office.pk).update(speaks_for_state_since=period.recorded_at)
    [found] = search(officer, "shelter")
    assert found.reference == f"people.no_contact/{period.pk}"


def test_redacting_twice_is_refused(officer: Person, entry: StaffEntry) -> None:
    found = found_in(officer, "completions.staff_entry", entry.pk)
    redact(found=found, reason=RedactionReason.NAMES, actor=officer)
    with pytest.raises(Refused) as refusal:
        redact(found=found, reason=RedactionReason.NAMES, actor=officer)
    assert refusal.value.code == "gone"


def test_what_was_redacted_cannot_be_rewritten(officer: Person, entry: StaffEntry) -> None:
    wipe(officer, "completions.staff_entry", entry.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        Redaction.objects.update(reason="health")


def test_the_officer_finds_looks_and_wipes_out(
    client: Client, officer: Person, entry: StaffEntry
) -> None:
    client.force_login(officer)
    page = client.post(FIND, {"words": "shelter"}).content.decode()
    path = reverse("desk_redaction:row", args=["completions.staff_entry", entry.pk])
    assert (WORDS in page, f'href="{path}"' in page) == (True, True)
    assert client.post(FIND, {"words": f"completions.staff_entry/{entry.pk}"})["Location"] == path
    assert WORDS in client.get(path).content.decode()
    client.post(path, {"leaf": ""})
    assert not Redaction.objects.exists()
    assert client.post(path, {"leaf": "", "reason": "victim"})["Location"] == FIND
    page = client.get(FIND).content.decode()
    assert (WORDS in page, "It tells of a victim or a case" in page) == (False, True)
    assert "These words are gone" in client.get(path).content.decode()


def test_nobody_else_gets_in(client: Client, office: Organization, entry: StaffEntry) -> None:
    path = reverse("desk_redaction:row", args=["completions.staff_entry", entry.pk])
    for outsider in (
        make_person(),
        make_person(is_superuser=True),
        make_with_role(Role.COORDINATOR, office),
        make_with_role(Role.REVIEWER, office),
    ):
        client.force_login(outsider)
        answers = [client.get(FIND), client.post(FIND, {"words": "shelter"}), client.get(path)]
        answers.append(client.post(path, {"leaf": "", "reason": "names"}))
        assert [answer.status_code for answer in answers] == [404] * 4
    client.force_login(make_with_role(Role.PRIVACY_OFFICER, make_office()))
    assert client.get(path).status_code == 404
    assert client.get("/desk/redaction/completions.staff_entry/none/").status_code == 404
    assert client.get("/desk/redaction/completions.evidence/none/").status_code == 404
    assert client.get("/desk/redaction/no.place/1/").status_code == 404


def test_every_place_leads_to_rows_and_offices() -> None:
    """A path misspelled would hide words from their officer."""
    office = make_office()
    for text in free_texts():
        assert list(text.within([office.pk], state=True)[:1]) in ([], list(text.rows[:1]))
        if text.evidence:
            list(text.rows.values_list(text.evidence, flat=True)[:1])


def test_what_people_type_is_announced() -> None:
    """Every column of words named for a reason or a note can be redacted, or it says why not."""
    known = {(text.model, text.field) for text in free_texts()}
    # Chosen from a list, written by an operator or for everybody, or edited with its page.
    besides = {
        ("certificates.CertificateRevision", "reason"),
        ("completions.Tombstone", "reason"),
        ("core.Bounce", "reason"),
        ("courses.Regrade", "reason"),
        ("events.SeriesItem", "note"),
    }
    typed = {
        (model._meta.label, field.name)
        for model in apps.get_models()
        if model.__module__.startswith(("lms.", "courses.", "events."))
        for field in model._meta.get_fields()
        if isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and field.name in ("reason", "note", "no_contact_reason", "cancel_reason", "undo_reason")
        and model._meta.app_label != "pages"
    }
    assert typed - known - besides == set()


def test_texts_in_json_by_where_they_stand() -> None:
    value = {"a": "one", "b": [{"c": "two"}, "three"], "d": 4}
    assert leaves(value) == {"a": "one", "b.0.c": "two", "b.1": "three"}
    assert without(value, {"b.0.c"}) == {"a": "one", "b": [{"c": REDACTED}, "three"], "d": 4}
