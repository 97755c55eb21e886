"""The access token Webex is called with: refreshed before it ends, by one worker at a time.

A refresh may answer with a new refresh token and end the old one, so both are kept, enciphered, and
written under a lock before anybody uses them.
"""

from datetime import datetime, timedelta
from functools import partial

import requests
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from events.webex.client import TIMEOUT, Timeout, Webex, refusal
from events.webex.errors import UnreachableError, WebexError
from events.webex_models import WebexToken
from lms.core.ciphers import cipher
from lms.core.locking import lock

_USE = "events.webex.token"
# Refreshed this long before it ends, so that no call begins with a token about to end.
_EARLY = timedelta(hours=1)


def is_configured() -> bool:
    """Whether this site may call Webex."""
    return all(
        settings.WEBEX[name]
        for name in ("client_id", "client_secret", "refresh_token", "host_email")
    )


def connect(timeout: Timeout = TIMEOUT) -> Webex:
    """The API as the settings say; `timeout`: seconds to be connected, and to be answered."""
    base, host = settings.WEBEX["base"], settings.WEBEX["host_email"]
    token = partial(access_token, base, timeout=timeout)
    return Webex(base=base, host_email=host, token=token, timeout=timeout)


def access_token(
    base: str, stale: str = "", *, timeout: Timeout = TIMEOUT, now: datetime | None = None
) -> str:
    """The token in force; refreshed when it is about to end, or is the `stale` one just refused.

    Raises WebexError where Webex takes the refresh token no more: an administrator must put a new
    one into the settings.
    """
    now = now or timezone.now()
    row, _made = WebexToken.objects.get_or_create(client_id=settings.WEBEX["client_id"])
    if kept := _usable(row, stale, now):
        return kept
    with transaction.atomic():
        row = lock(row)
        # Another worker may have been here while we waited.
        if kept := _usable(row, stale, now):
            return kept
        _refresh(row, base, now, timeout)
        row.save()
    return _open(row.access)


def _usable(row: WebexToken, stale: str, now: datetime) -> str:
    if not row.access or not row.ends_at or row.ends_at - _EARLY <= now:
        return ""
    kept = _open(row.access)
    return "" if kept == stale else kept


def _refresh(row: WebexToken, base: str, now: datetime, timeout: Timeout) -> None:
    """Ask with the refresh token we were given last; with the settings' one where it is newer."""
    given = settings.WEBEX["refresh_token"]
    first_time = not row.refresh or _open(row.given) != given
    body = {
        "grant_type": "refresh_token",
        "client_id": settings.WEBEX["client_id"],
        "client_secret": settings.WEBEX["client_secret"],
        "refresh_token": given if first_time else _open(row.refresh),
    }
    try:
        answer = requests.post(
            f"{base.rstrip('/')}/access_token", data=body, timeout=timeout, allow_redirects=False
        )
    except requests.RequestException as error:
        message = f"Webex did not answer ({type(error).__name__})."
        raise UnreachableError(message) from error
    if not answer.ok or answer.is_redirect:
        raise refusal(answer)
    found = answer.json()
    if not found.get("access_token"):
        message = "Webex gave no access token."
        raise WebexError(message, status=answer.status_code)
    row.access = _seal(found["access_token"])
    row.refresh = _seal(found.get("refresh_token") or body["refresh_token"])
    row.given = _seal(given)
    row.ends_at = now + timedelta(seconds=int(found.get("expires_in") or 0))
    row.refreshed_at = now


def _seal(text: str) -> str:
    return cipher(_USE).encrypt(text.encode()).decode()


def _open(sealed: str) -> str:
    return cipher(_USE).decrypt(sealed.encode()).decode() if sealed else ""
