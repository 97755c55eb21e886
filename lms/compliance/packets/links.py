"""Read-only links: one packet, for a limited time, for whoever has the address."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Max, Q
from django.db.models.query import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.compliance.packet_models import InspectionPacket, LinkOpening, PacketLink, PacketState
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.people.models import Organization, Person

# For how many days a link may be made.
DAYS = (7, 14, 30)
# 32 random bytes: nobody guesses one, so a fast hash is enough to find it again.
_TOKEN_BYTES = 32


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make_link(
    *,
    packet: InspectionPacket,
    label: str,
    days: int,
    actor: Person,
    now: datetime | None = None,
) -> tuple[PacketLink, str]:
    """A link to the packet for `days` days, and its secret, which is kept nowhere: show it once.

    `label` says for whom it is. Raises Refused for a packet that is not ready, for no label, for
    another number of days than DAYS, and where a link with this label is open ("exists"): a form
    sent twice makes one link.
    """
    now = now or timezone.now()
    label = " ".join(label.split())
    if not packet.is_ready:
        raise Refused(_("Make the packet first; then a link can show it."), code="not_ready")
    if not label:
        raise Refused(_("Say for whom the link is."), code="label_missing")
    if days not in DAYS:
        raise Refused(_("Choose 7, 14 or 30 days."), code="days")
    lock(packet)
    if packet.links.filter(label=label, ended_at__isnull=True, expires_at__gt=now).exists():
        raise Refused(
            _(
                "There is an open link for “%(label)s” already. Its address was shown once; if it "
                "is lost, end that link and make a new one."
            )
            % {"label": label},
            code="exists",
        )
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    link = PacketLink.objects.create(
        packet=packet,
        label=label,
        token_hash=_hash(token),
        made_by=actor,
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    audit.record("packet_link.made", link, actor=actor, now=now, packet=str(packet.pk), days=days)
    return link, token


@transaction.atomic
def end_link(*, link: PacketLink, actor: Person, now: datetime | None = None) -> PacketLink:
    """End the link at once; one that has ended already stays as it is."""
    now = now or timezone.now()
    link = lock(link)
    if link.ended_at is None:
        link.ended_at, link.ended_by = now, actor
        link.save(update_fields=["ended_at", "ended_by"])
        audit.record("packet_link.ended", link, actor=actor, now=now)
    return link


def open_link(token: str, *, now: datetime | None = None) -> PacketLink | None:
    """The link with this secret, with its packet, if it still shows something; else None."""
    now = now or timezone.now()
    return (
        PacketLink.objects.filter(
            token_hash=_hash(token[:100]),
            ended_at__isnull=True,
            expires_at__gt=now,
            packet__state=PacketState.READY,
        )
        .select_related("packet__facility", "packet__key")
        .first()
    )


def note_opening(
    *, link: PacketLink, what: LinkOpening.What, now: datetime | None = None
) -> LinkOpening:
    """Note that the link was used; who it was, and from where, is not kept."""
    return LinkOpening.objects.create(link=link, what=what, opened_at=now or timezone.now())


def links_of(facility: Organization) -> "QuerySet[PacketLink]":
    """The facility's links, the newest first, each with how often and when it was last used."""
    page, packet = LinkOpening.What.PAGE, LinkOpening.What.PACKET
    return (
        PacketLink.objects.filter(packet__facility__in=Organization.objects.one_place(facility))
        .select_related("packet", "made_by", "ended_by")
        .annotate(
            opened=Count("openings", filter=Q(openings__what=page)),
            taken=Count("openings", filter=Q(openings__what=packet)),
            last_opened_at=Max("openings__opened_at"),
        )
    )
