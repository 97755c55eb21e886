"""Browsers that signed somebody in before; a stranger's requests never lock them out (TRIED 8).

A signed cookie under /accounts/ holds the ids of the last few people who signed in here. It opens
nothing: it only spares its owner the limit on code mails that strangers may have used up.
"""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from lms.people.models import Person

COOKIE = "known_browser"
PATH = "/accounts/"
AGE = timedelta(days=365)
SALT = "lms.people.known_browser"
KEPT = 5


def _people(request: HttpRequest) -> list[int]:
    try:
        people = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=AGE)
    except signing.BadSignature:
        return []
    return [person for person in people if isinstance(person, int)]


def knows(request: HttpRequest, person: Person) -> bool:
    """Whether `person` signed in on this browser within the last year."""
    return person.pk in _people(request)


def keep_nothing(response: HttpResponse) -> None:
    """Have the browser remove what pages kept on the device, such as answers on their way."""
    response["Clear-Site-Data"] = '"storage"'


def remember(request: HttpRequest, response: HttpResponse, person: Person) -> None:
    """Note on `response` that `person` signed in here; what another one's pages kept goes."""
    known = _people(request)
    if known and known[0] != person.pk:
        keep_nothing(response)
    others = [pk for pk in known if pk != person.pk]
    response.set_cookie(
        COOKIE,
        signing.dumps([person.pk, *others][:KEPT], salt=SALT),
        max_age=AGE,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
