"""Find words that should never have been typed, look, and wipe them out for ever."""

from collections.abc import Callable
from functools import wraps

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lms.core.exceptions import Refused
from lms.core.redaction import REDACTED, free_text
from lms.people import redaction
from lms.people.enums import RedactionReason
from lms.people.redaction import Found, is_privacy_officer
from lms.portal.desk.access import frame

View = Callable[..., HttpResponse]


class ReasonForm(forms.Form):
    """Why. There is nothing to type, so nothing is said again."""

    reason = forms.ChoiceField(
        label=later("Why must it go?"), choices=RedactionReason.choices, widget=forms.RadioSelect
    )


def officer_view(view: View) -> View:
    """A page of the privacy officers; for everybody else, administrators too, it is not there."""

    @wraps(view)
    @never_cache
    @login_required
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not is_privacy_officer(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@officer_view
def find(request: HttpRequest) -> HttpResponse:
    """By words or by reference; what is searched for is posted, so that no log has it."""
    typed = request.POST.get("words", "").strip()[:200]
    place, slash, row = typed.partition("/")
    if slash and row and free_text(place):
        return redirect("desk_redaction:row", place=place, row=row)
    context = {
        **frame("people"),
        "typed": typed,
        "found": redaction.search(request.user, typed) if typed else [],
        "done": [
            {"row": each, "label": text.label if (text := free_text(each.place)) else each.place}
            for each in redaction.redactions_of(request.user)
        ],
    }
    return render(request, "desk/redaction/find.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_view
def row(request: HttpRequest, place: str, row: str) -> HttpResponse:
    """What it says now, and the question."""
    text = free_text(place)
    found = redaction.look_up(request.user, text, row) if text else []
    if not found:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        chosen = [one for one in found if one.leaf in request.POST.getlist("leaf")]
        if not chosen:
            form.add_error(None, _("Choose what is to be wiped out."))
        elif _wiped(request, form, chosen):
            return redirect("desk_redaction:find")
    context = {
        **frame("people"),
        "label": found[0].text.label,
        "reference": found[0].reference,
        "found": found,
        "gone": all(one.said == REDACTED for one in found),
        "form": form,
    }
    return render(request, "desk/redaction/row.html", context)


def _wiped(request: HttpRequest, form: ReasonForm, chosen: list[Found]) -> bool:
    """Whether all of it is gone; else the form says why not."""
    try:
        done = [
            redaction.redact(
                found=one, reason=RedactionReason(form.cleaned_data["reason"]), actor=request.user
            )
            for one in chosen
        ]
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    mails = sum(each.mails for each in done)
    said = _("The words are gone.")
    if mails:
        said = _("The words are gone, also out of %(count)d mails kept here.") % {"count": mails}
    messages.success(request, said)
    return True
