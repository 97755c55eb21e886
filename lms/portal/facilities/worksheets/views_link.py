"""What a trainer's link opens, without an account: look, correct, attest or decline.

The link itself is the permission (`worksheets.links`). One that can no longer be answered opens a
page that says why; one we did not make is a 404. A link that is only opened says nothing.
"""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lms.compliance.worksheets import services
from lms.compliance.worksheets.links import Opened, open_link
from lms.core.exceptions import Refused
from lms.core.pdf import NotDrawable
from lms.portal.facilities.worksheets.forms import AttestForm, DeclineForm, TopicsForm
from lms.portal.facilities.worksheets.views import material_file, paper_response


def _opened(token: str) -> Opened:
    found = open_link(token)
    if found is None:
        raise Http404
    return found


def _closed(request: HttpRequest, found: Opened, token: str) -> HttpResponse:
    """Why the link answers nothing any more, and for who answered what they said."""
    context = {
        "closed": found.closed,
        "worksheet": found.worksheet if found.answered else None,
        "token": token,
    }
    return render(request, "facilities/worksheets/closed.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def topics(request: HttpRequest, token: str) -> HttpResponse:
    """Where each topic is covered, to be corrected."""
    found = _opened(token)
    if found.closed:
        return _closed(request, found, token)
    form = TopicsForm(request.POST or None, worksheet=found.worksheet)
    if request.method == "POST" and form.is_valid():
        try:
            services.correct_places(worksheet=found.worksheet, places=form.places())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("facilities:attest_words", token=token)
    context = {"worksheet": found.worksheet, "form": form, "token": token}
    return render(request, "facilities/worksheets/topics.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def attest(request: HttpRequest, token: str) -> HttpResponse:
    """The very words, to read and attest."""
    found = _opened(token)
    if found.closed:
        return _closed(request, found, token)
    words = services.words_to_attest(found.worksheet)
    initial = {"read": words, "name": found.worksheet.trainer_name}
    form = AttestForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        read = form.cleaned_data["read"].replace("\r\n", "\n")
        try:
            services.attest(worksheet=found.worksheet, name=form.cleaned_data["name"], read=read)
        except Refused as refusal:
            form = AttestForm(initial={**initial, "name": form.cleaned_data["name"]})
            context = _words(found, token, words, form)
            return render(
                request,
                "facilities/worksheets/words.html",
                {**context, "refusal": str(refusal)},
            )
        return redirect("facilities:attest", token=token)
    return render(request, "facilities/worksheets/words.html", _words(found, token, words, form))


def _words(found: Opened, token: str, words: str, form: AttestForm) -> dict[str, object]:
    return {
        "worksheet": found.worksheet,
        "lines": words.split("\n"),
        "form": form,
        "token": token,
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: HttpRequest, token: str) -> HttpResponse:
    """Say no, and why."""
    found = _opened(token)
    if found.closed:
        return _closed(request, found, token)
    initial = {"name": found.worksheet.trainer_name}
    form = DeclineForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.decline(worksheet=found.worksheet, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("facilities:attest", token=token)
    context = {"worksheet": found.worksheet, "form": form, "token": token}
    return render(request, "facilities/worksheets/decline.html", context)


@never_cache
@require_safe
def material(request: HttpRequest, token: str) -> FileResponse:
    """The material, as long as the link can be answered."""
    found = _opened(token)
    if found.closed:
        raise Http404
    return material_file(found.worksheet)


@never_cache
@require_safe
def paper(request: HttpRequest, token: str) -> HttpResponse:
    """What the trainer answered, to keep."""
    found = _opened(token)
    if not found.answered:
        raise Http404
    try:
        return paper_response(found.worksheet)
    except NotDrawable:
        return redirect("facilities:attest", token=token)
