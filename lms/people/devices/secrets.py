"""Codes and PINs: made, read as people type them, and kept as hashes with a pepper."""

import hashlib
import hmac
import secrets
from itertools import pairwise

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password

# Without look-alikes: no 0 and O, no 1, I and L.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 8
PIN_LENGTH = 6
_NOBODY = "nobody"


def new_code() -> str:
    """Eight characters, shown in two groups: about 39 bits."""
    return "".join(secrets.choice(ALPHABET) for _place in range(CODE_LENGTH))


def grouped(code: str) -> str:
    """ABCD-EFGH, to read aloud and to copy by hand."""
    return f"{code[:4]}-{code[4:]}"


def plain(typed: str) -> str:
    """What somebody typed, without groups, spaces and case."""
    return "".join(character for character in typed.upper() if character.isalnum())[:40]


def code_hash(code: str) -> str:
    """A code's hash: codes are long and random, so a fast one with the pepper will do."""
    return _peppered(f"code:{plain(code)}")


def token_hash(token: str) -> str:
    """The hash of the secret that a registered device's browser holds."""
    return hashlib.sha256(token.encode()).hexdigest()


def pin_hash(pin: str, employment: int) -> str:
    """A PIN's hash: the pepper first, then the slow hash, so that a stolen table is of no use."""
    return make_password(_peppered(f"pin:{employment}:{pin}"))


def pin_fits(pin: str, employment: int, hashed: str) -> bool:
    """Whether it is this PIN; takes as long when there is none."""
    if not hashed:
        make_password(_peppered(f"pin:{_NOBODY}:{pin}"))
        return False
    return check_password(_peppered(f"pin:{employment}:{pin}"), hashed)


def is_too_simple(pin: str, number: str) -> bool:
    """Whether anybody would try it first: all the same, in a row, the employee number, a year."""
    digits = [int(digit) for digit in pin]
    steps = {after - before for before, after in pairwise(digits)}
    own = "".join(character for character in number if character.isdigit())
    return (
        len(set(digits)) <= 2
        or steps in ({1}, {-1})
        or pin[:3] == pin[3:]
        or (len(own) >= 4 and own in pin)
    )


def _peppered(text: str) -> str:
    pepper = settings.LMS_PIN_PEPPER or settings.SECRET_KEY
    return hmac.new(f"lms.pins:{pepper}".encode(), text.encode(), hashlib.sha256).hexdigest()
