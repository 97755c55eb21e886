"""A course's question bank. A question's wording has versions; a test freezes those it may draw."""

import uuid
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.enums import QuestionKind, QuestionUse
from courses.querysets_bank import QuestionQuerySet, QuestionVersionQuerySet
from lms.core.files import private_storage

if TYPE_CHECKING:
    from typing import TypedDict

    class _Choice(TypedDict):
        key: str
        text: str
        correct: bool
        feedback: str

    class Choice(_Choice, total=False):
        """One answer to choose, line to match or to order, or accepted form.

        `key` stays with it from version to version. Lines of a matching question have what they
        belong with; one without text offers something that belongs nowhere.
        """

        match: str
        match_key: str


class Question(models.Model):
    """What stays of a question while its wording changes.

    `course_key` is the course page's translation_key, which is the key of its training: the bank
    exists before the course is first published. A copied course gets a copied bank.
    """

    course_key = models.UUIDField(_("course"), default=uuid.uuid4)
    language = models.CharField(_("language"), max_length=10, default=settings.LANGUAGE_CODE)
    key = models.SlugField(
        _("key"), max_length=80, help_text=_("Short and lasting: it names the question in reports.")
    )
    objective = models.SlugField(
        _("learning objective"),
        max_length=80,
        help_text=_("Questions with the same word test the same thing."),
    )

    topics = ArrayField(models.CharField(max_length=20), default=list, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        ordering = ["course_key", "language", "objective", "key"]
        constraints = [
            models.UniqueConstraint(
                fields=["course_key", "language", "key"],
                name="courses_question_key_once",
                violation_error_message=_("This course already has a question with this key."),
            )
        ]

    def __str__(self) -> str:
        return self.key


class QuestionVersion(models.Model):
    """A question as it was worded at some time. Append-only: a change is a new number.

    `choices` is a list of {key, text, correct, feedback}, with {match, match_key} for matching; of
    an ordering question they stand in their right order. What a response to them is worth,
    courses.scoring says. A question whose newest version has no `uses` is drawn for no test.
    Readers are shown its words in force: `QuestionVersion.objects.as_spelled()`.
    """

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=QuestionKind.choices)
    text = models.TextField()
    choices: "models.JSONField[list[Choice]]" = models.JSONField()
    explanation = models.TextField(blank=True)
    # Only views hand it out (courses.images), to those who take the test and those who edit it.
    image = models.FileField(storage=private_storage, max_length=120, blank=True, default="")
    image_alt = models.CharField(max_length=300, blank=True, default="")
    uses = ArrayField(
        models.CharField(max_length=20, choices=QuestionUse.choices), default=list, blank=True
    )
    recorded_at = models.DateTimeField(default=timezone.now)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = QuestionVersionQuerySet.as_manager()

    class Meta:
        ordering = ["question", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "number"], name="courses_questionversion_number_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=QuestionKind.values), name="courses_questionversion_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(uses__contained_by=QuestionUse.values),
                name="courses_questionversion_uses_known",
            ),
            models.CheckConstraint(
                condition=Q(image="", image_alt="") | (~Q(image="") & ~Q(image_alt="")),
                name="courses_questionversion_image_has_alt",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def respell(self, words: "dict[str, Any]") -> None:
        """Put the words of a spelling fix in the place of the first ones; for reading, not saved.

        Which answers there are, and which are right, stays as it was recorded.
        """
        answers = words["answers"]
        self.text, self.explanation = words["text"], words["explanation"]
        self.image_alt = words["image_alt"]
        self.choices = [cast("Choice", {**row, **answers[row["key"]]}) for row in self.choices]


class QuestionSpelling(models.Model):
    """The words of a wording after a spelling fix; the newest are in force. Append-only.

    The wording stays the one it was for versions of the course, tries, results and decisions.
    `answers` are {key: {text, feedback}}, with {match} for matching, of all its choices.
    """

    wording = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="spellings")
    text = models.TextField()
    answers: "models.JSONField[dict[str, dict[str, str]]]" = models.JSONField()
    explanation = models.TextField(blank=True)
    image_alt = models.CharField(max_length=300, blank=True, default="")
    recorded_at = models.DateTimeField(default=timezone.now)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["wording", "id"]

    def __str__(self) -> str:
        return self.text
