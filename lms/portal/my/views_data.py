"""What is kept about the person who is signed in: the file to take along, and who looked."""

import time
from datetime import timedelta

from allauth.account.internal.flows.login import get_authentication_records
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lms.core import audit
from lms.people.looks import KEPT
from lms.people.models import Person
from lms.portal.my import data

# The file has all there is, so a device that was left alone must not give it away.
FRESH = timedelta(minutes=15)


def _reader(request: HttpRequest) -> Person:
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user


def _signed_in_lately(request: HttpRequest) -> bool:
    """Whether somebody proved in this very browser, a short while ago, that it is them."""
    records = get_authentication_records(request, _reader(request))
    return any(time.time() - record["at"] < FRESH.total_seconds() for record in records)


@require_safe
@never_cache
@login_required
def my_data(request: HttpRequest) -> HttpResponse:
    """Take along what is kept, and see who looked."""
    context = {
        "nav": {"current": "my"},
        "crumbs": [{"label": _("My learning"), "url": reverse("my:learning")}],
        "fresh": _signed_in_lately(request),
        "minutes": int(FRESH.total_seconds() // 60),
        "looks": data.who_looked(_reader(request)),
        "years": KEPT.days // 365,
    }
    return render(request, "portal/my/data.html", context)


@require_safe
@never_cache
@login_required
def data_file(request: HttpRequest) -> HttpResponse:
    """The file itself, for whoever signed in a short while ago."""
    person = _reader(request)
    if not _signed_in_lately(request):
        messages.info(request, _("Sign in once more, then save the file."))
        return redirect("my:data")
    now = timezone.now()
    content = data.archive(person, now)
    audit.record("person.data_taken", person.canonical, actor=person, now=now)
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{data.file_name()}"'
    return response


@require_POST
@never_cache
@login_required
def sign_in_again(request: HttpRequest) -> HttpResponse:
    """Sign out, and lead through signing in back to the page."""
    logout(request)
    return redirect(f"{reverse('account_login')}?{urlencode({'next': reverse('my:data')})}")
