"""An office's surveys and their counts; groups under five are not shown."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses import services
from courses.models import SurveyComment, SurveyPage, SurveyResponse
from courses.survey_results import FEWEST, Results, results
from lms.core.tables import csv_response
from lms.portal.desk.access import desk_view, frame
from lms.portal.desk.overview import offices_of
from lms.trainings.models import Training


@require_safe
@desk_view
def surveys(request: HttpRequest) -> HttpResponse:
    """Each survey that somebody has given, with how many have."""
    rows = list(
        SurveyResponse.objects.of_offices(offices_of(request.user))
        .values("training", "training__title", "survey")
        .annotate(people=Count("pk"))
        .order_by("training__title")
    )
    pages = SurveyPage.objects.filter(translation_key__in=[row["survey"] for row in rows])
    titles = {page.translation_key: page.title for page in pages.order_by("-locale_id")}
    context = {
        "rows": [
            {
                **row,
                "title": titles.get(row["survey"], row["training__title"]),
                "enough": row["people"] >= FEWEST,
            }
            for row in rows
        ],
        **frame("surveys"),
    }
    return render(request, "desk/surveys/list.html", context)


def _own(request: HttpRequest, training: int) -> Training:
    """The training, if one of the reader's offices owns it."""
    return get_object_or_404(Training, pk=training, owner__in=offices_of(request.user))


def _results(request: HttpRequest, training: int, survey: uuid.UUID) -> tuple[Training, Results]:
    own = _own(request, training)
    known = SurveyResponse.objects.filter(training=own, survey=survey)
    found = None
    if known.exists():
        asked = request.GET.get("language", "")
        found = results(training=own, survey=survey, language=asked)
    if found is None:
        raise Http404
    return own, found


@require_safe
@desk_view
def survey(request: HttpRequest, training: int, survey: uuid.UUID) -> HttpResponse:
    """Counts by answer as bars in a table, and what was written."""
    own, found = _results(request, training, survey)
    names: dict[str, Any] = dict(settings.ALL_LANGUAGES)
    asked = request.GET.get("language", "")
    context = {
        "training": own,
        "survey": survey,
        "results": found,
        "languages": [
            {"code": code, "name": names.get(code, code), "current": code == asked}
            for code in found.languages
        ],
        "asked": asked if asked in found.languages else "",
        "here": get_language(),
        **frame("surveys"),
    }
    return render(request, "desk/surveys/survey.html", context)


@require_safe
@desk_view
def survey_csv(request: HttpRequest, training: int, survey: uuid.UUID) -> HttpResponse:
    """The counts as a table file; comments are left out."""
    _own_training, found = _results(request, training, survey)
    rows = [
        [question.text, answer.text, answer.count, answer.percent, question.people]
        for question in found.questions
        for answer in question.answers
    ]
    header = [_("Question"), _("Answer"), _("Given"), _("Percent"), _("People who answered")]
    return csv_response(rows, header=header, filename="survey.csv")


@require_POST
@desk_view
def remove(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Wipe out a comment that says what no survey may keep."""
    comment = get_object_or_404(SurveyComment, pk=pk, training__owner__in=offices_of(request.user))
    services.remove_comment(comment=comment, actor=request.user)
    messages.success(request, _("The comment is removed."))
    return redirect("desk_surveys:survey", comment.training_id, comment.survey)
