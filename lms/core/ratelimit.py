"""How often somebody may try: counts in the cache, by address, forgotten when the time is up."""

import hashlib
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@dataclass(frozen=True)
class Limit:
    """At most `tries` in `seconds`, counted from the first one.

    `name` keeps the counts of one limit apart from another's. A cache that is away counts nothing:
    the limit slows guessing down, it is never the only thing between a guesser and a secret.
    """

    name: str
    tries: int
    seconds: int

    def reached(self, request: HttpRequest) -> bool:
        """Whether whoever sends `request` has used up the tries."""
        count: int = cache.get(self._key(request), 0)
        return count >= self.tries

    def count(self, request: HttpRequest) -> None:
        """Note one try."""
        key = self._key(request)
        if not cache.add(key, 1, self.seconds):
            try:
                cache.incr(key)
            except ValueError:  # it ran out between the two
                cache.add(key, 1, self.seconds)

    def _key(self, request: HttpRequest) -> str:
        # allauth knows how many proxies to trust; the address itself is not kept.
        address = f"{settings.SECRET_KEY}:{get_adapter().get_client_ip(request)}"
        return f"limit:{self.name}:{hashlib.sha256(address.encode()).hexdigest()[:32]}"


def too_many(request: HttpRequest, limit: Limit) -> HttpResponse:
    """The page that says to wait, in plain words."""
    minutes = max(1, round(limit.seconds / 60))
    response = render(request, "429.html", {"minutes": minutes}, status=429)
    response["Retry-After"] = str(limit.seconds)
    return response
