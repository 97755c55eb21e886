"""Whoever loses a certificate is told so once, whether or not the doorbell rings."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from lms.certificates import services, tasks
from lms.completions.models import Completion
from lms.completions.services import revoke_completion
from lms.core.models import OutboxMessage
from tests.factories.completions import make_completion
from tests.factories.people import make_office, make_person
from tests.factories.trainings import make_training, make_version

pytestmark = pytest.mark.django_db


def certified(email: str | None = "ana@example.org") -> Completion:
    """A completion with a certificate, of an office that can be asked."""
    office = make_office(name="City Office", contact_email="office@example.org")
    version = make_version(make_training(title="Webinar & more", owner=office))
    completion = make_completion(make_person(email), version=version)
    services.issue_certificate(completion=completion)
    return completion


def told() -> list[str]:
    keys = OutboxMessage.objects.filter(key__startswith="certificate-revoked:")
    return list(keys.values_list("key", flat=True))


def test_revoking_tells_the_person_by_itself(django_capture_on_commit_callbacks: Any) -> None:
    completion = certified()
    with django_capture_on_commit_callbacks(execute=True):
        revoke_completion(completion=completion, reason="Private reason", actor=None)
    (message,) = mail.outbox
    body = str(message.body)
    assert message.to == ["ana@example.org"]
    assert message.subject == "Your certificate no longer stands: Webinar & more"
    assert "Its certificate no longer stands" in body
    assert "write to City Office: office@example.org" in body
    assert "http://testserver/my/transcript/" in body
    assert "Private reason" not in f"{body}{message.alternatives}"
    assert told() == [f"certificate-revoked:{completion.pk}"]


def test_sweep_tells_what_a_lost_doorbell_did_not_and_once(
    django_assert_num_queries: Any,
) -> None:
    completion = certified()
    revoke_completion(completion=completion, reason="Error", actor=None)
    assert told() == []  # nothing rings before commit
    tasks.issue_missing()
    assert told() == [f"certificate-revoked:{completion.pk}"]
    assert services.tell_all_revoked() == 0
    with django_assert_num_queries(1):
        services.tell_all_revoked()


def test_nobody_is_told_of_what_stands_what_is_old_or_without_an_address() -> None:
    certified()
    now = timezone.now()
    revoke_completion(
        completion=certified("old@example.org"),
        reason="Error",
        actor=None,
        now=now - timedelta(days=30),
    )
    revoke_completion(completion=certified(None), reason="Error", actor=None)
    revoke_completion(
        completion=make_completion(make_person("none@example.org")), reason="Error", actor=None
    )
    assert services.tell_all_revoked(now=now) == 0
    assert told() == []
