"""A named officer wipes out words that should never have been typed. It cannot be taken back."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _

from lms.core import audit
from lms.core.canonical import digest
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.core.models import OutboxMessage
from lms.core.redaction import FEW, REDACTED, FreeText, free_texts, leaves, wipe, without
from lms.people.enums import RedactionReason, Role
from lms.people.models import Organization, Person
from lms.people.permissions import has_role
from lms.people.querysets import OrganizationQuerySet
from lms.people.redaction_models import Redaction

# Shorter words stand in mails by chance.
SURE_LENGTH = 12
EVIDENCE = "completions.evidence"


@dataclass(frozen=True)
class Found:
    """Words somebody typed, and where they stand."""

    text: FreeText
    row: Any
    leaf: str
    said: str

    @property
    def reference(self) -> str:
        """How it is looked up again."""
        return f"{self.text.place}/{self.row.pk}"


def is_privacy_officer(person: Person) -> bool:
    """Whether redaction is for this person at all; an administrator appoints, and may not."""
    return person.is_authenticated and has_role(person, Role.PRIVACY_OFFICER)


def offices_of_officer(person: Person) -> OrganizationQuerySet:
    """The offices in whose rows the person may redact."""
    return Organization.objects.offices().with_role(person, Role.PRIVACY_OFFICER)


def search(officer: Person, words: str) -> list[Found]:
    """Where these words stand in the officer's offices' rows, some of each place.

    A query for each place people type into. That somebody searched is audited, never for what.
    """
    words = words.strip()
    offices = list(offices_of_officer(officer))
    if len(words) < 3 or not offices:
        return []
    found = []
    for text in free_texts():
        if not text.nested:
            rows = _within(text, offices).filter(**{f"{text.field}__icontains": words})
            found += [
                Found(text, row, "", getattr(row, text.field)) for row in rows.order_by("pk")[:FEW]
            ]
    audit.record("redaction.searched", offices[0], actor=officer, found=len(found))
    return found


def look_up(officer: Person, text: FreeText, row: str) -> list[Found]:
    """What the row says, if it is the officer's to redact; of a nested column each of its texts."""
    offices = list(offices_of_officer(officer))
    try:
        known = _within(text, offices).filter(pk=row).first()
    except (ValueError, TypeError, ValidationError):
        return []  # no reference at all
    if known is None:
        return []
    value = getattr(known, text.field)
    if not text.nested:
        return [Found(text, known, "", value)] if value else []
    return [Found(text, known, leaf, said) for leaf, said in leaves(value).items()]


def _within(text: FreeText, offices: list[Organization]) -> Any:
    state = any(office.speaks_for_state for office in offices)
    return text.within([office.pk for office in offices], state=state)


@transaction.atomic
def redact(
    *, found: Found, reason: RedactionReason, actor: Person, now: datetime | None = None
) -> Redaction:
    """Wipe the words out of the row, of evidence that repeats them, and of mails; for ever.

    What stays is that it was done, where, by whom, when and why. Raises Refused: "not_yours" for
    who is not the officer for the row, "gone" where the words do not stand there any more.
    """
    now = now or timezone.now()
    known = {each.leaf: each for each in look_up(actor, found.text, str(found.row.pk))}
    there = known.get(found.leaf)
    if there is None:
        raise Refused(_("This is not yours to redact."), code="not_yours")
    if there.said == REDACTED or there.said != found.said:
        raise Refused(_("Somebody has changed or redacted it meanwhile. Look again."), code="gone")
    row = lock(there.row)
    done = Redaction(
        place=found.text.place,
        row=str(row.pk),
        leaf=found.leaf,
        reason=reason,
        office=_office(found.text, row, actor),
        actor=actor,
        redacted_at=now,
        mails=_wipe_mails(found.said),
    )
    if found.text.nested:
        value = without(getattr(row, found.text.field), {found.leaf})
        wipe(found.text, row, value)
        done.evidence_hash = digest(value)
    else:
        wipe(found.text, row, REDACTED)
    done.save()
    audit.record(
        "redacted", done, actor=actor, now=now, place=done.place, row=done.row, reason=reason
    )
    if found.text.evidence:
        _wipe_evidence(done, found, row, now)
    return done


def _office(text: FreeText, row: Any, actor: Person) -> Organization:
    """The office the officer acts for: the row's, else the one that speaks for the state."""
    mine = list(offices_of_officer(actor))
    for office in mine:
        if text.within([office.pk], state=office.speaks_for_state).filter(pk=row.pk).exists():
            return office
    return mine[0]


def _wipe_evidence(done: Redaction, found: Found, row: Any, now: datetime) -> None:
    """Where a completion's evidence repeats the words, they go there too, with a row of its own."""
    text = next(each for each in free_texts() if each.place == EVIDENCE)
    pk = found.text.rows.filter(pk=row.pk).values_list(found.text.evidence, flat=True).first()
    completion = text.rows.filter(pk=pk).first() if pk else None
    if completion is None:
        return
    wiped = {leaf for leaf, said in leaves(completion.evidence).items() if found.said in said}
    if not wiped:
        return
    value = without(completion.evidence, wiped)
    wipe(text, completion, value)
    again = Redaction.objects.create(
        place=text.place,
        row=str(completion.pk),
        leaf=", ".join(sorted(wiped))[:200],
        reason=done.reason,
        office=done.office,
        actor=done.actor,
        redacted_at=now,
        evidence_hash=digest(value),
    )
    audit.record(
        "redacted", again, actor=done.actor, now=now, place=again.place, row=again.row,
        reason=again.reason,
    )  # fmt: skip


def _wipe_mails(said: str) -> int:
    """Wipe the words out of mails that wait or were sent from here; how many mails."""
    if len(said) < SURE_LENGTH:
        return 0
    forms = {said, str(escape(said))}
    written = {json.dumps(form, ensure_ascii=False)[1:-1] for form in forms}
    holds = Q()
    for form in written:
        holds |= Q(as_text__contains=form)
    rows = OutboxMessage.objects.annotate(as_text=Cast("payload", TextField())).filter(holds)
    changed = 0
    for message in rows.order_by("pk"):
        payload = _replaced(message.payload, forms)
        OutboxMessage.objects.filter(pk=message.pk).update(payload=payload)
        changed += 1
    return changed


def _replaced(value: Any, forms: set[str]) -> Any:
    if isinstance(value, str):
        for form in forms:
            value = value.replace(form, REDACTED)
        return value
    if isinstance(value, dict):
        return {key: _replaced(inner, forms) for key, inner in value.items()}
    if isinstance(value, list):
        return [_replaced(inner, forms) for inner in value]
    return value


def redactions_of(officer: Person) -> list[Redaction]:
    """What was redacted for the officer's offices, the newest first, a hundred at most."""
    rows = Redaction.objects.filter(office__in=offices_of_officer(officer))
    return list(rows.select_related("actor", "office")[:100])
