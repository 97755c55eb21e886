"""A restricted training's door, for the person who is signed in."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courses.selectors import open_page
from events.selectors import upcoming_of
from lms.people.models import Person
from lms.portal.access.forms import AskForm
from lms.trainings.access import is_shown, may_take
from lms.trainings.access_models import AccessRule
from lms.trainings.access_selectors import asked, newest_request, proof_in_words
from lms.trainings.enums import TrainingKind
from lms.trainings.models import Training, TrainingPage
from lms.trainings.services.access import rule_of
from lms.trainings.wording import whom_it_is_for


def reader_of(request: HttpRequest) -> Person:
    """Who is signed in, in a view that asked for it."""
    assert isinstance(request.user, Person)  # noqa: S101 - login_required stands before
    return request.user


def shown_training(request: HttpRequest, key: uuid.UUID) -> Training:
    """The training, unless it is hidden from the reader: then it does not exist."""
    training: Training = get_object_or_404(Training.objects.select_related("owner"), key=key)
    if not is_shown(training, reader_of(request)):
        raise Http404
    return training


def page_url(training: Training, language: str) -> str:
    """The training's page in the language, else in another; nothing where none is live."""
    pages = TrainingPage.objects.live().filter(translation_key=training.key)
    by_language = {page.locale.language_code: page for page in pages.select_related("locale")}
    page = (
        by_language.get(language)
        or by_language.get(settings.LANGUAGE_CODE)
        or next(iter(by_language.values()), None)
    )
    return (page.get_url() or "") if page else ""


@require_safe
@never_cache
@login_required
def door(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """In for those whom it is for: to the course, or to the dates. Others read how to get access.

    Asks everybody to sign in first, so that an address tells nobody which trainings there are.
    """
    training = shown_training(request, key)
    about = page_url(training, request.LANGUAGE_CODE)
    if not training.is_restricted:
        return redirect(about or "/")
    if not may_take(reader_of(request), training):
        return outside(request, training, AskForm())
    context: dict[str, Any] = {"training": training, "about": about}
    if training.kind == TrainingKind.COURSE and open_page(training, request.LANGUAGE_CODE):
        context["start"] = reverse("courses:start", args=[training.key])
    if training.kind == TrainingKind.PLAN:
        context["start"] = reverse("courses:plan", args=[training.key])
    context["dates"] = upcoming_of(training, timezone.now())
    return render(request, "portal/access/inside.html", context)


def _target(rule: AccessRule) -> str:
    """Within what time the office answers."""
    if rule.every_day:
        target = ngettext(
            "The office answers within %(count)d day, weekends included.",
            "The office answers within %(count)d days, weekends included.",
            rule.target_days,
        )
    else:
        target = ngettext(
            "The office answers within %(count)d working day.",
            "The office answers within %(count)d working days.",
            rule.target_days,
        )
    return target % {"count": rule.target_days}


def outside(request: HttpRequest, training: Training, form: AskForm) -> HttpResponse:
    """For those it is not for yet: whom it is for, how to ask, and how their request stands."""
    newest = newest_request(reader_of(request), training)
    rule = rule_of(training)
    context = {
        "training": training,
        "about": page_url(training, request.LANGUAGE_CODE),
        "whom": whom_it_is_for(training),
        "asked": asked(newest, timezone.now()) if newest else None,
        "proof": proof_in_words(newest) if newest else "",
        "target": _target(rule),
        "form": form,
    }
    return render(request, "portal/access/outside.html", context)
