"""Likely duplicates, two records side by side, merged, said to be two people, parted again."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.core.exceptions import Refused
from lms.people.merge_models import PersonMerge
from lms.people.merging import services
from lms.people.merging.duplicates import pairs_among, said_different
from lms.people.models import Person
from lms.people.selectors import person_for_address
from lms.portal.desk.access import desk_view, frame, posted
from lms.portal.desk.people.forms import MergeForm
from lms.portal.desk.people.joining import keeps_first, likeness, outlook, side
from lms.portal.desk.people.reach import may_see, people_in_reach

PER_PAGE = 20


@require_safe
@desk_view
def duplicates(request: HttpRequest) -> HttpResponse:
    """Pairs that may be one person, among those the reader may see; or those set aside."""
    set_aside = request.GET.get("show") == "different"
    number = _number(request.GET.get("page", ""))
    found = pairs_among(
        people_in_reach(request.user),
        limit=PER_PAGE + 1,
        offset=(number - 1) * PER_PAGE,
        set_aside=set_aside,
    )
    context = {
        **frame("people"),
        "rows": [{"pair": pair, "alike": likeness(pair)} for pair in found[:PER_PAGE]],
        "set_aside": set_aside,
        "number": number,
        "earlier": number - 1,
        "later": number + 1 if len(found) > PER_PAGE else 0,
        "params": request.GET,
    }
    return render(request, "desk/people/duplicates.html", context)


def _number(typed: str) -> int:
    return int(typed) if typed.isdecimal() and 0 < int(typed) < 10_000 else 1


def _visible(request: HttpRequest, *pks: int) -> list[Person]:
    """These records, if the reader may see each of them; else a 404.

    Somebody out of reach is seen by an exact address, as on their own page.
    """
    addresses = [one.strip() for one in request.GET.getlist("email")] or [""]
    found = []
    for pk in pks:
        person = get_object_or_404(Person.objects.canonical(), pk=pk)
        if not any(may_see(request.user, person, address) for address in addresses):
            raise Http404
        found.append(person)
    return found


@require_safe
@desk_view
def same(request: HttpRequest, pk: int) -> HttpResponse:
    """From a person's page to the comparison with the record that has an exact address."""
    [person] = _visible(request, pk)
    typed = request.GET.get("with", "").strip()
    other = person_for_address(typed) if "@" in typed else None
    if other is None or other.pk == person.pk or other.is_guest:
        messages.error(request, _("There is no other record with this address."))
        given = request.GET.get("email")
        path = reverse("desk_people:person", args=[pk])
        return redirect(f"{path}?{urlencode({'email': given})}" if given else path)
    emails = [one for one in (request.GET.get("email", ""), typed) if one]
    path = reverse("desk_people:pair", args=[person.pk, other.pk])
    return redirect(f"{path}?{urlencode({'email': emails}, doseq=True)}")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def pair(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Side by side: which record stays, what follows, and the question."""
    if pk == other:
        raise Http404
    one, two = _visible(request, pk, other)
    asked = request.POST if request.method == "POST" else request.GET
    stays, goes = (two, one) if asked.get("keep") == str(two.pk) else (one, two)
    if asked.get("keep") not in (str(one.pk), str(two.pk)):
        stays, goes = keeps_first(one, two)
    if request.method == "POST" and "different" in request.POST:
        services.say_different(one=one, other=two, actor=request.user)
        messages.success(request, _("Noted: these are two people. They are suggested no more."))
        return redirect("desk_people:duplicates")
    form = MergeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.merge(
                duplicate=goes, into=stays, reason=form.cleaned_data["reason"], actor=request.user
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("The two are one record now. You can undo it on this page.")
            )
            path = reverse("desk_people:person", args=[stays.pk])
            emails = request.GET.getlist("email")
            return redirect(f"{path}?{urlencode({'email': emails[-1]})}" if emails else path)
    here, there = side(request.user, stays), side(request.user, goes)
    context = {
        **frame("people"),
        "rows": [
            (fact["term"], fact["text"], other_fact["text"])
            for fact, other_fact in zip(here.facts, there.facts, strict=True)
        ],
        "stays": here,
        "goes": there,
        "outlook": outlook(request.user, goes, stays),
        "said": said_different(one, two),
        "form": form,
        "emails": request.GET.getlist("email"),
        "one": one,
        "two": two,
    }
    return render(request, "desk/people/pair.html", context)


@require_POST
@desk_view
def ask_again(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """They may be one person after all: the pair is suggested again."""
    one, two = _visible(request, pk, other)
    services.unsay_different(one=one, other=two, actor=request.user)
    messages.success(request, _("The pair is suggested again."))
    return redirect("desk_people:duplicates")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def part(request: HttpRequest, merge: int) -> HttpResponse:
    """Ask, then make two records of one again."""
    found = get_object_or_404(
        PersonMerge.objects.filter(split__isnull=True).select_related("duplicate", "actor"),
        pk=merge,
    )
    [person] = _visible(request, found.duplicate.canonical.pk)
    if request.method == "POST":
        services.undo_merge(merge=found, actor=request.user)
        messages.success(request, _("They are two records again. Both were told by mail."))
        return redirect("desk_people:search")
    context = {**frame("people"), "person": person, "merge": found}
    return render(request, "desk/people/part.html", context)
