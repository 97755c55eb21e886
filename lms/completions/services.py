"""Writing the ledger: whoever takes part pushes once, everything after pulls (DESIGN 2)."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.completions.enums import SourceKind
from lms.completions.models import Completion, Revocation, Tombstone
from lms.completions.signals import completion_recorded, completion_revoked
from lms.core import audit, channel
from lms.core.canonical import digest
from lms.core.exceptions import Refused
from lms.people.models import Person
from lms.trainings.models import TrainingVersion


@transaction.atomic
def record_completion(
    *,
    person: Person,
    version: TrainingVersion,
    source_kind: SourceKind,
    source_key: str,
    occurred_on: date,
    evidence: dict[str, Any],
    language: str = "en",
    reported_minutes: int | None = None,
    actor: Person | None = None,
    now: datetime | None = None,
) -> Completion:
    """Record that `person` completed `version`; the same source again returns the first row.

    `occurred_on` is a New York calendar day; `evidence` is frozen with its hash and must carry
    "why", one sentence fit to show to the learner and to an inspector. Minutes, topics and credits
    are copied from the version, so that nothing edited later reaches the fact; a waiver has none of
    them, and what another system reported has only `reported_minutes`: its hours, no credit. A plan
    gives no credit of its own: its trainings do, each once (docs/decisions/0020). On a shared
    device the evidence says so. After commit the doorbell `completion_recorded` rings for
    certificates. Raises Refused for a source whose completion retention removed ("removed").
    """
    if "why" not in evidence:
        message = "A completion's evidence says why in one sentence."
        raise ValueError(message)
    if person.is_guest:
        message = "A guest has no name to certify; claim what was done first."
        raise ValueError(message)
    now = now or timezone.now()
    if device := channel.shared_device():
        evidence = {**evidence, "shared_device": device}
    waived = source_kind == SourceKind.WAIVER
    is_plan = source_kind == SourceKind.PLAN
    bare = waived or reported_minutes is not None
    minutes = version.spec.get("minutes", 0) if reported_minutes is None else reported_minutes
    facts = {
        "person": person.canonical,
        "training_id": version.training_id,
        "version": version,
        "occurred_on": occurred_on,
        "recorded_at": now,
        "language": language,
        "minutes": 0 if waived else minutes,
        "topics": [] if bare else version.topics,
        "credits": [] if bare or is_plan else version.spec.get("credits", []),
        "evidence": evidence,
        "evidence_hash": digest(evidence),
        "actor": actor,
    }
    try:
        completion, created = Completion.objects.get_or_create(
            source_kind=source_kind, source_key=source_key, defaults=facts
        )
    except IntegrityError as error:
        if Tombstone.objects.filter(source_kind=source_kind, source_key=source_key).exists():
            words = _("This was removed when its time was over, and is not recorded again.")
            raise Refused(words, code="removed") from error
        raise
    if created:
        audit.record("completion.recorded", completion, actor=actor, now=now, source=source_kind)
        transaction.on_commit(
            lambda: completion_recorded.send_robust(
                sender=Completion, completion_id=str(completion.pk)
            )
        )
    return completion


@transaction.atomic
def revoke_completion(
    *, completion: Completion, reason: str, actor: Person | None, now: datetime | None = None
) -> Revocation:
    """Say that a completion no longer stands; the fact stays, a second time changes nothing."""
    now = now or timezone.now()
    revocation, created = Revocation.objects.get_or_create(
        completion=completion,
        defaults={"reason": reason, "revoked_at": now, "actor": actor},
    )
    if created:
        audit.record("completion.revoked", completion, actor=actor, now=now)
        transaction.on_commit(
            lambda: completion_revoked.send_robust(
                sender=Completion, completion_id=str(completion.pk)
            )
        )
    return revocation
