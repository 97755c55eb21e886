"""Help, questions, resources: pages that cannot be unpublished."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from lms.core.language import speaks_its_address
from lms.pages import selectors
from lms.pages.enums import QuestionAudience
from lms.pages.forms import ResourceFilter
from lms.pages.models import Resource

PER_PAGE = 12


@speaks_its_address
@require_safe
@cache_control(public=True, max_age=300)
def help_page(request: HttpRequest) -> HttpResponse:
    """Whom to call. The same for everyone; needs no account, no cookie, no database."""
    contacts = selectors.help_contacts(_language())
    return render(request, "pages/help.html", {"contacts": contacts})


@speaks_its_address
@require_safe
def faq(request: HttpRequest) -> HttpResponse:
    """Questions and answers, `?audience=` for those of one group; figures below."""
    asked = request.GET.get("audience", "")
    context = {
        "questions": selectors.questions(_language(), asked),
        "tabs": _audience_tabs(asked),
        "figures": selectors.figures(_language()),
    }
    return render(request, "pages/faq.html", context)


@speaks_its_address
@require_safe
def resources(request: HttpRequest) -> HttpResponse:
    """Guides, posters, laws and the like; `?kind=`, `?audience=`, `?language=` narrow the list."""
    form = ResourceFilter(request.GET)
    asked = form.chosen()
    rows = Resource.objects.matching(**asked).select_related("document")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page_of_rows": page, "active": len(asked), "asked": asked}
    return render(request, "pages/resources.html", context)


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def _audience_tabs(asked: str) -> list[dict[str, object]]:
    path = reverse("faq")
    tabs: list[dict[str, object]] = [
        {"label": gettext("All"), "url": path, "current": asked not in QuestionAudience.values}
    ]
    for value, label in QuestionAudience.choices:
        tabs.append({"label": label, "url": f"{path}?audience={value}", "current": asked == value})
    return tabs
