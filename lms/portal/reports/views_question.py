"""A question at the desk: how it was answered, and deciding that it was not fair."""

import logging
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from courses import scoring, services
from courses.enums import QuestionKind, RegradeKind
from courses.models import Attempt, Question, QuestionVersion, Regrade, RegradeRun
from courses.regrade_preview import RegradePreview, regrade_preview
from courses.services.regrades import SMALL
from courses.tasks import work_off_regrade
from lms.core.exceptions import Refused
from lms.core.time import new_york_date, short_date
from lms.portal.desk.access import desk_view, frame, posted
from lms.portal.reports.figures import MIN_GROUP, person_of, too_few
from lms.portal.reports.forms import RegradeForm
from lms.portal.reports.views import asked_of, courses_of, report_of
from lms.trainings.models import Training

logger = logging.getLogger(__name__)
PER_PAGE = 20


@require_safe
@desk_view
def questions(request: HttpRequest, pk: int) -> HttpResponse:
    """All questions of the course's tests, those most missed first."""
    training, form, report = report_of(request, pk)
    page = Paginator(report.items, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "training": training,
        "form": form,
        "report": report,
        "page": page,
        "rows": asked_of(page, report),
        "params": request.GET,
        "path": reverse("desk_reports:questions", args=[pk]),
        **frame("reports"),
    }
    return render(request, "reports/questions.html", context)


def _wording(request: HttpRequest, pk: int, wording: int) -> tuple[Training, QuestionVersion]:
    """A course of the reader's offices and a wording of its bank; 404 for any other."""
    training = get_object_or_404(courses_of(request), pk=pk)
    bank: QuerySet[QuestionVersion] = QuestionVersion.objects.as_spelled()
    return training, get_object_or_404(
        bank.select_related("question").filter(
            question__in=Question.objects.filter(course_key=training.key)
        ),
        pk=wording,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def question(request: HttpRequest, pk: int, wording: int) -> HttpResponse:
    """Choose what to do about a question, look at what follows, then decide."""
    training, row = _wording(request, pk, wording)
    scored = QuestionKind(row.kind).is_scored
    form = RegradeForm(posted(request), choices=scoring.may_count_too(row))
    preview = None
    if request.method == "POST" and scored and form.is_valid():
        given = form.decision()
        if request.POST.get("action") == "decide":
            try:
                _decide(request, row, given)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect("desk_reports:question", pk, wording)
        else:
            preview = regrade_preview(row, given["kind"], given["choice"])
    decided = Regrade.objects.filter(wording=row).select_related("run", "decided_by")
    asked = _people_asked(row) if decided else 0
    context = {
        "training": training,
        "wording": row,
        "right": [choice["text"] for choice in row.choices if choice["correct"]],
        "form": form,
        "lines": lines(preview) if preview else [],
        "chosen": form.in_words() if preview else "",
        "reason": _("Why: %(reason)s") % {"reason": form.cleaned_data["reason"]} if preview else "",
        "hidden": form.hidden() if preview else [],
        "decided": [_decided(regrade, row, asked=asked) for regrade in decided],
        "may_decide": scored and not any(r.kind == RegradeKind.FULL_MARKS for r in decided),
        "scored": scored,
        "here": reverse("desk_reports:question", args=[pk, wording]),
        **frame("reports"),
    }
    return render(request, "reports/question.html", context)


def _decide(request: HttpRequest, wording: QuestionVersion, given: dict[str, Any]) -> None:
    """Decide, and count anew: at once where it is soon done, else by a worker."""
    regrade = services.decide_regrade(wording=wording, actor=request.user, **given)  # type: ignore[arg-type]  # desk_view
    run = RegradeRun.objects.get(regrade=regrade)
    if run.finished_at:
        messages.success(request, _("This was decided already; nobody is counted twice."))
        return
    if run.total > SMALL:
        try:
            work_off_regrade.delay(regrade.pk)
        except Exception:
            # The periodic job takes it up.
            logger.exception("No worker was told of regrade %s", regrade.pk)
        messages.success(
            request, _("Decided. The tests are being counted anew; this page says how far it is.")
        )
        return
    services.work_off(regrade=regrade)
    messages.success(request, _("Decided, and the tests are counted anew."))


def lines(preview: RegradePreview) -> list[str]:
    """What follows, in numbers; of too few people none."""
    found = [_("Nobody loses a point. It holds from now on for everybody who is asked this.")]
    if not preview.people and not preview.running:
        return [*found, _("Nobody was asked this question so far.")]
    if preview.people < MIN_GROUP:
        found.append(_("It was asked of %(few)s, so no numbers are shown.") % {"few": too_few()})
    else:
        found += [
            _count(preview.saw, "%(count)s test had the question.", "%(count)s tests had it."),
            _count(preview.changed, "%(count)s result changes.", "%(count)s results change."),
            _count(
                preview.now_passed,
                "%(count)s test is passed by it.",
                "%(count)s tests are passed by it.",
            ),
            _count(
                preview.now_completed,
                "%(count)s course is completed by it.",
                "%(count)s courses are completed by it.",
            ),
        ]
    return [*found, _("Whoever passes by it is told by mail, with your reason.")]


def _count(count: int, one: str, more: str) -> str:
    return ngettext(one, more, count) % {"count": count}


def _people_asked(wording: QuestionVersion) -> int:
    tries = Attempt.objects.that_saw(wording)
    people: int = tries.aggregate(people=Count(person_of("enrolment__"), distinct=True))["people"]
    return people


def _decided(regrade: Regrade, wording: QuestionVersion, *, asked: int) -> dict[str, Any]:
    """A decision and how far it has come; `asked` people so far had the wording."""
    run = regrade.run
    texts = {choice["key"]: choice["text"] for choice in wording.choices}
    done = ""
    if run.finished_at:
        done = (
            _("Counted anew. Results that changed: %(changed)s. Tests passed by it: %(passed)s.")
            % {"changed": run.changed, "passed": run.now_passed}
            if min(run.total, asked) >= MIN_GROUP
            else _("Counted anew.")
        )
    return {
        "what": RegradeKind(regrade.kind).label,
        "choice": texts.get(regrade.choice, ""),
        "reason": regrade.reason,
        "day": short_date(new_york_date(regrade.decided_at)),
        "who": regrade.decided_by,
        "done": done,
        "run": run,
        "progress": _("%(done)s of %(total)s tests counted anew")
        % {"done": run.looked_at, "total": run.total},
    }
