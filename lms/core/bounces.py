"""Addresses that take no mail: noted, held back from, and cleared when somebody proves them anew.

A mail server that refuses a recipient for good (a 5xx answer to RCPT) is noted by the delivery
itself. A server that takes a mail and sends a report later (RFC 3464) is read from the report that
somebody uploads, and an office can say what it heard otherwise. Codes to sign in are sent all the
same: typing one is how an address is proved.
"""

import email
import email.policy
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.models import Bounce

if TYPE_CHECKING:
    from lms.people.models import Person

MOST_REPORT_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True)
class Failure:
    """An address a report says could not be reached for good, and why."""

    address: str
    reason: str


def normal(address: str) -> str:
    """The address as it is kept and compared."""
    return address.strip().lower()


def bounce_of(address: str) -> Bounce | None:
    """Why nothing is sent to the address; None for one that takes mail as far as we know."""
    return Bounce.objects.filter(address=normal(address), cleared_at__isnull=True).first()


def bounced(addresses: Iterable[str | None]) -> dict[str, Bounce]:
    """Those of the addresses that take no mail; one query."""
    asked = {normal(address) for address in addresses if address}
    found = Bounce.objects.filter(address__in=asked, cleared_at__isnull=True) if asked else []
    return {bounce.address: bounce for bounce in found}


@transaction.atomic
def note_bounce(
    *,
    address: str,
    source: str,
    reason: str = "",
    actor: "Person | None" = None,
    now: datetime | None = None,
) -> Bounce:
    """Note that the address takes no mail; what stands already stays as it was first said."""
    now = now or timezone.now()
    bounce, made = Bounce.objects.get_or_create(
        address=normal(address),
        cleared_at__isnull=True,
        defaults={
            "source": source,
            "reason": " ".join(reason.split())[:300],
            "noted_at": now,
            "noted_by": actor,
        },
    )
    if made:
        audit.record("address.bounced", bounce, actor=actor, now=now, source=str(source))
    return bounce


@transaction.atomic
def clear_bounce(
    *, address: str, actor: "Person | None" = None, now: datetime | None = None
) -> bool:
    """The address takes mail again, from now on; returns whether something was held for it."""
    now = now or timezone.now()
    bounce = bounce_of(address)
    if bounce is None:
        return False
    bounce.cleared_at, bounce.cleared_by = now, actor
    bounce.save(update_fields=["cleared_at", "cleared_by"])
    audit.record("address.works_again", bounce, actor=actor, now=now)
    return True


def read_report(content: bytes) -> list[Failure]:
    """The addresses that a mail server's report says failed for good (RFC 3464).

    Raises Refused for a file that is no such report, and for one that only says "later".
    """
    if len(content) > MOST_REPORT_BYTES:
        raise Refused(_("The file is larger than a report can be."), code="too_large")
    try:
        message = email.message_from_bytes(content, policy=email.policy.compat32)
        parts = [p for p in message.walk() if p.get_content_type() == "message/delivery-status"]
        blocks = [block for part in parts for block in _blocks(part)]
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise _no_report() from error
    if not blocks:
        raise _no_report()
    failed = [failure for block in blocks if (failure := _failure(block))]
    if not failed:
        raise Refused(
            _("This report says that a mail is late, not that an address failed."), code="not_final"
        )
    return list({failure.address: failure for failure in failed}.values())


def _blocks(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [block for block in payload if isinstance(block, Message)] if payload else []


def _failure(block: Message) -> Failure | None:
    """One recipient's block, if it failed for good; the mail's own block names no recipient."""
    recipient = str(block.get("Final-Recipient") or block.get("Original-Recipient") or "")
    address = recipient.rpartition(";")[2].strip().strip("<>")
    status = str(block.get("Status") or "").strip()
    action = str(block.get("Action") or "").strip().lower()
    if "@" not in address or action != "failed" or (status and not status.startswith("5")):
        return None
    said = str(block.get("Diagnostic-Code") or "").partition(";")[2] or status
    return Failure(normal(address), " ".join(said.split())[:300])


def _no_report() -> Refused:
    return Refused(
        _(
            "This is no report of a mail server. Open the mail that says that something could not"
            " be delivered, save it as a file (.eml), and upload that."
        ),
        code="no_report",
    )
