"""Issuing: once, as a snapshot, corrected only by a new revision."""

import threading
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from lms.certificates import services
from lms.certificates.models import Certificate, CertificateRevision
from lms.certificates.selectors import newest_revision
from lms.completions.enums import SourceKind
from lms.completions.models import Completion
from lms.completions.services import revoke_completion
from lms.core.canonical import digest
from lms.core.exceptions import Refused
from lms.core.models import AuditEntry, OutboxMessage
from lms.core.personal_data import export
from lms.people.models import Person
from lms.trainings.accreditation import statement
from lms.trainings.enums import TrainingKind
from lms.trainings.models import Topic
from tests.factories.completions import make_completion
from tests.factories.credit import NYSED, confirm_whole, credit_line
from tests.factories.people import make_office, make_person
from tests.factories.trainings import make_training, make_version

pytestmark = pytest.mark.django_db


def issue(**completion: Any) -> CertificateRevision:
    certificate = services.issue_certificate(completion=make_completion(**completion))
    return certificate.revisions.get()


def test_facts_are_what_was_true_on_the_day() -> None:
    Topic.objects.update_or_create(code="NY205-T1", defaults={"name": "What trafficking is"})
    office = make_office(name="City Office", contact_email="office@example.org")
    version = make_version(
        make_training(title="Database training", owner=office),
        minutes=90,
        topics=["NY205-T1", "HOUSE-1"],
        credits=[credit_line(NYSED, hours="1.50")],
    )
    confirm_whole(version.training, NYSED, valid_from=date(2026, 11, 1))
    line = {**credit_line(NYSED), "provider_number": "SW-0000"}
    revision = issue(
        person=make_person(name="Łucja Nguyễn"),
        version=version,
        occurred_on=date(2026, 11, 20),
        now=datetime(2026, 11, 21, 3, 0, tzinfo=UTC),
    )
    facts = revision.facts
    certificate = revision.certificate
    assert facts == {
        "code": certificate.code,
        "name": "Łucja Nguyễn",
        "title": "Database training",
        "kind": "course",
        "version": 1,
        "came_by": "",
        "occurred_on": "2026-11-20",
        "issued_on": facts["issued_on"],
        "minutes": 90,
        "length": "Length 1 hour 30 minutes",
        "credits": [
            {
                **credit_line(NYSED, hours="1.50"),
                "provider_number": "SW-0000",
                "approval_number": "",
                "presenter": "",
            }
        ],
        "credit_lines": ["1.5 contact hours, NYSED social work (self-study)"],
        "credit_papers": [
            f"{statement(line, office='City Office')} Provider number SW-0000.",
        ],
        "topics": [
            {"code": "NY205-T1", "name": "What trafficking is"},
            {"code": "HOUSE-1", "name": ""},
        ],
        "language": "en",
        "office": "City Office",
        "office_email": "office@example.org",
        "trial": True,
    }
    assert revision.facts_hash == digest(facts)


def test_day_of_issue_is_a_new_york_day() -> None:
    completion = make_completion()
    evening = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)  # 10 p.m. of the 20th in New York
    certificate = services.issue_certificate(completion=completion, now=evening)
    assert newest_revision(certificate).facts["issued_on"] == "2026-11-20"


def test_length_without_credit_says_so() -> None:
    assert issue().facts["length"] == "Length 1 hour - no continuing-education credit"


def test_issuing_again_is_the_same_certificate(django_capture_on_commit_callbacks: Any) -> None:
    completion = make_completion()
    with django_capture_on_commit_callbacks(execute=True):
        first = services.issue_certificate(completion=completion)
        assert services.issue_certificate(completion=completion) == first
    assert CertificateRevision.objects.count() == 1
    assert [message.subject for message in mail.outbox] == [
        f"Your certificate: {completion.version.spec['title']}"
    ]


