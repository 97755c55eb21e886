"""The calls of Webex's REST API that we make: meetings, who is invited, who was there.

Times are sent as wall time with their zone, as its documentation does, so that no clock change can
come between; answers are asked for in UTC. Nothing here waits or repeats: a task does, by what the
exception says. Answers are read leniently, since the documented examples break their own schema.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import requests

from events.webex.errors import (
    BusyError,
    GoneError,
    KnownError,
    UnauthorizedError,
    UnreachableError,
    WebexError,
)

TIMEOUT = (5, 20)
# For a call that somebody waits for: to be connected, and to be answered; seconds.
AT_ONCE = (1.5, 1.5)
Timeout = tuple[float, float]
# What Webex takes in one call, and what one page of a list may hold.
MOST_INVITEES = 100
PAGE = 100
_PAUSE, _LONGEST_PAUSE = 15, 600
_THEIR_FAULT = 500
_EPOCH = 1970
Json = dict[str, Any]


class Webex:
    """Webex's API as one host uses it.

    `token(stale)` gives the access token; given one that was just refused, a newer one. Every call
    may raise the exceptions of `errors`.
    """

    def __init__(
        self,
        *,
        base: str,
        host_email: str,
        token: Callable[[str], str],
        timeout: Timeout = TIMEOUT,
    ) -> None:
        self.base = base.rstrip("/")
        self.host_email = host_email
        self._token = token
        self._timeout = timeout
        self._http = requests.Session()
        self._http.headers.update({"Accept": "application/json", "timezone": "UTC"})

    # --- meetings and webinars ------------------------------------------------------------------

    def create_meeting(self, facts: Json) -> Json:
        """Schedule a meeting or webinar; `facts` as `POST /meetings` takes them."""
        return self._call("POST", "/meetings", json={**facts, "hostEmail": self.host_email})

    def change_meeting(self, meeting_id: str, facts: Json) -> Json:
        """Change a scheduled meeting; what is not in `facts` stays."""
        return self._call(
            "PATCH", f"/meetings/{meeting_id}", json={**facts, "hostEmail": self.host_email}
        )

    def delete_meeting(self, meeting_id: str) -> None:
        """Take a meeting off the schedule; one that is gone already is fine."""
        query = {"hostEmail": self.host_email, "sendEmail": "false"}
        try:
            self._call("DELETE", f"/meetings/{meeting_id}", params=query)
        except GoneError:
            return

    def find_meeting(self, tag: str) -> Json | None:
        """The scheduled meeting that carries our tag, if it was created before."""
        query = {"integrationTag": tag, "hostEmail": self.host_email, "max": PAGE}
        found = self._pages("/meetings", {**query, "meetingType": "meetingSeries"})
        return next(iter(found), None)

    def instances(self, meeting_id: str) -> list[Json]:
        """Each time the meeting was held: a host who restarts it makes another."""
        query = {"meetingSeriesId": meeting_id, "meetingType": "meeting", "state": "ended"}
        found = self._pages("/meetings", {**query, "hostEmail": self.host_email, "max": PAGE})
        return [each for each in found if str(each.get("id", "")).startswith(f"{meeting_id}_")]

    def join_link(self, meeting_id: str, *, email: str, name: str) -> str:
        """A link that takes one person straight in; it lives for minutes (no webinars)."""
        answer = self._call(
            "POST",
            "/meetings/join",
            json={
                "meetingId": meeting_id,
                "email": email,
                "displayName": name[:128],
                "joinDirectly": False,
                "expirationMinutes": 30,
                "hostEmail": self.host_email,
            },
        )
        return str(answer.get("joinLink") or "")

    # --- who may come ---------------------------------------------------------------------------

    def invitees(self, meeting_id: str) -> list[Json]:
        """Everybody invited to a meeting."""
        query = {"meetingId": meeting_id, "hostEmail": self.host_email, "max": PAGE}
        return list(self._pages("/meetingInvitees", query))

    def invite(self, meeting_id: str, people: Iterable[tuple[str, str]]) -> list[Json]:
        """Invite (e-mail, name) without a mail from Webex: ours tells them. At most 100 at once."""
        answer = self._call(
            "POST",
            "/meetingInvitees/bulkInsert",
            json={
                "meetingId": meeting_id,
                "hostEmail": self.host_email,
                "items": [
                    {"email": email, "displayName": name[:128], "sendEmail": False}
                    for email, name in people
                ],
            },
        )
        return list(answer.get("items") or [])

    def uninvite(self, invitee_id: str) -> None:
        """Take an invitation back; one that is gone already is fine."""
        query = {"hostEmail": self.host_email, "sendEmail": "false"}
        try:
            self._call("DELETE", f"/meetingInvitees/{invitee_id}", params=query)
        except GoneError:
            return

    def add_registrant(self, meeting_id: str, *, email: str, first: str, last: str) -> str:
        """Register somebody for a webinar and return their id; Webex mails them their own link."""
        path = f"/meetings/{meeting_id}/registrants"
        body = {"firstName": first, "lastName": last, "email": email, "sendEmail": True}
        try:
            return _registrant_id(
                self._call("POST", path, params={"hostEmail": self.host_email}, json=body)
            )
        except KnownError:
            found = self._call(
                "POST",
                f"{path}/query",
                params={"hostEmail": self.host_email},
                json={"emails": [email]},
            )
            return next((_registrant_id(each) for each in found.get("items") or []), "")

    def remove_registrant(self, meeting_id: str, registrant_id: str) -> None:
        """Take a webinar's registrant off; one that is gone already is fine."""
        path = f"/meetings/{meeting_id}/registrants/{registrant_id}"
        try:
            self._call("DELETE", path, params={"hostEmail": self.host_email})
        except GoneError:
            return

    # --- who was there --------------------------------------------------------------------------

    def participants(self, instance_id: str) -> list[Json]:
        """Everybody who was in one holding of a meeting, with the joins of their devices."""
        query = {"meetingId": instance_id, "hostEmail": self.host_email, "max": PAGE}
        return list(self._pages("/meetingParticipants", query))

    # --- what Webex tells by itself --------------------------------------------------------------

    def webhooks(self) -> list[Json]:
        """The webhooks of this client, switched off ones too."""
        return list(self._pages("/webhooks", {"max": PAGE, "ownedBy": "org"}))

    def create_webhook(
        self, *, name: str, address: str, resource: str, event: str, secret: str
    ) -> Json:
        """Have something told to an address of ours, signed with the secret."""
        body = {"name": name, "targetUrl": address, "resource": resource, "event": event}
        return self._call("POST", "/webhooks", json={**body, "secret": secret, "ownedBy": "org"})

    def switch_on(self, hook: Json) -> Json:
        """A webhook that Webex switched off after failures; it never does so by itself."""
        body = {name: hook[name] for name in ("name", "targetUrl") if name in hook}
        return self._call("PUT", f"/webhooks/{hook['id']}", json={**body, "status": "active"})

    # --- the wire -------------------------------------------------------------------------------

    def _pages(self, path: str, query: Json) -> Iterator[Json]:
        """The items of all pages; a next page is followed on our own host only."""
        address, params = f"{self.base}{path}", query
        while address:
            answer = self._send("GET", address, params=params)
            yield from _body(answer).get("items") or []
            following = answer.links.get("next", {}).get("url", "")
            same_host = urlsplit(following)[:2] == urlsplit(self.base)[:2]
            address, params = (following if same_host else ""), {}

    def _call(self, method: str, path: str, **options: Any) -> Json:
        return _body(self._send(method, f"{self.base}{path}", **options))

    def _send(self, method: str, address: str, **options: Any) -> requests.Response:
        token = self._token("")
        try:
            return self._once(method, address, token, options)
        except UnauthorizedError:
            # It may have been changed a moment ago; once is enough to know.
            return self._once(method, address, self._token(token), options)

    def _once(self, method: str, address: str, token: str, options: Json) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"}
        try:
            # No redirect: it would carry the token elsewhere.
            answer = self._http.request(
                method,
                address,
                headers=headers,
                timeout=self._timeout,
                allow_redirects=False,
                **options,
            )
        except requests.RequestException as error:
            message = f"Webex did not answer ({type(error).__name__})."
            raise UnreachableError(message) from error
        if answer.ok and not answer.is_redirect:
            return answer
        raise refusal(answer)


