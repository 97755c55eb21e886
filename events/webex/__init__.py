"""Webex: a thin client of its REST API, and the token it is called with.

What is sent when, and what becomes of the answers, is decided in `events.services`. Without the
settings in `WEBEX` nothing here is ever called, and coordinators paste links as before.
"""

from events.webex.client import Webex
from events.webex.errors import BusyError, GoneError, UnreachableError, WebexError
from events.webex.tokens import connect, is_configured

__all__ = [
    "BusyError",
    "GoneError",
    "UnreachableError",
    "Webex",
    "WebexError",
    "connect",
    "is_configured",
]