def test_completion_brings_a_drawn_certificate_by_itself(
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        completion = make_completion()
    revision = completion.certificate.revisions.get()
    assert revision.is_drawn
    with revision.file.open() as document:
        assert document.read(5) == b"%PDF-"


def test_mail_says_length_and_where_to_check(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        completion = make_completion(make_person("ana@example.org"))
    code = completion.certificate.code_in_groups
    body = str(mail.outbox[0].body)
    assert mail.outbox[0].to == ["ana@example.org"]
    assert f"http://testserver/my/certificates/{code}.pdf" in body
    assert f"http://testserver/verify/{code}/" in body
    assert "Length 1 hour - no continuing-education credit" in body


def test_person_without_an_address_gets_a_certificate_and_no_mail() -> None:
    issue(person=make_person(None))
    assert OutboxMessage.objects.count() == 0


def test_certificate_for_something_long_ago_is_no_news() -> None:
    completion = make_completion(now=timezone.now() - timedelta(days=30))
    services.issue_certificate(completion=completion)
    assert OutboxMessage.objects.count() == 0


def test_person_without_a_name_is_asked_first() -> None:
    person = make_person(name="")
    completion = make_completion(person)
    with pytest.raises(Refused, match="Tell us your name"):
        services.issue_certificate(completion=completion)
    assert services.issue_missing() == 0
    Person.objects.filter(pk=person.pk).update(first_name="Ana")
    assert services.issue_missing() == 1
    assert completion.certificate.revisions.get().facts["name"] == "Ana"


def test_alias_gets_the_name_of_the_one_person() -> None:
    person = make_person(name="Ana Rivera")
    alias = make_person(None, name="", canonical_person=person)
    completion = make_completion(person)
    Completion.objects.bulk_create(
        [Completion(**{**_values(completion), "person": alias, "source_key": "alias"})]
    )
    assert services.issue_missing() == 2
    assert {revision.facts["name"] for revision in CertificateRevision.objects.all()} == {
        "Ana Rivera"
    }
    assert Certificate.objects.of(person).count() == 2
    assert Certificate.objects.of(Person.objects.get(pk=alias.pk)).count() == 2


def _values(completion: Completion) -> dict[str, Any]:
    names = ["training_id", "version_id", "source_kind", "occurred_on", "minutes", "evidence"]
    return {name: getattr(completion, name) for name in [*names, "evidence_hash"]}


@pytest.mark.parametrize("source", [SourceKind.OUTSIDE_PROOF, SourceKind.IMPORT])
def test_we_do_not_certify_what_others_gave(source: SourceKind) -> None:
    completion = make_completion(source_kind=source)
    with pytest.raises(Refused, match="no certificate of ours"):
        services.issue_certificate(completion=completion)
    assert services.issue_missing() == 0


def test_we_do_not_certify_an_outside_training_logged_for_a_group() -> None:
    version = make_version(make_training(TrainingKind.OUTSIDE))
    make_completion(version=version, source_kind=SourceKind.GROUP_LOG)
    assert services.issue_missing() == 0


def test_revoked_completion_gets_no_certificate() -> None:
    completion = make_completion()
    revoke_completion(completion=completion, reason="Somebody else took it", actor=None)
    with pytest.raises(Refused):
        services.issue_certificate(completion=Completion.objects.get(pk=completion.pk))
    assert services.issue_missing() == 0


def test_lost_doorbell_is_made_good_by_the_sweep() -> None:
    completion = make_completion()  # the test's transaction never commits, so no doorbell rings
    assert services.issue_missing(recorded_since=timezone.now() - timedelta(hours=1)) == 1
    assert services.issue_missing() == 0
    assert completion.certificate.revisions.get().is_drawn


def test_sweep_of_the_minute_leaves_history_to_the_night() -> None:
    make_completion(now=timezone.now() - timedelta(days=9))
    assert services.issue_missing(recorded_since=timezone.now() - timedelta(days=2)) == 0
    assert services.issue_missing() == 1


def test_reissue_keeps_the_code_and_the_old_facts() -> None:
    first = issue(person=make_person(name="Ana Rivera"))
    certificate = first.certificate
    officer = make_person()
    second = services.reissue(
        certificate=certificate, name="  Ana  Rivera Cruz ", reason="Married", actor=officer
    )
    first.refresh_from_db()
    assert (first.facts["name"], second.facts["name"]) == ("Ana Rivera", "Ana Rivera Cruz")
    assert (second.number, second.certificate.code) == (2, certificate.code)
    assert newest_revision(certificate) == second
    entry = AuditEntry.objects.get(action="certificate.reissued")
    assert (entry.actor, entry.data) == (officer, {"number": 2})


def test_reissue_with_the_same_name_changes_nothing() -> None:
    revision = issue(person=make_person(name="Ana Rivera"))
    again = services.reissue(
        certificate=revision.certificate, name="Ana Rivera", reason="Asked for", actor=None
    )
    assert again == revision


@pytest.mark.parametrize(("name", "reason"), [(" ", "Married"), ("Ana Cruz", " ")])
def test_reissue_asks_for_name_and_reason(name: str, reason: str) -> None:
    revision = issue()
    with pytest.raises(Refused):
        services.reissue(certificate=revision.certificate, name=name, reason=reason, actor=None)


def test_reissue_of_a_revoked_record_is_refused() -> None:
    certificate = issue().certificate
    revoke_completion(completion=certificate.completion, reason="Error", actor=None)
    with pytest.raises(Refused, match="revoked"):
        services.reissue(
            certificate=Certificate.objects.get(), name="Ana Cruz", reason="Married", actor=None
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE certificates_certificate SET code = 'CCCCCCCCCCCC'",
        "DELETE FROM certificates_certificate",
        "UPDATE certificates_certificaterevision SET facts = '{}'",
        "UPDATE certificates_certificaterevision SET reason = 'x'",
        "UPDATE certificates_certificaterevision SET number = 7",
        "UPDATE certificates_certificaterevision SET file = 'other.pdf', file_hash = 'x'",
        "UPDATE certificates_certificaterevision SET drawn_at = NULL, file = '', file_hash = ''",
        "DELETE FROM certificates_certificaterevision",
        "TRUNCATE certificates_certificaterevision CASCADE",
    ],
)
def test_database_keeps_what_was_issued(statement: str) -> None:
    services.draw(revision_id=issue().pk)
    connection.check_constraints()
    with pytest.raises(DatabaseError, match="is refused"), transaction.atomic():
        connection.cursor().execute(statement)


def test_database_keeps_facts_even_before_they_are_drawn() -> None:
    revision = issue()
    with pytest.raises(DatabaseError, match="is refused"), transaction.atomic():
        CertificateRevision.objects.filter(pk=revision.pk).update(facts={})


def test_drawing_twice_keeps_the_first_bytes() -> None:
    revision = issue()
    first = services.draw(revision_id=revision.pk)
    second = services.draw(revision_id=revision.pk)
    assert (second.file.name, second.drawn_at) == (first.file.name, first.drawn_at)


def test_drawing_waits_while_somebody_else_is_at_it_and_takes_over_from_the_dead() -> None:
    revision = issue()
    now = timezone.now()
    CertificateRevision.objects.update(claimed_until=now + services.CLAIM)
    assert not services.draw(revision_id=revision.pk, now=now).is_drawn
    later = now + services.CLAIM + timedelta(seconds=1)
    assert services.draw(revision_id=revision.pk, now=later).is_drawn


def test_name_nobody_can_print_yet_is_noted_and_tried_again_later() -> None:
    revision = issue(person=make_person(name="देवी शर्मा"))
    now = timezone.now()
    failed = services.draw(revision_id=revision.pk, now=now)
    assert (failed.is_drawn, failed.drawing_failed_at) == (False, now)
    assert "letters" in failed.drawing_failure
    assert list(CertificateRevision.objects.to_draw(now + timedelta(hours=1))) == []
    assert list(CertificateRevision.objects.to_draw(now + timedelta(hours=13))) == [revision]


def test_failure_of_ours_is_tried_again_at_once(settings: Any) -> None:
    revision = issue()
    there, settings.FONT_DIR = settings.FONT_DIR, "nowhere"
    failed = services.draw(revision_id=revision.pk)
    settings.FONT_DIR = there
    assert (failed.is_drawn, failed.drawing_failed_at) == (False, None)
    assert services.draw(revision_id=revision.pk).is_drawn


def test_everything_about_a_person_can_be_exported() -> None:
    person = make_person()
    revision = issue(person=person)
    issue()
    assert export(person)["certificates"] == [revision.as_export()]


@pytest.mark.django_db(transaction=True)
def test_two_workers_issue_and_draw_one_certificate() -> None:
    person = make_person(name="")  # so the doorbell of the completion finds nothing to do
    completion = make_completion(person)
    Person.objects.filter(pk=person.pk).update(first_name="Ana")
    found: list[int] = []

    def work() -> None:
        certificate = services.issue_certificate(completion=Completion.objects.get())
        found.append(certificate.pk)
        services.draw(revision_id=certificate.revisions.get().pk)
        connection.close()

    workers = [threading.Thread(target=work) for _number in range(2)]
    with transaction.atomic():
        # Both look, find none, and wait here for the completion's only place.
        Certificate.objects.create(completion=completion, code="CCCCCCCCCCCC")
        for worker in workers:
            worker.start()
        _wait_until_both_wait()
        transaction.set_rollback(True)
    for worker in workers:
        worker.join()
    assert found == [Certificate.objects.get().pk] * 2
    assert CertificateRevision.objects.filter(drawn_at__isnull=False).count() == 1
    assert AuditEntry.objects.filter(action="certificate.issued").count() == 1
    assert AuditEntry.objects.filter(action="certificate.drawn").count() == 1


def _wait_until_both_wait() -> None:
    """Until two other connections wait for this transaction to end."""
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'"
    deadline = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute(waiting)
            if cursor.fetchone()[0] == 2:
                return
            time.sleep(0.02)
    pytest.fail("The two workers did not meet.")
