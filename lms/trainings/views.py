"""The doors before Wagtail's editor and before the making of translations."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import resolve
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail_localize.models import TranslationSource

from lms.trainings.ownership import may_edit, office_of


def _turned_away(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Say whose training it is to those who may not edit it; Wagtail would only say "no"."""
    person = request.user
    if not person.is_authenticated or not person.has_perm("wagtailadmin.access_admin"):
        return None  # Wagtail asks them to sign in.
    if may_edit(person, page):
        return None
    messages.error(
        request,
        _("This training belongs to %(office)s, and only its coordinators edit it.")
        % {"office": office_of(page)},
    )
    return redirect("wagtailadmin_explore", page.get_parent().pk)


def _wagtails(request: HttpRequest, address: str) -> HttpResponse:
    """The answer of the view that stands at this address of the editors' pages."""
    found = resolve(address, urlconf="wagtail.admin.urls")
    response: HttpResponse = found.func(request, *found.args, **found.kwargs)
    return response


def edit_page(request: HttpRequest, page_id: int) -> HttpResponse:
    """Wagtail's editor, for those whose training it is."""
    page = Page.objects.filter(pk=page_id).first()
    away = _turned_away(request, page) if page else None
    return away or _wagtails(request, f"/pages/{page_id}/edit/")


def submit_page(request: HttpRequest, page_id: int) -> HttpResponse:
    """Start a page's translation: the library asks for no right to the page."""
    page = Page.objects.filter(pk=page_id).first()
    away = _turned_away(request, page) if page else None
    return away or _wagtails(request, f"/localize/submit/page/{page_id}/")


def update_translations(request: HttpRequest, source_id: int) -> HttpResponse:
    """Bring translations up to date, and publish them: not another office's either."""
    source = TranslationSource.objects.filter(pk=source_id).first()
    page = (
        Page.objects.filter(translation_key=source.object_id, locale=source.locale_id).first()
        if source
        else None
    )
    away = _turned_away(request, page) if page else None
    return away or _wagtails(request, f"/localize/update/{source_id}/")
