"""Certificates that carry another name than their person has now, issued again in a worker.

The person may do it where the names have a part in common: a name by marriage, a typing error. To
another name altogether only an office issues again, which has seen why.
"""

import logging
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.certificates.enums import RenameReason
from lms.certificates.facts import printable_language
from lms.certificates.models import Certificate, CertificateRevision
from lms.certificates.services import reissue
from lms.core import outbox
from lms.core.exceptions import Refused
from lms.core.mail import send_mail_later
from lms.core.models import OutboxMessage
from lms.core.time import new_york_date
from lms.people.fields import fold
from lms.people.models import Organization, Person

logger = logging.getLogger("lms.certificates")
KIND = "certificates.rename"


@dataclass(frozen=True)
class OldName:
    """A certificate in force that carries another name than its person has now."""

    certificate: Certificate
    name: str
    title: str
    issued_on: date
    by_office: bool  # the names have nothing in common

    @property
    def pk(self) -> int:
        return self.certificate.pk


@dataclass(frozen=True)
class UnderWay:
    """How far issuing again is."""

    done: int
    total: int


def old_names(person: Person, *, offices: "Iterable[Organization] | None" = None) -> list[OldName]:
    """The person's standing certificates with another name, the newest first; two queries.

    `offices`: of these offices' trainings alone. What a name has in common with is what was issued
    last by somebody else: no chain of small changes leads to another person's name.
    """
    now_called = person.canonical.get_full_name()
    newest = (
        CertificateRevision.objects.filter(certificate=OuterRef("certificate"))
        .order_by("-number")
        .values("pk")[:1]
    )
    rows = CertificateRevision.objects.filter(
        certificate__completion__person__in=Person.objects.one_with(person),
        certificate__completion__revocation__isnull=True,
        pk=Subquery(newest),
    ).exclude(facts__name=now_called)
    if offices is not None:
        rows = rows.filter(certificate__completion__training__owner__in=offices)
    found = list(rows.select_related("certificate").order_by("-issued_at", "-pk"))
    by_others = (
        CertificateRevision.objects.filter(certificate__in=[row.certificate_id for row in found])
        .exclude(actor__in=Person.objects.one_with(person))
        .order_by("certificate", "-number")
        .distinct("certificate")
    )
    vouched = {row.certificate_id: row.read_facts().name for row in by_others}
    return [
        OldName(
            certificate=row.certificate,
            name=row.read_facts().name,
            title=row.read_facts().title,
            issued_on=new_york_date(row.issued_at),
            by_office=not have_a_part_in_common(vouched.get(row.certificate_id, ""), now_called),
        )
        for row in found
    ]


def have_a_part_in_common(one: str, other: str) -> bool:
    """Whether the names share a word, accents and case aside; or differ by spaces and marks."""
    words, others = set(_words(one)), set(_words(other))
    return bool(words & others) or "".join(_words(one)) == "".join(_words(other))


def _words(name: str) -> list[str]:
    plain = "".join(letter if letter.isalnum() else " " for letter in fold(name))
    return plain.split()


@transaction.atomic
def ask_for_new_names(
    *,
    person: Person,
    certificates: Collection[int],
    reason: RenameReason,
    actor: Person,
    offices: "Iterable[Organization] | None" = None,
) -> int:
    """Have a worker issue these certificates again in the name `person` has now; how many.

    Those that carry it already, and those of others, are passed over. Raises Refused:
    "name_missing", "under_way", "nothing_chosen", and "ask_the_office" where the person asks for
    a name that has nothing in common with what is printed.
    """
    person = person.canonical
    if not person.get_full_name():
        raise Refused(_("Type your first and your last name."), code="name_missing")
    if under_way(person):
        raise Refused(_("They are being issued at this moment."), code="under_way")
    chosen = [row for row in old_names(person, offices=offices) if row.pk in certificates]
    if not chosen:
        raise Refused(_("Choose at least one certificate."), code="nothing_chosen")
    if actor.canonical.pk == person.pk and any(row.by_office for row in chosen):
        raise Refused(
            _(
                "The name on this certificate has nothing in common with yours now. The office"
                " that issued it can issue it again."
            ),
            code="ask_the_office",
        )
    key = f"{KIND}:{person.pk}:{uuid.uuid4()}"
    payload = {
        "person": person.pk,
        "certificates": sorted(row.pk for row in chosen),
        "reason": str(reason),
        "actor": actor.pk,
        "key": key,
    }
    outbox.enqueue(kind=KIND, key=key, payload=payload)
    return len(chosen)


def under_way(person: Person) -> UnderWay | None:
    """How far issuing again is, while a worker is at it; two queries then, else one."""
    waiting = OutboxMessage.objects.filter(
        kind=KIND,
        key__startswith=f"{KIND}:{person.canonical.pk}:",
        state=OutboxMessage.State.PENDING,
    ).first()
    if waiting is None:
        return None
    asked = waiting.payload["certificates"]
    left = sum(row.pk in asked for row in old_names(person))
    return UnderWay(done=len(asked) - left, total=len(asked))


def issue_again(payload: dict[str, Any]) -> None:
    """The outbox's handler: each certificate in its own transaction, then one letter.

    Begun anew after a killed worker it finds what is done already. One that was revoked meanwhile
    is passed over.
    """
    person = Person.objects.get(pk=payload["person"]).canonical
    actor = Person.objects.get(pk=payload["actor"])
    reason = str(RenameReason(payload["reason"]).label)
    done = 0
    for pk in payload["certificates"]:
        certificate = Certificate.objects.select_related("completion__training").get(pk=pk)
        try:
            reissue(
                certificate=certificate,
                name=person.get_full_name(),
                reason=reason,
                actor=actor,
                tell=False,
            )
            done += 1
        except Refused:
            logger.info("Certificate %s was not issued again", pk)
    if done and person.email:
        send_mail_later(
            key=f"{payload['key']}:told",
            to=person.email,
            template="certificates_renamed",
            context={"count": done, "path": reverse("my:transcript")},
            language=printable_language(person.preferred_language),
        )
