"""Who may be signed in at all."""

import logging
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from lms.core.prepared import Prepared, given
from lms.people.models import Person

logger = logging.getLogger("lms.people")
_person = Prepared(lambda: Person.objects.filter(pk=given("pk")))


class PersonBackend(AuthenticationBackend):
    """The library's backend, which in production refuses the demo's published password.

    A record that was merged into another signs in nobody, and a session that began before the
    merge ends with it: facts are written for the record that stayed.
    """

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Person | None:
        if credentials.get("password") == settings.DEMO_PASSWORD and not settings.TRIAL:
            logger.warning("Somebody tried the demo password; production refuses it")
            return None
        person: Person | None = super().authenticate(request, **credentials)
        return person

    def _check_password(self, user: Person | None, password: str) -> Person | None:
        """Not for a merged record: its owner is let in by a code, to the record that stayed."""
        if user and user.canonical_person_id:
            return None
        checked: Person | None = super()._check_password(user, password)
        return checked

    def get_user(self, user_id: int) -> Person | None:
        """The person of a session; asked on every page of somebody signed in."""
        person = _person.first(pk=user_id)
        return person if self.user_can_authenticate(person) else None

    def user_can_authenticate(self, user: Person | AnonymousUser | None) -> bool:
        return bool(
            isinstance(user, Person)
            and user.canonical_person_id is None
            and super().user_can_authenticate(user)
        )
