"""Forms of requests for seats, of what is asked at registration, and of a series' copy."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as later

from events.enums import QuestionKind
from events.models import Session


class DecisionForm(forms.Form):
    """What becomes of the requests that are ticked; a refusal needs its reason."""

    reason = forms.CharField(
        label=later("Why not, if you refuse"),
        max_length=300,
        required=False,
        help_text=later(
            "Everybody you refuse reads it. Please write no names and no details of a case."
        ),
    )


class QuestionForm(forms.Form):
    """One more question."""

    text = forms.CharField(
        label=later("Question"),
        max_length=200,
        help_text=later("Ask for nothing about a case, a health condition or immigration."),
    )
    kind = forms.ChoiceField(
        label=later("How it is answered"),
        choices=QuestionKind.choices,
        initial=QuestionKind.YES_NO,
        widget=forms.RadioSelect,
    )
    choices = forms.CharField(
        label=later("Answers to choose from"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=later("One on each line; only for “One of several”."),
    )
    required = forms.BooleanField(label=later("Everybody has to answer"), required=False)
    others_may_answer = forms.BooleanField(
        label=later("Whoever registers a group may answer it for the group"), required=False
    )
    only_here = forms.BooleanField(
        label=later("Ask it for this date only, not for all dates of the training"), required=False
    )

    def arguments(self, session: Session) -> dict[str, Any]:
        """The arguments of add_question."""
        given = self.cleaned_data
        return {
            "training": session.training,
            "session": session if given["only_here"] else None,
            "kind": given["kind"],
            "text": given["text"],
            "choices": given["choices"].splitlines(),
            "required": given["required"],
            "others_may_answer": given["others_may_answer"],
        }


class CopyForm(forms.Form):
    """The next edition of a series."""

    title = forms.CharField(label=later("Title of the new one"), max_length=255)
    first_day = forms.DateField(
        label=later("First day"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=later("All other days keep their distance from it."),
    )


class DeclineForm(forms.Form):
    """Why the office cannot give a training somebody asked for."""

    reason = forms.CharField(
        label=later("Why not"),
        max_length=300,
        help_text=later("The person who asked reads it. Please write no names."),
    )
