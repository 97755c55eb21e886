"""What courses listen to: the ledger's doorbells, for plans, and signing in, for guests."""

import logging
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.signals import user_logged_in
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from courses.tasks import follow_plans
from lms.completions.signals import completion_recorded, completion_revoked
from lms.people.guests import GUEST
from lms.people.models import Person
from lms.people.signin import with_next

logger = logging.getLogger("courses.plans")


def connect() -> None:
    """Listen; called in AppConfig.ready()."""
    completion_recorded.connect(look_at_plans, dispatch_uid="courses.plans.recorded")
    completion_revoked.connect(look_at_plans, dispatch_uid="courses.plans.revoked")
    user_logged_in.connect(offer_guests_work, dispatch_uid="courses.guests.signed_in")


def look_at_plans(*, completion_id: str, **_kwargs: Any) -> None:
    """Ask a worker; a dead broker costs only time, since the sweep looks too."""
    try:
        follow_plans.delay(completion_id)
    except Exception:
        logger.exception("The doorbell for completion %s did not ring", completion_id)


def offer_guests_work(
    request: HttpRequest, response: HttpResponse, user: Person, **_kwargs: Any
) -> None:
    """Somebody signed in where a guest was: ask whether that was they, before their own pages.

    Not in the middle of something else, such as registering for a session: My learning asks then.
    """
    if not request.session.get(GUEST) or "Location" not in response:
        return
    offer, wanted = reverse("courses:take_along"), response["Location"]
    path = urlsplit(wanted).path
    if path != offer and (
        "/learn/" in path or path == get_adapter().get_login_redirect_url(request)
    ):
        response["Location"] = with_next(offer, wanted)
