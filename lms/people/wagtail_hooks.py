"""What the editors' pages must not do with people."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks

from lms.people.models import Person


@hooks.register("before_bulk_action")
def refuse_changing_many_people(
    request: HttpRequest, action_type: str, objects: Any, action: Any
) -> HttpResponse | None:
    """Wagtail's bulk actions pass our services by: groups would be set without roles."""
    if Person in action.models:
        messages.error(request, _("Change one person at a time."))
        return redirect("wagtailusers_users:index")
    return None
