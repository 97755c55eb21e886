"""Secrets that must be read again are kept enciphered, so that a copy of the database tells none.

Each use has its own key, made from SECRET_KEY; the fallbacks still read what older keys wrote.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.encoding import force_str


def cipher(use: str) -> MultiFernet:
    """The cipher for one use; `use` is a lasting name, for example "lms.people.second_factor"."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(f"{use}:{force_str(key)}".encode()) for key in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(each.digest())) for each in digests])
