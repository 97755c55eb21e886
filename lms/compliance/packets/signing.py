"""Ed25519 signatures under packets, with a key from the environment; public keys stay for ever.

Rotation is another PACKET_KEY: the next packet makes its public key known, and older packets are
checked with the keys that stayed (docs/decisions/0025).
"""

import base64
import binascii
import hashlib
from datetime import datetime
from enum import Enum, auto

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.compliance.packet_models import PacketKey
from lms.core.exceptions import Refused

KEY_BYTES = 32


class Verdict(Enum):
    """What a signature says."""

    SIGNED = auto()  # by a key of ours, and unchanged since
    DIFFERS = auto()  # by a key of ours, but not over these bytes
    UNKNOWN_KEY = auto()  # by a key that was never ours


def private_key() -> Ed25519PrivateKey:
    """The key in force, from PACKET_KEY: 32 random bytes in base64. Raises Refused "no_key"."""
    try:
        secret = base64.b64decode(settings.LMS_PACKET_KEY, validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != KEY_BYTES:
        raise Refused(
            _("Packets cannot be signed here yet: the operator of this site must set PACKET_KEY."),
            code="no_key",
        )
    return Ed25519PrivateKey.from_private_bytes(secret)


def all_keys() -> list[PacketKey]:
    """Every public key packets bear, the newest first; the one in force too, used or not."""
    found = list(PacketKey.objects.all())
    try:
        current = _as_row(private_key().public_key(), timezone.now())
    except Refused:
        return found
    return found if current in found else [current, *found]


def _as_row(public: Ed25519PublicKey, since: datetime) -> PacketKey:
    """The key as a row, not kept yet."""
    raw = _raw(public)
    return PacketKey(
        key_id=hashlib.sha256(raw).hexdigest()[:16],
        public_key=base64.b64encode(raw).decode(),
        used_since=since,
    )


def _raw(public: Ed25519PublicKey) -> bytes:
    return public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def publish_key(*, now: datetime | None = None) -> PacketKey:
    """The row of the key in force, made when it is used for the first time."""
    new = _as_row(private_key().public_key(), now or timezone.now())
    found, _created = PacketKey.objects.get_or_create(
        key_id=new.key_id,
        defaults={"public_key": new.public_key, "used_since": new.used_since},
    )
    return found


def sign(content: bytes) -> str:
    """The signature of the key in force over `content`, in base64."""
    return base64.b64encode(private_key().sign(content)).decode()


def verify(content: bytes, *, signature: str, key_id: str) -> Verdict:
    """What the signature says about `content`; whatever it is, it raises nothing."""
    known = PacketKey.objects.filter(key_id=key_id[:16]).first() if key_id.isalnum() else None
    if known is None or known.key_id != key_id:
        return Verdict.UNKNOWN_KEY
    try:
        _public(known).verify(base64.b64decode(signature, validate=True), content)
    except (InvalidSignature, binascii.Error, ValueError):
        return Verdict.DIFFERS
    return Verdict.SIGNED


def _public(key: PacketKey) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(key.public_key))


def pem(key: PacketKey) -> str:
    """The public key as other programs read it."""
    return (
        _public(key)
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )
