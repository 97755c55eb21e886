"""The door before Wagtail's editor."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import resolve
from django.utils.translation import gettext as _
from wagtail.models import Page

from lms.trainings.ownership import may_edit, office_of


def edit_page(request: HttpRequest, page_id: int) -> HttpResponse:
    """Say whose training it is to those who may not edit it; Wagtail would only say "no"."""
    person = request.user
    if person.is_authenticated and person.has_perm("wagtailadmin.access_admin"):
        page = get_object_or_404(Page, pk=page_id)
        if not may_edit(person, page):
            messages.error(
                request,
                _("This training belongs to %(office)s, and only its coordinators edit it.")
                % {"office": office_of(page)},
            )
            return redirect("wagtailadmin_explore", page.get_parent().pk)
    view = resolve(f"/pages/{page_id}/edit/", urlconf="wagtail.admin.urls")
    response: HttpResponse = view.func(request, page_id)
    return response
