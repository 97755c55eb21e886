"""For the machines that watch the site, and the trial's mail page."""

from django.core.paginator import Paginator
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache

from lms.core.models import TrialMail
from lms.core.trial_mail import links_of


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """The process answers and reaches its database."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("no database", status=503, content_type="text/plain")
    return HttpResponse("ready", content_type="text/plain")


@never_cache
def trial_mails(request: HttpRequest) -> HttpResponse:
    """The mails the trial would have sent, newest first, `?to=` for one address."""
    mails = TrialMail.objects.defer("source", "html")
    to = request.GET.get("to", "").strip().lower()
    if to:
        mails = mails.filter(to=to)
    page = Paginator(mails, 25).get_page(request.GET.get("page"))
    return render(request, "core/trial_mails.html", {"page": page, "to": to})


@never_cache
def trial_mail(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail of the trial."""
    mail = get_object_or_404(TrialMail, pk=pk)
    context = {"mail": mail, "links": links_of(mail.html)}
    return render(request, "core/trial_mail.html", context)


@never_cache
def trial_mail_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """The calendar part of a trial mail, as the file a mail program would open."""
    mail = get_object_or_404(TrialMail.objects.exclude(calendar=""), pk=pk)
    response = HttpResponse(mail.calendar, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="invite.ics"'
    return response
