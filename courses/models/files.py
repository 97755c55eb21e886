"""Files lessons play or hand out: uploaded once, never replaced, served by the player alone."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.enums import FileKind
from courses.querysets import LessonFileQuerySet
from lms.core.files import private_storage
from lms.people.models import Organization


def stored_name(_file: "LessonFile", name: str) -> str:
    """Where an upload is kept; the name it came with is a column, not a path."""
    return f"lesson-files/{uuid.uuid4().hex}.{name.rpartition('.')[2].lower()}"


class LessonFile(models.Model):
    """A video, a recording, its captions or a document. A better one is another file.

    It has no address of its own: the player serves it to those who may see the step, and the
    editors' pages to those who edit for its office.
    """

    office = models.ForeignKey(
        Organization,
        verbose_name=_("owning office"),
        on_delete=models.PROTECT,
        limit_choices_to={"kind": "office"},
        related_name="+",
    )
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=12, choices=FileKind.choices)
    file = models.FileField(_("file"), storage=private_storage, upload_to=stored_name)
    name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    uploaded_at = models.DateTimeField(_("uploaded on"), default=timezone.now)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = LessonFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("lesson file")
        verbose_name_plural = _("lesson files")
        ordering = ["-uploaded_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=FileKind.values), name="courses_lessonfile_kind_known"
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="courses_lessonfile_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.kind_and_size})"

    @property
    def kind_and_size(self) -> str:
        """What it is, for whoever decides whether to load it: "PDF, 240 KB"."""
        ending = self.name.rpartition(".")[2].upper()
        return f"{ending}, {filesizeformat(self.size)}"

    @property
    def editor_url(self) -> str:
        """Where editors play or load it."""
        return reverse("lesson_file", args=[self.pk])
