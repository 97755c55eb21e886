"""Facilities that may be here twice: the pairs, one of them looked at, joined, parted again."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.compliance.double_models import FacilityMerge
from lms.compliance.doubles import services
from lms.compliance.doubles.selectors import latest_merges, likely_doubles, look
from lms.core.exceptions import Refused
from lms.people.models import Organization
from lms.portal.desk.access import frame
from lms.portal.desk.facilities.access import facilities_desk, reader

PER_PAGE = 25
MERGES_SHOWN = 10


class MergeForm(forms.Form):
    """Why two facilities are one."""

    reason = forms.CharField(
        label=later("What shows that they are one place"),
        help_text=later(
            "For example: same street entrance, called both numbers. Please write no names and no "
            "details of a case."
        ),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": later("Say what shows that they are one place.")},
    )


@require_safe
@facilities_desk
def doubles(request: HttpRequest) -> HttpResponse:
    """Pairs that may be one place; below, what was joined last."""
    context = {
        "page": Paginator(likely_doubles(), PER_PAGE).get_page(request.GET.get("page")),
        "params": request.GET,
        "merges": latest_merges(MERGES_SHOWN),
        **frame("facilities"),
    }
    return render(request, "desk/facilities/doubles.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@facilities_desk
def pair(request: HttpRequest, into: int, duplicate: int) -> HttpResponse:
    """What joining the second to the first would do; then do it, or say that they are two."""
    facilities = Organization.objects.facilities().select_related("parent")
    one = get_object_or_404(facilities, pk=into)
    other = get_object_or_404(facilities, pk=duplicate)
    if one == other:
        raise Http404
    joining = request.POST.get("action") == "join"
    form = MergeForm(request.POST if joining else None)
    if request.POST.get("action") == "two":
        services.say_two_places(one=one, other=other, actor=reader(request))
        messages.success(request, _("Noted: two places. The pair is not shown again."))
        return redirect("desk_facilities:doubles")
    if joining and form.is_valid():
        try:
            services.merge_facilities(
                into=one, duplicate=other, actor=reader(request), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Joined. The managers of both are told by mail."))
            return redirect("desk_facilities:doubles")
    context = {"look": look(one, other), "form": form, **frame("facilities")}
    return render(request, "desk/facilities/pair.html", context)


@require_POST
@facilities_desk
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Make two of them again."""
    merge = get_object_or_404(FacilityMerge.objects.select_related("into", "duplicate"), pk=pk)
    try:
        services.split_facilities(merge=merge, actor=reader(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("They are two again, each with what it had."))
    return redirect("desk_facilities:doubles")
