"""What a learner fills in besides tests: a signature, a proof, a survey."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from courses import services
from courses.models import SurveyPage
from courses.services.surveys import MAX_COMMENT
from courses.survey_results import options
from lms.core.exceptions import Refused
from lms.core.time import new_york_today
from lms.people.forms import WhoForm


class SignForm(forms.Form):
    """The statement, and one's name under it. `edition` is the version that was read."""

    agree = forms.BooleanField(
        error_messages={"required": _("Tick the sentence if you agree, then sign.")}
    )
    name = forms.CharField(
        label=_("Your full name"), max_length=200, help_text=_("As it stands on your certificate.")
    )
    edition = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, statement: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agree"].label = statement


class ProofForm(forms.Form):
    """A proof of a course taken elsewhere."""

    finished_on = forms.DateField(
        label=_("The day you completed the course"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    proof = forms.FileField(
        label=_("Your proof"),
        help_text=_("A PDF or a picture, at most 15 MB. No photo of a badge or an identity paper."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )

    def clean_finished_on(self) -> Any:
        day = self.cleaned_data["finished_on"]
        if day > new_york_today():
            raise forms.ValidationError(_("This day lies ahead. When was the course completed?"))
        return day

    def clean_proof(self) -> "UploadedFile[bytes]":
        upload: UploadedFile[bytes] = self.cleaned_data["proof"]
        try:
            services.check_proof(upload)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return upload


class SurveyForm(forms.Form):
    """A survey's questions, as its page asks them; each may be skipped."""

    mark_optional = False

    def __init__(self, *args: Any, page: SurveyPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in page.questions:
            several = question.block_type == "choice" and question.value["several"]
            self.fields[question.id] = (
                forms.MultipleChoiceField(
                    label=question.value["text"],
                    help_text=_("Choose all that fit."),
                    choices=options(question),
                    widget=forms.CheckboxSelectMultiple,
                    required=False,
                )
                if several
                else forms.ChoiceField(
                    label=question.value["text"],
                    choices=options(question),
                    widget=forms.RadioSelect,
                    required=False,
                )
            )
        if page.comment:
            self.fields["comment"] = forms.CharField(
                label=page.comment,
                help_text=_(
                    "You need not write anything. Please write no names and no details of a case."
                ),
                max_length=MAX_COMMENT,
                required=False,
                widget=forms.Textarea(attrs={"rows": 4}),
            )

    def answers(self) -> dict[str, list[str]]:
        """What was chosen, by the question's id."""
        return {
            key: value if isinstance(value, list) else [value]
            for key, value in self.cleaned_data.items()
            if key != "comment" and value
        }


class ClaimForm(WhoForm):
    """Who did what was done without an account."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_name"].help_text = _("Your name is printed like this on the certificate.")
        self.fields["email"].help_text = _(
            "We send a code to it. Have you been here before? Type the address you used then."
        )
