"""The editor's form for a question: its course, its wording, its answers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.blocks import BlockField

from courses import services
from courses.enums import QuestionKind, QuestionUse
from courses.models import CoursePage, Question
from lms.core.exceptions import Refused


class AnswerBlock(blocks.StructBlock):
    """One answer to choose."""

    text = blocks.TextBlock(rows=2, label=_("Answer"))
    correct = blocks.BooleanBlock(required=False, label=_("This is right"))
    feedback = blocks.TextBlock(
        rows=2, required=False, label=_("What we say to those who chose it")
    )

    class Meta:
        icon = "list-ul"
        label = _("Answer")


class AnswersBlock(blocks.StreamBlock):
    """The answers: a stream of one kind, since the editor draws only streams by themselves."""

    answer = AnswerBlock()

    class Meta:
        min_num = 2


class CourseField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not at run time
    """A course page, named with its language."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title} ({obj.locale.language_code})"


class QuestionForm(WagtailAdminModelForm):
    """Saving a change writes a new wording through the service; the old one stays as it was."""

    course = CourseField(label=_("Course"), queryset=CoursePage.objects.none())
    kind = forms.ChoiceField(label=_("Kind"), choices=QuestionKind.choices)
    text = forms.CharField(label=_("Question"), widget=forms.Textarea(attrs={"rows": 3}))
    answers = BlockField(block=AnswersBlock(), label=_("Answers"))
    explanation = forms.CharField(
        label=_("Explanation"),
        help_text=_("Shown to everybody after the test."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    uses = forms.MultipleChoiceField(
        label=_("Drawn for"),
        help_text=_("Neither: the question rests."),
        choices=QuestionUse.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Question
        fields = ["key", "objective"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        courses = CoursePage.objects.editable_by(self.for_user).select_related("locale")
        self.fields["course"].queryset = courses.order_by("title")
        self.newest = self.instance.versions.last() if self.instance.pk else None
        if self.newest is None:
            return
        # A question stays in its course, and its key names it in reports.
        for name in ("course", "key"):
            self.fields[name].disabled = True
        self.initial |= {
            "course": courses.filter(
                translation_key=self.instance.course_key,
                locale__language_code=self.instance.language,
            ).first(),
            "kind": self.newest.kind,
            "text": self.newest.text,
            "answers": self.fields["answers"].block.to_python(
                [
                    {
                        "type": "answer",
                        "value": {name: choice[name] for name in ("text", "correct", "feedback")},
                    }
                    for choice in self.newest.choices
                ]
            ),
            "explanation": self.newest.explanation,
            "uses": self.newest.uses,
        }

    def clean(self) -> dict[str, Any]:
        """The answers fit the kind; a key is used once in a course."""
        cleaned: dict[str, Any] = super().clean()
        if "answers" in cleaned and "kind" in cleaned:
            try:
                services.check_choices(QuestionKind(cleaned["kind"]), self._choices())
            except Refused as refusal:
                self.add_error("kind", str(refusal))
        course, key = cleaned.get("course"), cleaned.get("key")
        if self.newest is None and course and key:
            bank = Question.objects.of_course(course.translation_key, course.locale.language_code)
            if bank.filter(key=key).exists():
                self.add_error("key", _("This course already has a question with this key."))
        return cleaned

    def _choices(self) -> list[dict[str, Any]]:
        """The answers; those whose words did not change keep the key they had."""
        known = {c["text"]: c["key"] for c in (self.newest.choices if self.newest else [])}
        return [
            {
                "key": known.get(answer["text"].strip(), ""),
                "text": answer["text"],
                "correct": answer["correct"],
                "feedback": answer["feedback"],
            }
            for answer in (block.value for block in self.cleaned_data["answers"])
        ]

    def save(self, commit: bool = True) -> Question:
        """Write the question through the service, in the name of whoever edits."""
        course: CoursePage = self.cleaned_data["course"]
        version = services.write_question(
            course_key=course.translation_key,
            language=course.locale.language_code,
            key=self.cleaned_data["key"],
            objective=self.cleaned_data["objective"],
            kind=QuestionKind(self.cleaned_data["kind"]),
            text=self.cleaned_data["text"],
            choices=self._choices(),
            explanation=self.cleaned_data["explanation"],
            uses=self.cleaned_data["uses"],
            actor=self.for_user,
        )
        return version.question
