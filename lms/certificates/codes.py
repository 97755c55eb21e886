"""A certificate's code: short enough to type from paper, long enough not to be guessed.

Twelve signs out of 25, a little under 56 bits: with a million certificates issued, a guesser at the
verification page's limit finds one in tens of thousands of years. No vowels, so that no
code spells a word.
"""

import re
import secrets
import unicodedata

ALPHABET = "23456789CDFGHJKMNPQRTVWXY"
LENGTH = 12
GROUP = 4
# Printed on samples; `new_code` never gives it, so that it leads to no certificate.
SAMPLE = "XXXXXXXXXXXX"
# What is not in the alphabet was misread: each stands for the sign it looks like.
_CONFUSED = str.maketrans(
    {"0": "Q", "O": "Q", "1": "7", "I": "7", "L": "7", "Z": "2", "E": "3"}
    | {"A": "4", "S": "5", "B": "8", "U": "V"}
)
_SEPARATORS = re.compile(r"[\s\-_.·‐‑‒–—−/]+")  # also word processors' dashes
_CODE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")


def new_code() -> str:
    """A code nobody can foresee."""
    code = "".join(secrets.choice(ALPHABET) for _sign in range(LENGTH))
    return code if code != SAMPLE else new_code()


def in_groups(code: str) -> str:
    """The code as it is printed and as it stands in addresses: XXXX-XXXX-XXXX."""
    return "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def read(typed: str) -> str | None:
    """The code somebody typed, or None if it cannot be one.

    Case, separators and the usual confusions are forgiven (O for Q, S for 5, 1 for 7 and so on).
    """
    signs = _SEPARATORS.sub("", unicodedata.normalize("NFKC", typed)).upper().translate(_CONFUSED)
    return signs if _CODE.fullmatch(signs) else None
