"""The site was down: who was in a test then, what each gets, and one act for all of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from courses import services
from courses.enums import OutageEffect, StepKind
from courses.outages import Concerned, gets, in_a_test
from courses.services import Declared
from courses.timing import moment
from lms.core.exceptions import Refused
from lms.people.models import Person
from lms.portal.desk.access import desk_view, frame, posted
from lms.portal.desk.learning.forms import READ_BY_PERSON
from lms.portal.desk.people.reach import offices_of
from lms.trainings.enums import TrainingKind
from lms.trainings.models import Training, VersionInForce

_PILLS = {OutageEffect.MINUTES: "ok", OutageEffect.AGAIN: "soon"}


def _moment(label: Any) -> forms.DateTimeField:
    """A day with a time on New York's clocks."""
    return forms.DateTimeField(
        label=label,
        help_text=later("Eastern time."),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )


class DownForm(forms.Form):
    """From when to when, in which tests, and why."""

    began_at = _moment(later("Down from"))
    ended_at = _moment(later("Up again at"))
    test = forms.ChoiceField(
        label=later("Which tests"),
        required=False,
        help_text=later("Tests with a time limit or an hour at which they end."),
    )
    reason = forms.CharField(
        label=later("Why"),
        help_text=READ_BY_PERSON,
        max_length=300,
        error_messages={"required": later("Say why, so that those who were in a test know.")},
    )

    def __init__(self, *args: Any, trainings: list[Training], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.trainings = trainings
        self.fields["test"].choices = [  # type: ignore[attr-defined]  # a choice's
            ("", _("All of them, in all courses")),
            *_choices(trainings),
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        began, ended = given.get("began_at"), given.get("ended_at")
        if began and ended:
            try:
                services.demand_span(began, ended, timezone.now())
            except Refused as refusal:
                self.add_error("ended_at", str(refusal))
        return given

    def outage(self) -> dict[str, Any]:
        """When it was and whom it may concern, as `outages.in_a_test` takes it."""
        chosen, _slash, step_key = self.cleaned_data["test"].partition("/")
        return {
            "began_at": self.cleaned_data["began_at"],
            "ended_at": self.cleaned_data["ended_at"],
            "trainings": [row for row in self.trainings if chosen in ("", str(row.pk))],
            "step_key": step_key,
        }

    def hidden(self) -> list[dict[str, str]]:
        """The fields once more, for the button that decides."""
        given = {name: self.data.get(name, "") for name in self.fields}
        return [
            {"name": name, "value": value} for name, value in {**given, "action": "decide"}.items()
        ]


def _choices(trainings: Iterable[Training]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The timed tests of the courses as they are now, by course."""
    newest = VersionInForce.objects.filter(training__in=list(trainings)).order_by("id")
    specs = {row.training_id: row.version.spec for row in newest.select_related("version")}
    found = []
    for training in trainings:
        tests = [
            (f"{training.pk}/{step['key']}", step["title"])
            for step in specs.get(training.pk, {}).get("outline", [])
            if StepKind(step["kind"]).is_test and (step.get("time_limit") or step.get("hard_end"))
        ]
        if tests:
            everything = (str(training.pk), _("All of “%(course)s”") % {"course": training.title})
            found.append((training.title, [everything, *tests]))
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def down(request: HttpRequest) -> HttpResponse:
    """Say when the site was down, look at what everybody gets, then give it."""
    reader: Person = request.user  # type: ignore[assignment]  # desk_view
    mine = Training.objects.filter(kind=TrainingKind.COURSE, owner__in=offices_of(reader))
    form = DownForm(
        posted(request), trainings=list(mine.select_related("owner").order_by("title", "pk"))
    )
    context = {**frame("people"), "form": form, "here": reverse("desk:outage")}
    if request.method == "POST" and form.is_valid():
        if request.POST.get("action") == "decide":
            try:
                done = services.declare_outage(
                    **form.outage(), reason=form.cleaned_data["reason"], actor=reader
                )
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                _say(request, done)
                return redirect("desk:outage")
        else:
            context |= _preview(form, reader, timezone.now())
    return render(request, "desk/learning/down.html", context)


def _preview(form: DownForm, reader: Person, now: datetime) -> dict[str, Any]:
    """Who was in a test then and what each gets; three queries however many there are."""
    asked = form.outage()
    found = [
        gets(attempt, asked["began_at"], asked["ended_at"], actor=reader, now=now)
        for attempt in in_a_test(**asked)
    ]
    acts = [row for row in found if row.effect.acts]
    span = {"first": moment(asked["began_at"]), "last": moment(asked["ended_at"])}
    return {
        "looked": True,
        "span": _("Down from %(first)s to %(last)s.") % span,
        "columns": [
            {"label": label}
            for label in (_("Person"), _("Test"), _("Began"), _("Gets because of it"))
        ],
        "rows": [_row(row) for row in found],
        "acts": len(acts),
        "lines": [
            _mailed(len(acts)),
            _("Each decision stays on record, and none can be taken back."),
        ],
        "hidden": form.hidden(),
        "reason": form.cleaned_data["reason"],
    }


def _row(row: Concerned) -> list[dict[str, str]]:
    attempt = row.attempt
    enrolment = attempt.enrolment
    person = enrolment.person.canonical
    titles = {step["key"]: step["title"] for step in enrolment.version.spec["outline"]}
    return [
        {
            "text": str(person),
            "url": reverse("desk_learning:course", args=[person.pk, enrolment.pk]),
        },
        {
            "text": titles.get(attempt.step_key, attempt.step_key),
            "note": enrolment.version.spec["title"],
        },
        {"text": moment(attempt.started_at)},
        {"text": row.in_words, "status": _PILLS.get(row.effect, "neutral")},
    ]


def _mailed(count: int) -> str:
    return ngettext(
        "%(count)s person is told by mail, with your reason.",
        "%(count)s people are told by mail, with your reason.",
        count,
    ) % {"count": count}


def _say(request: HttpRequest, done: Declared) -> None:
    """What was given; or that there was nothing left to give."""
    if not done.more_time and not done.again:
        messages.info(request, _("Nothing was left to give back: nobody gets a minute twice."))
        return
    parts = []
    if done.more_time:
        parts.append(
            ngettext("%(count)s test ends later.", "%(count)s tests end later.", done.more_time)
            % {"count": done.more_time}
        )
    if done.again:
        parts.append(
            ngettext(
                "%(count)s try does not count and can be taken again.",
                "%(count)s tries do not count and can be taken again.",
                done.again,
            )
            % {"count": done.again}
        )
    messages.success(request, " ".join(parts))
