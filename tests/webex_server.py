"""A local server that behaves as Webex's documented REST API does, for the calls we make.

State lives in memory and can be looked at and changed by tests: what was scheduled, who is invited,
who was there. It refuses what the documentation says it refuses, pages as it pages, and can be told
to fail. That it is not only our own opinion is shown by two independent clients of the real API
(tests/events/webex/test_stand_in.py).
"""

import itertools
import json
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from zoneinfo import ZoneInfo

Json = dict[str, Any]
PAGE_DEFAULT = 10
SHORTEST, LONGEST = timedelta(minutes=10), timedelta(hours=23, minutes=59)


class Refusal(Exception):  # noqa: N818 - an answer, not a fault
    """An answer that is no success, as the documentation describes it."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass
class Failure:
    """What one coming call is answered with instead; `after` lets the call take effect first.

    None in their place lets a call pass.
    """

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    after: bool = False


@dataclass
class State:
    """Everything the server knows."""

    client: tuple[str, str] = ("client", "secret")
    refresh_token: str = "first-refresh"
    access_tokens: set[str] = field(default_factory=lambda: {"valid-token"})
    meetings: dict[str, Json] = field(default_factory=dict)
    invitees: dict[str, Json] = field(default_factory=dict)
    registrants: dict[str, Json] = field(default_factory=dict)
    instances: dict[str, Json] = field(default_factory=dict)
    participants: dict[str, list[Json]] = field(default_factory=dict)
    webhooks: dict[str, Json] = field(default_factory=dict)
    calls: list[tuple[str, str, Json]] = field(default_factory=list)
    failures: deque[Failure | None] = field(default_factory=deque)
    # Addresses that are refused wherever they are given, and how many seconds a link takes.
    refused: set[str] = field(default_factory=set)
    slow: float = 0
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    lock: threading.RLock = field(default_factory=threading.RLock)

    def called(self, method: str, path: str) -> list[Json]:
        """The bodies or queries of the calls to one address, oldest first."""
        return [body for did, where, body in self.calls if (did, where) == (method, path)]

    def hold(self, meeting_id: str, people: list[Json], *, start: str, end: str) -> str:
        """The meeting is held: an instance with the people who were in it."""
        instance = f"{meeting_id}_I_{next(self.numbers):018d}"
        self.instances[instance] = {
            "id": instance,
            "meetingSeriesId": meeting_id,
            "meetingType": "meeting",
            "state": "ended",
            "title": self.meetings[meeting_id]["title"],
            "start": start,
            "end": end,
        }
        self.participants[instance] = [
            {"id": f"{instance}_{number}", "meetingId": instance, "state": "end", **person}
            for number, person in enumerate(people)
        ]
        return instance


class Handler(BaseHTTPRequestHandler):
    """Reads a call, finds who answers it, writes the answer."""

    protocol_version = "HTTP/1.1"
    state: State

    def log_message(self, *_args: Any) -> None:
        """Say nothing: tests look at `state.calls`."""

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def do_PATCH(self) -> None:
        self._answer("PATCH")

    def do_PUT(self) -> None:
        self._answer("PUT")

    def do_DELETE(self) -> None:
        self._answer("DELETE")

    def _answer(self, method: str) -> None:
        if self.path.endswith("/meetings/join"):
            time.sleep(self.state.slow)
        with self.state.lock:
            where = urlsplit(self.path)
            query = dict(parse_qsl(where.query))
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = where.path.removeprefix("/v1")
            form = self.headers.get("Content-Type", "").startswith("application/x-www-form")
            body = dict(parse_qsl(raw.decode())) if form else (json.loads(raw) if raw else {})
            self.state.calls.append((method, path, body or query))
            failure = self.state.failures.popleft() if self.state.failures else None
            link = ""
            try:
                status, answer, link = self._do_or_fail(failure, method, path, query, body)
            except Refusal as refusal:
                status = refusal.status
                answer = {
                    "message": str(refusal),
                    "errors": [{"description": str(refusal)}],
                    "trackingId": f"TRACK_{uuid.uuid4().hex[:12]}",
                }
            self._write(
                status,
                answer,
                {**({"Link": link} if link else {}), **(failure.headers if failure else {})},
            )

    def _do_or_fail(
        self, failure: Failure | None, method: str, path: str, query: Json, body: Json
    ) -> tuple[int, Json | None, str]:
        done = None if failure and not failure.after else self._do(method, path, query, body)
        if done is None or failure:
            raise Refusal(failure.status if failure else 500, "Told to fail.")
        return done

    def _write(self, status: int, answer: Json | None, headers: dict[str, str]) -> None:
        content = b"" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _do(self, method: str, path: str, query: Json, body: Json) -> tuple[int, Json | None, str]:
        if (method, path) == ("POST", "/access_token"):
            return 200, token(self.state, body), ""
        given = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if given not in self.state.access_tokens:
            raise Refusal(401, "The request requires a valid access token set in the header.")
        parts = path.strip("/").split("/")
        answer = route(self.state, method, parts, query, body)
        if answer is None:
            return 204, None, ""
        if "items" in answer and method == "GET":
            return 200, *self._page(path, query, answer["items"])
        return 200, answer, ""

    def _page(self, path: str, query: Json, items: list[Json]) -> tuple[Json, str]:
        most = min(int(query.get("max", PAGE_DEFAULT)), 100)
        start = int(query.get("offset", 0))
        # The way back comes first: whoever takes the first link for the next page goes in circles.
        ways = [("prev", start - most)] if start else []
        ways += [("next", start + most)] if start + most < len(items) else []
        links = [
            f"<http://{self.headers['Host']}/v1{path}"
            f'?{urlencode({**query, "max": most, "offset": max(offset, 0)})}>; rel="{way}"'
            for way, offset in ways
        ]
        return {"items": items[start : start + most]}, ", ".join(links)


def token(state: State, form: Json) -> Json:
    """Refresh: the answer ends the refresh token it was asked with."""
    if (form.get("client_id"), form.get("client_secret")) != state.client:
        raise Refusal(401, "The client is not known.")
    if form.get("grant_type") != "refresh_token" or form.get("refresh_token") != (
        state.refresh_token
    ):
        raise Refusal(400, "The refresh token provided is expired, revoked or malformed.")
    access = f"access-{uuid.uuid4().hex}"
    state.access_tokens.add(access)
    state.refresh_token = f"refresh-{uuid.uuid4().hex}"
    return {
        "access_token": access,
        "expires_in": 1209599,
        "refresh_token": state.refresh_token,
        "refresh_token_expires_in": 7775999,
        "token_type": "Bearer",
    }


def route(state: State, method: str, parts: list[str], query: Json, body: Json) -> Json | None:
    """Find who answers; None is an answer without content (204)."""
    answers: dict[str, Callable[[State, str, list[str], Json, Json], Json | None]] = {
        "meetings": _meetings,
        "meetingInvitees": _invitees,
        "meetingParticipants": _participants,
        "webhooks": _webhooks,
    }
    if parts[0] not in answers:
        raise Refusal(404, "The requested resource could not be found.")
    return answers[parts[0]](state, method, parts[1:], query, body)


def _meetings(state: State, method: str, rest: list[str], query: Json, body: Json) -> Json | None:
    if rest == ["join"] and method == "POST":
        return _join(state, body)
    if len(rest) > 1 and rest[1] == "registrants":
        return _registrants(state, method, rest, body)
    if not rest:
        return _create(state, body) if method == "POST" else {"items": _list(state, query)}
    meeting = state.meetings.get(rest[0]) or state.instances.get(rest[0])
    if meeting is None:
        raise Refusal(404, "Meeting not found.")
    if method == "DELETE":
        del state.meetings[rest[0]]
        for ours in (state.invitees, state.registrants):
            for gone in [key for key, each in ours.items() if each["meetingId"] == rest[0]]:
                del ours[gone]
        return None
    if method in ("PATCH", "PUT"):
        meeting.update(_checked({**meeting, **body}))
    return _shown(meeting)


def _create(state: State, body: Json) -> Json:
    for needed in ("title", "start", "end"):
        if not body.get(needed):
            raise Refusal(400, f"{needed} is required.")
    if body.get("scheduledType") == "webinar" and not body.get("sessionTypeId"):
        raise Refusal(400, "sessionTypeId is required for a webinar.")
    number = next(state.numbers)
    meeting_id = f"{number:032x}"
    meeting = {
        "id": meeting_id,
        "meetingNumber": f"25{number:07d}",
        "meetingType": "meetingSeries",
        "state": "active",
        "timezone": "UTC",
        "password": "BgJep@43",
        "hostKey": "135412",
        "webLink": f"https://site.webex.example.org/j.php?MTID={meeting_id}",
        "hostEmail": "host@example.org",
        "scheduledType": "meeting",
        **{key: value for key, value in body.items() if key != "sendEmail"},
    }
    state.meetings[meeting_id] = _checked(meeting)
    return _shown(meeting)


def _checked(meeting: Json) -> Json:
    start, end = _wall(meeting["start"]), _wall(meeting["end"])
    if len(meeting["title"]) > 128:
        raise Refusal(400, "title is longer than 128 characters.")
    if not SHORTEST <= end - start <= LONGEST:
        raise Refusal(400, "The duration must be between 10 minutes and 23 hours 59 minutes.")
    if len(meeting.get("integrationTags") or []) > 3:
        raise Refusal(400, "At most three integration tags.")
    ZoneInfo(meeting["timezone"])
    return meeting


def _wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=None)


def _shown(meeting: Json) -> Json:
    """Times come with an offset: wall times were given with a zone."""
    shown = dict(meeting)
    for name in ("start", "end"):
        moment = datetime.fromisoformat(meeting[name])
        if moment.tzinfo is None:
            shown[name] = moment.replace(tzinfo=ZoneInfo(meeting["timezone"])).isoformat()
    return shown


def _list(state: State, query: Json) -> list[Json]:
    known = [*state.meetings.values(), *state.instances.values()]
    kind = query.get("meetingType", "meetingSeries")
    found = [each for each in known if each["meetingType"] == kind]
    for name in ("state", "meetingSeriesId", "scheduledType"):
        if name in query:
            found = [each for each in found if each.get(name) == query[name]]
    if tag := query.get("integrationTag"):
        found = [each for each in found if tag in each.get("integrationTags", [])]
    return [_shown(each) for each in found]


def _join(state: State, body: Json) -> Json:
    meeting = state.meetings.get(body.get("meetingId", ""))
    if meeting is None:
        raise Refusal(404, "Meeting not found.")
    if meeting["scheduledType"] == "webinar":
        raise Refusal(403, "A webinar is joined by its registrants' own links.")
    if not 1 <= body.get("expirationMinutes", 15) <= 60:
        raise Refusal(400, "expirationMinutes is between 1 and 60.")
    own = urlencode({"MTID": meeting["id"], "for": body.get("email", "")})
    return {
        "joinLink": f"https://site.webex.example.org/join.php?{own}",
        "expiration": "2026-07-14T14:30:00Z",
    }


def _invitees(state: State, method: str, rest: list[str], query: Json, body: Json) -> Json | None:
    if method == "GET":
        found = [e for e in state.invitees.values() if e["meetingId"] == query.get("meetingId")]
        return {"items": found}
    if method == "DELETE":
        if rest[0] not in state.invitees:
            raise Refusal(404, "Meeting invitee not found.")
        del state.invitees[rest[0]]
        return None
    people = body.get("items", []) if rest == ["bulkInsert"] else [body]
    meeting_id = body.get("meetingId", "")
    if meeting_id not in state.meetings:
        raise Refusal(404, "Meeting not found.")
    addresses = [str(each.get("email", "")).lower() for each in people]
    if not 1 <= len(people) <= 100 or len(set(addresses)) < len(people):
        raise Refusal(400, "Between 1 and 100 invitees with addresses of their own.")
    if state.refused & set(addresses):
        raise Refusal(400, f"Not valid: {min(state.refused & set(addresses))}")
    there = {e["email"].lower() for e in state.invitees.values() if e["meetingId"] == meeting_id}
    if there & set(addresses):
        raise Refusal(409, "Some users in the list have been invited.")
    made = [
        {
            "id": f"{meeting_id}_{next(state.numbers)}",
            "email": each["email"],
            "displayName": each.get("displayName", each["email"]),
            "coHost": bool(each.get("coHost")),
            "panelist": False,
            "meetingId": meeting_id,
        }
        for each in people
    ]
    state.invitees |= {each["id"]: each for each in made}
    return {"items": made} if rest == ["bulkInsert"] else made[0]


def _registrants(state: State, method: str, rest: list[str], body: Json) -> Json | None:
    meeting_id = rest[0]
    mine = [each for each in state.registrants.values() if each["meetingId"] == meeting_id]
    if meeting_id not in state.meetings:
        raise Refusal(404, "Meeting not found.")
    if method == "DELETE":
        if rest[2] not in state.registrants:
            raise Refusal(404, "Registrant not found.")
        del state.registrants[rest[2]]
        return None
    if rest[2:] == ["query"]:
        wanted = {address.lower() for address in body["emails"]}
        return {"items": [each for each in mine if each["email"].lower() in wanted]}
    if method == "GET":
        return {"items": mine}
    if not all(body.get(needed) for needed in ("firstName", "lastName", "email")):
        raise Refusal(400, "firstName, lastName and email are required.")
    if body["email"].lower() in {each["email"].lower() for each in mine}:
        raise Refusal(409, "The registrant has registered already.")
    made = {"id": str(uuid.uuid4()), "meetingId": meeting_id, "status": "approved", **body}
    state.registrants[made["id"]] = made
    return made


def _participants(
    state: State, method: str, _rest: list[str], query: Json, _body: Json
) -> Json | None:
    if method != "GET" or "meetingId" not in query:
        raise Refusal(400, "meetingId is required.")
    wanted = query["meetingId"]
    if wanted in state.meetings:
        # A series stands for its last holding alone, which is a trap of the real one too.
        held = [each for each in state.instances if each.startswith(f"{wanted}_")]
        wanted = held[-1] if held else wanted
    return {"items": state.participants.get(wanted, [])}


def _webhooks(state: State, method: str, rest: list[str], _query: Json, body: Json) -> Json | None:
    if method == "GET":
        return {"items": list(state.webhooks.values())}
    if method == "POST":
        made = {"id": f"hook-{next(state.numbers)}", "status": "active", **body}
        state.webhooks[made["id"]] = made
        return made
    if rest[0] not in state.webhooks:
        raise Refusal(404, "Webhook not found.")
    if method == "DELETE":
        del state.webhooks[rest[0]]
        return None
    state.webhooks[rest[0]].update(body)
    return state.webhooks[rest[0]]


@contextmanager
def running() -> Iterator[tuple[str, State]]:
    """The server on a free port of this machine: its base address and its state."""
    state = State()
    handler = type("OwnHandler", (Handler,), {"state": state})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
