"""What is asked of somebody who registers for several sessions, or of whoever registers others."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from events.asking_models import RegistrationQuestion
from events.forms import NEEDS, SaidForm, question_field
from events.models import Session
from events.selectors import questions_by_session
from events.services import Said


class SeveralForm(SaidForm):
    """The questions of several sessions, the same one once, and needs once for all of them."""

    def __init__(self, *args: Any, sessions: Sequence[Session], **kwargs: Any) -> None:
        self.asked_at = questions_by_session(sessions)
        # The first of those that are the same stands for all of them.
        self.stands_for: dict[int, RegistrationQuestion] = {}
        first: dict[tuple[Any, ...], RegistrationQuestion] = {}
        for session in sessions:
            for question in self.asked_at[session.pk]:
                same = (question.kind, question.text.casefold(), tuple(question.choices))
                self.stands_for[question.pk] = first.setdefault(same, question)
        super().__init__(*args, questions=list(first.values()), **kwargs)
        for question in self.questions:
            at = [
                session
                for session in sessions
                for asked in self.asked_at[session.pk]
                if self.stands_for[asked.pk] == question
            ]
            self._ask(question, at if len(at) < len(sessions) else [])

    def _ask(self, question: RegistrationQuestion, only_at: Sequence[Session]) -> None:
        """Required where one of the same is; says for which sessions, unless it is for all."""
        field = self.fields[f"question{question.pk}"]
        same = [
            asked
            for questions in self.asked_at.values()
            for asked in questions
            if self.stands_for[asked.pk] == question
        ]
        field.required = any(asked.required for asked in same)
        if only_at:
            names = get_text_list([session.name for session in only_at], _("and"))
            asked_for = _("Asked for %(sessions)s.") % {"sessions": names}
            field.help_text = " ".join(filter(None, [asked_for, str(field.help_text)]))

    @staticmethod
    def kept(data: QueryDict) -> dict[str, Any]:
        """What was typed, for a form that asks more than the one it was typed into."""
        return {
            name: data.getlist(name) if name == "needs" else data[name]
            for name in data
            if name in NEEDS or name.startswith("question")
        }

    def said_at(self, session: Session) -> Said:
        """What services know it as, for one of the sessions."""
        given = self.cleaned_data
        return Said(
            answers={
                question.pk: given.get(f"question{self.stands_for[question.pk].pk}") or ""
                for question in self.asked_at[session.pk]
            },
            needs=given["needs"],
            language=given["language"],
            note=given["note"],
        )


class ForOthersForm(forms.Form):
    """What whoever registers people may answer for them; left empty, each is asked by mail."""

    def __init__(
        self, *args: Any, questions: Sequence[RegistrationQuestion], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.questions = [question for question in questions if question.others_may_answer]
        for question in self.questions:
            field = question_field(question)
            field.required = False
            self.fields[f"question{question.pk}"] = field

    def answers(self) -> Mapping[int, str]:
        """What was answered, by question."""
        given = self.cleaned_data
        return {
            question.pk: text
            for question in self.questions
            if (text := given.get(f"question{question.pk}"))
        }
