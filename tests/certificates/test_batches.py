"""Many certificates at once: in steps, taken up where it stopped, nobody twice."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from lms.certificates import batches, services
from lms.certificates.batch_models import BatchKind, CertificateBatch
from lms.certificates.credit import credit_changes
from lms.certificates.models import Certificate, CertificateRevision
from lms.certificates.tasks import work_abandoned_batches
from lms.completions.models import Completion
from lms.completions.services import revoke_completion
from lms.core.exceptions import Refused
from lms.core.models import OutboxMessage
from lms.core.personal_data import forget_by_age
from lms.people.enums import Role
from lms.people.models import Person
from tests.factories.completions import make_completion
from tests.factories.credit import NYSED, credit_line, make_confirmation
from tests.factories.events import make_seat, make_session
from tests.factories.people import make_office, make_person, make_with_role
from tests.factories.trainings import make_training, make_version

pytestmark = pytest.mark.django_db


def issued(many: int) -> tuple[Person, list[Completion]]:
    """Certificates of one training, all issued before its credit was confirmed."""
    office = make_office(key="city", name="City Office")
    version = make_version(make_training(owner=office), credits=[credit_line(NYSED)])
    found = [
        make_completion(make_person(name=f"Ana Rivera {number}"), version=version)
        for number in range(many)
    ]
    for completion in found:
        services.issue_certificate(completion=completion)
    return make_with_role(Role.COORDINATOR, office), found


def ask_again(coordinator: Person, completions: list[Completion]) -> CertificateBatch:
    training = completions[0].training
    return batches.ask(
        kind=BatchKind.REISSUE,
        office=training.owner,
        title=training.title,
        completions=[str(change.completion.pk) for change in credit_changes(training)],
        reason="Credit confirmed",
        actor=coordinator,
    )


def mails(*, again: bool) -> int:
    rows = OutboxMessage.objects.filter(key__startswith="certificate:")
    return sum(row.key.count(":") == (2 if again else 1) for row in rows)


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_only_certificates_whose_credit_changes_are_issued_again() -> None:
    coordinator, completions = issued(3)
    revoke_completion(completion=completions[0], reason="Private", actor=None)
    assert credit_changes(completions[0].training) == []
    make_confirmation(completions[0].training.owner, NYSED)
    changes = credit_changes(completions[0].training)
    assert [change.completion for change in changes] == completions[1:]
    assert (changes[0].before, len(changes[0].after)) == ([], 1)
    batch = batches.work(batch_id=ask_again(coordinator, completions).pk)
    assert (batch.done, batch.changed, batch.failed, batch.is_working) == (2, 2, 0, False)
    assert credit_changes(completions[0].training) == []
    assert CertificateRevision.objects.filter(number=2, reason="Credit confirmed").count() == 2
    assert mails(again=True) == 2


@pytest.mark.parametrize("many", [1, 3])
def test_the_preview_costs_the_same_for_many(django_assert_num_queries: Any, many: int) -> None:
    _coordinator, completions = issued(many)
    training = completions[0].training
    make_confirmation(training.owner, NYSED)
    with django_assert_num_queries(2):
        assert len(credit_changes(training)) == many


def test_cut_off_in_the_middle_it_goes_on_and_does_nothing_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    coordinator, completions = issued(5)
    make_confirmation(completions[0].training.owner, NYSED)
    monkeypatch.setattr(batches, "FEW", 2)
    batch = ask_again(coordinator, completions)
    real, calls = batches.reissue, []

    def dies(**said: Any) -> Any:
        calls.append(said)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return real(**said)

    monkeypatch.setattr(batches, "reissue", dies)
    with pytest.raises(KeyboardInterrupt):
        batches.work(batch_id=batch.pk)
    batch.refresh_from_db()
    assert (batch.done, CertificateRevision.objects.filter(number=2).count()) == (2, 3)
    assert batches.abandoned(timezone.now()) == []
    CertificateBatch.objects.update(touched_at=timezone.now() - batches.SILENCE * 2)
    work_abandoned_batches()
    batch.refresh_from_db()
    assert (batch.done, batch.changed, batch.is_working) == (5, 5, False)
    assert CertificateRevision.objects.filter(number=2).count() == 5
    assert CertificateRevision.objects.filter(number=3).count() == 0
    assert mails(again=True) == 5


def test_a_second_worker_stops_where_another_has_gone_on(monkeypatch: pytest.MonkeyPatch) -> None:
    coordinator, completions = issued(3)
    make_confirmation(completions[0].training.owner, NYSED)
    batch = ask_again(coordinator, completions)
    real = batches._work_one

    def overtaken(*args: Any) -> Any:
        CertificateBatch.objects.filter(pk=batch.pk).update(done=3, changed=3)
        return real(*args)

    monkeypatch.setattr(batches, "_work_one", overtaken)
    batches.work(batch_id=batch.pk)
    batch.refresh_from_db()
    assert (batch.done, batch.changed) == (3, 3)


def test_asking_twice_is_one_batch_and_others_may_not_ask() -> None:
    coordinator, completions = issued(1)
    make_confirmation(completions[0].training.owner, NYSED)
    assert ask_again(coordinator, completions) == ask_again(coordinator, completions)
    stranger = make_with_role(Role.COORDINATOR, make_office())
    with pytest.raises(Refused):
        ask_again(stranger, completions)


def test_what_another_worker_draws_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    coordinator, completions = issued(1)
    CertificateRevision.objects.update(claimed_until=timezone.now() + services.CLAIM)
    batch = batches.ask(
        kind=BatchKind.PRINT,
        office=completions[0].training.owner,
        title="A session",
        completions=[str(completions[0].pk)],
        actor=coordinator,
    )

    def meanwhile(_seconds: float) -> None:
        CertificateRevision.objects.update(claimed_until=None)

    monkeypatch.setattr(batches.time, "sleep", meanwhile)
    assert batches.work(batch_id=batch.pk).changed == 1


def test_certificates_are_bound_for_printing_and_removed_after_two_days() -> None:
    coordinator, completions = issued(2)
    nameless = make_completion(make_person(name=""), version=completions[0].version)
    batch = batches.ask(
        kind=BatchKind.PRINT,
        office=completions[0].training.owner,
        title="A session",
        completions=[str(row.pk) for row in [*completions, nameless]],
        actor=coordinator,
    )
    batch = batches.work(batch_id=batch.pk)
    assert (batch.changed, batch.failed) == (2, 1)
    with batch.file.open() as file:
        pages = PdfReader(io.BytesIO(file.read())).pages
        assert ["Rivera 0" in pages[0].extract_text(), len(pages)] == [True, 2]
    assert forget_by_age(timezone.now())["certificate_batches"] == 0
    storage, name = batch.file.storage, batch.file.name
    assert forget_by_age(timezone.now() + timedelta(days=3))["certificate_batches"] == 1
    assert not storage.exists(name)


# --- at the desk


def test_coordinator_sees_whose_credit_changes_confirms_and_watches(client: Client) -> None:
    coordinator, completions = issued(2)
    training = completions[0].training
    client.force_login(coordinator)
    address = f"/desk/certificates/again/{training.key}/"
    assert "Nothing to do" in text(client.get(address))
    make_confirmation(training.owner, NYSED)
    page = text(client.get(address))
    assert "Issue 2 certificates again?" in page
    assert "Ana Rivera 0" in page
    answer = client.post(address, {"reason": "Confirmed late"})
    batch = CertificateBatch.objects.get()
    assert answer["Location"] == f"/desk/certificates/{batch.pk}/"
    working = client.get(answer["Location"])
    assert (working["Refresh"], "0 of 2 done" in text(working)) == ("2", True)
    batches.work(batch_id=batch.pk)
    done = client.get(answer["Location"])
    assert "Refresh" not in done
    assert "2 certificates were issued again." in text(done)


def test_session_is_printed_at_once_for_its_coordinator_alone(client: Client) -> None:
    coordinator, completions = issued(1)
    version = completions[0].version
    session = make_session(training=version.training)
    seat = make_seat(session)
    seat.completion = completions[0]
    seat.save()
    client.force_login(coordinator)
    answer = client.post(f"/desk/certificates/session/{session.pk}/")
    batch = CertificateBatch.objects.get()
    assert batch.items == [str(completions[0].pk)]
    assert client.get(f"{answer['Location']}certificates.pdf").status_code == 404
    batches.work(batch_id=batch.pk)
    paper = client.get(f"{answer['Location']}certificates.pdf")
    assert paper.content.startswith(b"%PDF-")
    assert "attachment" in paper["Content-Disposition"]
    client.force_login(make_with_role(Role.COORDINATOR, make_office()))
    assert client.get(answer["Location"]).status_code == 404
    assert client.get(f"{answer['Location']}certificates.pdf").status_code == 404
    assert client.post(f"/desk/certificates/session/{session.pk}/").status_code == 404
    assert client.get(f"/desk/certificates/again/{version.training.key}/").status_code == 404


def test_session_without_certificates_says_so(client: Client) -> None:
    coordinator, completions = issued(1)
    session = make_session(training=completions[0].training)
    client.force_login(coordinator)
    answer = client.post(f"/desk/certificates/session/{session.pk}/", follow=True)
    assert "There is no certificate to work on." in text(answer)
    assert Certificate.objects.count() == 1