def refusal(answer: requests.Response) -> WebexError:
    """The exception for an answer that is no success."""
    body = _body(answer)
    details = [str(each.get("description", "")) for each in body.get("errors") or []]
    text = " ".join([str(body.get("message") or answer.reason), *details]).strip()[:500]
    status = answer.status_code
    tracking_id = str(body.get("trackingId") or answer.headers.get("trackingid", ""))[:80]
    if status in (423, 429):
        pause = _pause(answer.headers.get("Retry-After", ""))
        return BusyError(text, retry_after=pause, status=status, tracking_id=tracking_id)
    kinds = {401: UnauthorizedError, 404: GoneError, 409: KnownError}
    otherwise = UnreachableError if status >= _THEIR_FAULT else WebexError
    return kinds.get(status, otherwise)(text, status=status, tracking_id=tracking_id)


def _pause(header: str) -> int:
    """Seconds to wait; Webex has been seen to send text there that is no number."""
    found = re.match(r"\s*(\d{1,6})", header)
    return min(max(int(found[1]) if found else _PAUSE, 1), _LONGEST_PAUSE)


def _body(answer: requests.Response) -> Json:
    try:
        body = answer.json() if answer.content else {}
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _registrant_id(answer: Json) -> str:
    """Older answers call it registrantId."""
    return str(answer.get("id") or answer.get("registrantId") or "")


def instant(text: Any) -> datetime | None:
    """An instant Webex tells; None where it tells none (or 1970, while somebody is still there)."""
    try:
        found = datetime.fromisoformat(str(text or ""))
    except ValueError:
        return None
    return found if found.tzinfo and found.year > _EPOCH else None
