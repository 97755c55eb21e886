"""Through what a change comes in, where that must be told with the fact: a shared device.

Set for the length of one request by the middleware that knows it, read where a fact is written.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_shared_device: ContextVar[dict[str, Any] | None] = ContextVar("shared_device", default=None)


@contextmanager
def through_shared_device(facts: dict[str, Any]) -> Iterator[None]:
    """Whatever is recorded inside was done on a shared device; `facts` are ids and states."""
    token = _shared_device.set(facts)
    try:
        yield
    finally:
        _shared_device.reset(token)


def shared_device() -> dict[str, Any] | None:
    """The facts about the shared device this comes from; None for everything else."""
    return _shared_device.get()
