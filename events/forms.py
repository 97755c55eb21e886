"""What people fill in to register: who they are, what is asked of them, what they need."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.asking_models import Arrangement, RegistrationQuestion
from events.enums import Need, QuestionKind
from events.models import Registration, Session
from events.selectors import questions_asked
from events.services import Said
from events.services.asking import NEEDS_KEPT_DAYS
from lms.core.pictures import WordsField
from lms.people.forms import WhoForm

NEEDS = ("needs", "language", "note")
_GUARD = _("Please write no names and no details of a case.")
_YES_NO = [("yes", _("Yes")), ("no", _("No"))]


class SaidForm(forms.Form):
    """The questions of a session, and what somebody needs to take part, folded away."""

    template_name = "events/said_form.html"
    needs = forms.MultipleChoiceField(
        label=_("What would help you?"),
        choices=Need.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    language = forms.CharField(
        label=_("A language other than English"),
        max_length=40,
        required=False,
        help_text=_("If an interpreter would help you: which language?"),
    )
    note = WordsField(
        label=_("Something else you need"),
        max_length=300,
        required=False,
        help_text=_GUARD,
    )

    def __init__(self, *args: Any, session: Session | None = None,
                 questions: list[RegistrationQuestion] | None = None,
                 seat: Registration | None = None, **kwargs: Any) -> None:  # fmt: skip
        self.questions = questions or (questions_asked(session) if session else [])
        kwargs["initial"] = {**_known(seat), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        fields = {f"question{question.pk}": question_field(question) for question in self.questions}
        needs = [self.fields.pop(name) for name in NEEDS]
        self.fields.update(fields)
        self.fields.update(zip(NEEDS, needs, strict=True))

    @property
    def asked(self) -> list[forms.BoundField]:
        """All but the needs."""
        return [field for field in self if field.name not in NEEDS]

    @property
    def needed(self) -> list[forms.BoundField]:
        """What somebody needs."""
        return [self[name] for name in NEEDS]

    @property
    def needs_open(self) -> bool:
        """Whether the fold with the needs stands open: something is said there, or to be mended."""
        return any(field.errors or field.value() for field in self.needed)

    @property
    def needs_kept(self) -> str:
        """Who reads it and for how long, said where it is asked."""
        return _(
            "Only those who arrange it read this, and it is deleted %(days)s days after the "
            "session. Please ask ten days ahead if you can."
        ) % {"days": NEEDS_KEPT_DAYS}

    def said(self) -> Said:
        """What services know it as."""
        given = self.cleaned_data
        return Said(
            answers={q.pk: given.get(f"question{q.pk}") or "" for q in self.questions},
            needs=given["needs"],
            language=given["language"],
            note=given["note"],
        )


class StrangerForm(SaidForm, WhoForm):
    """Somebody without an account; a code sent to the address proves it is theirs."""

    field_order = ["first_name", "last_name", "email"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = _(
            "We send a code to it, then your confirmation and the calendar invitation."
        )

    def who(self) -> dict[str, str]:
        """Name and address."""
        return {name: self.cleaned_data[name] for name in ("first_name", "last_name", "email")}


class CodeForm(forms.Form):
    """The code shown in the room, where the session has one."""

    code = forms.CharField(
        label=_("The code shown in the room"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def __init__(self, *args: Any, asks: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks:
            del self.fields["code"]


def question_field(question: RegistrationQuestion) -> forms.Field:
    """How a question is asked."""
    if question.kind == QuestionKind.TEXT:
        return WordsField(
            label=question.text, required=question.required, max_length=300, help_text=_GUARD
        )
    offered = [(choice, choice) for choice in question.choices]
    return forms.ChoiceField(
        label=question.text,
        required=question.required,
        choices=offered if question.kind == QuestionKind.CHOICE else _YES_NO,
        widget=forms.RadioSelect,
    )


def _known(seat: Registration | None) -> dict[str, Any]:
    """What somebody said before."""
    if seat is None:
        return {}
    known: dict[str, Any] = {
        f"question{answer.question_id}": answer.text for answer in seat.answers.all()
    }
    there = Arrangement.objects.filter(registration=seat).first()
    if there:
        known |= {"needs": there.needs, "language": there.language, "note": there.note}
    return known
