"""Saying how a session was, by the link of one's seat; no name is kept with it."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from events import letters, services, surveys, wall_time
from events.enums import SurveyRule
from events.models import Registration
from lms.core.exceptions import Refused
from lms.core.pictures import WordsField


class SurveyForm(forms.Form):
    """Five statements, and a few words if one likes."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for place, text in enumerate(surveys.STATEMENTS):
            self.fields[f"rating{place}"] = forms.TypedChoiceField(
                label=str(text), choices=surveys.SCALE, coerce=int, widget=forms.RadioSelect
            )
        self.fields["comment"] = WordsField(
            label=_("Anything else?"),
            max_length=500,
            required=False,
            help_text=_(
                "Those who spoke and the office read it, without your name. Please write no names"
                " and no details of a case."
            ),
        )

    def ratings(self) -> list[int]:
        """The five, in their order."""
        return [self.cleaned_data[f"rating{place}"] for place in range(len(surveys.STATEMENTS))]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """The questions, then thanks; answered already, only that."""
    seats = Registration.objects.select_related("session__training__owner", "person")
    seat = get_object_or_404(seats, pk=letters.seat_of_token(token))
    found = seat.session
    if found.survey == SurveyRule.NONE:
        raise Http404
    form = SurveyForm(request.POST if request.method == "POST" else None)
    done = not surveys.is_asked(seat)
    if not done and form.is_valid():
        try:
            services.answer_survey(
                registration=seat, ratings=form.ratings(), comment=form.cleaned_data["comment"]
            )
            done = True
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {
        "session": found,
        "when": wall_time.when(found.starts_at, found.ends_at, found.zone_info),
        "form": form,
        "done": done,
        "waits": found.survey == SurveyRule.RULE,
        "nav": {"current": "my"},
    }
    return render(request, "events/survey.html", context)
