"""The editor's form for a question: its course, its wording, its answers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.blocks import BlockField

from courses import services
from courses.enums import QuestionKind, QuestionUse
from courses.images import keep_image
from courses.models import CoursePage, Question, QuestionVersion
from courses.outline import topic_choices
from lms.core.exceptions import Refused


class AnswerBlock(blocks.StructBlock):
    """One answer to choose, line to match or to place, or accepted form."""

    text = blocks.TextBlock(
        rows=2,
        required=False,
        label=_("Answer"),
        help_text=_(
            "To choose, to match, or to put in order: write lines to order in their right order. "
            "Short answer: one accepted form; case, accents and spaces do not count."
        ),
    )
    match = blocks.CharBlock(
        max_length=200,
        required=False,
        label=_("What belongs with it"),
        help_text=_("Only for matching. Without an answer beside it, it belongs nowhere."),
    )
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
        required = False


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
    image = forms.FileField(
        label=_("Picture"),
        required=False,
        help_text=_("PNG, JPEG, WebP or GIF. Only those who take the test can see it."),
        widget=forms.FileInput,
    )
    image_alt = forms.CharField(
        label=_("What the picture shows, in words"), required=False, max_length=300
    )
    remove_image = forms.BooleanField(label=_("Take the picture away"), required=False)
    topics = forms.MultipleChoiceField(
        label=_("Topics"),
        choices=topic_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
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

    only_spelling = forms.BooleanField(
        label=_("This is a spelling fix only"),
        help_text=_(
            "Then it stays the same question: everybody reads the mended words at once, in the "
            "middle of a test too, and nobody's answers or results change. Without it, this is a "
            "new wording, for those who begin after the course is published again."
        ),
        required=False,
    )

    class Meta:
        model = Question
        fields = ["key", "objective"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        courses = CoursePage.objects.editable_by(self.for_user).select_related("locale")
        self.fields["course"].queryset = courses.order_by("title")
        versions = self.instance.versions.as_spelled() if self.instance.pk else None
        self.newest = versions.select_related("question").last() if versions else None
        if self.newest is None:
            # There is nothing to mend yet.
            del self.fields["only_spelling"]
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
                        "value": {
                            name: choice.get(name, "")
                            for name in ("text", "match", "correct", "feedback")
                        },
                    }
                    for choice in self.newest.choices
                ]
            ),
            "explanation": self.newest.explanation,
            "uses": self.newest.uses,
            "topics": self.instance.topics,
            "image_alt": self.newest.image_alt,
        }

    def clean(self) -> dict[str, Any]:
        """The answers fit the kind; a key is used once in a course."""
        cleaned: dict[str, Any] = super().clean()
        if "answers" in cleaned and "kind" in cleaned:
            try:
                services.check_choices(QuestionKind(cleaned["kind"]), self._choices())
            except Refused as refusal:
                self.add_error("kind", str(refusal))
        self._clean_image(cleaned)
        if self.newest and cleaned.get("only_spelling") and not self.errors:
            self._clean_spelling(self.newest)
        course, key = cleaned.get("course"), cleaned.get("key")
        if self.newest is None and course and key:
            bank = Question.objects.of_course(course.translation_key, course.locale.language_code)
            if bank.filter(key=key).exists():
                self.add_error("key", _("This course already has a question with this key."))
        return cleaned

    def _clean_spelling(self, wording: QuestionVersion) -> None:
        """What is called a spelling fix changes words only."""
        try:
            services.demand_spelling_only(
                wording,
                services.content_of(**self._content()),
                {name: self.cleaned_data[name] for name in ("objective", "topics")},
            )
        except Refused as refusal:
            self.add_error("only_spelling", str(refusal))

    def _clean_image(self, cleaned: dict[str, Any]) -> None:
        """Keep a new picture; the one there is stays unless it is taken away."""
        self.kept = str(self.newest.image.name or "") if self.newest else ""
        if cleaned.get("remove_image"):
            self.kept = ""
        if cleaned.get("image"):
            try:
                self.kept = keep_image(cleaned["image"])
            except Refused as refusal:
                self.add_error("image", str(refusal))
        if self.kept and not cleaned.get("image_alt"):
            self.add_error("image_alt", _("Say in words what the picture shows."))

    def _choices(self) -> list[dict[str, Any]]:
        """The answers; those whose words did not change keep the key they had."""
        known = {c["text"]: c["key"] for c in (self.newest.choices if self.newest else [])}
        return [
            {
                "key": known.get(answer["text"].strip(), ""),
                "text": answer["text"],
                "match": answer["match"],
                "correct": answer["correct"],
                "feedback": answer["feedback"],
            }
            for answer in (block.value for block in self.cleaned_data["answers"])
        ]

    def _content(self) -> dict[str, Any]:
        """The wording, as the services take it."""
        return {
            "kind": QuestionKind(self.cleaned_data["kind"]),
            "text": self.cleaned_data["text"],
            "choices": self._choices(),
            "explanation": self.cleaned_data["explanation"],
            "uses": self.cleaned_data["uses"],
            "image": self.kept,
            "image_alt": self.cleaned_data["image_alt"],
        }

    def save(self, commit: bool = True) -> Question:
        """Write the question through the service, in the name of whoever edits."""
        course: CoursePage = self.cleaned_data["course"]
        given = {
            "objective": self.cleaned_data["objective"],
            "topics": self.cleaned_data["topics"],
            "actor": self.for_user,
            **self._content(),
        }
        if self.cleaned_data.get("only_spelling"):
            return services.mend_spelling(question=self.instance, **given).question
        version = services.write_question(
            course_key=course.translation_key,
            language=course.locale.language_code,
            key=self.cleaned_data["key"],
            **given,
        )
        return version.question
