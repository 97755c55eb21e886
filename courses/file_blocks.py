"""Lesson blocks that play or hand out a file. The file is served by the player (views_files)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.snippets.blocks import SnippetChooserBlock

from courses.enums import FileKind

TRANSCRIPT = ["h3", "bold", "italic", "ul", "ol", "link"]


def file_url(file: Any, context: dict[str, Any]) -> str:
    """Where the reader of this page gets the file: a learner in the player, else an editor."""
    enrolment, step = context.get("enrolment"), context.get("step")
    if enrolment is None or step is None:
        return str(file.editor_url)
    return reverse("courses:file", args=[enrolment.pk, step.key, file.pk])


def second_left(file: Any, context: dict[str, Any]) -> int:
    """At which second the learner left the file in a course under way; 0 from the beginning."""
    enrolment, step = context.get("enrolment"), context.get("step")
    if not file or enrolment is None or step is None or not enrolment.is_active:
        return 0
    played, second = step.played
    return second if played == file.pk else 0


def clock_time(seconds: int) -> str:
    """A place in a film as players write it: 3:12, or 1:03:12."""
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


class MediaBlock(blocks.StructBlock):
    """A video or a recording of ours: with its words, and a video with captions."""

    title = blocks.CharBlock(max_length=120)
    file = SnippetChooserBlock("courses.LessonFile", label=_("Video or sound"))
    captions = SnippetChooserBlock(
        "courses.LessonFile",
        required=False,
        label=_("Captions"),
        help_text=_("A WebVTT file (.vtt) in the lesson's language. A video needs one."),
    )
    transcript = blocks.RichTextBlock(
        features=TRANSCRIPT,
        label=_("Transcript"),
        help_text=_("All that is said, who says it, and what can only be seen."),
    )

    def clean(self, value: Any) -> Any:
        """The right kinds of file; nobody who cannot hear is left without captions."""
        cleaned = super().clean(value)
        file, captions = cleaned["file"], cleaned["captions"]
        errors: dict[str, ValidationError] = {}
        if file and file.kind not in (FileKind.VIDEO, FileKind.AUDIO):
            errors["file"] = ValidationError(gettext("Choose a video or a sound recording."))
        if captions and captions.kind != FileKind.CAPTIONS:
            errors["captions"] = ValidationError(gettext("Choose a WebVTT file (.vtt)."))
        if file and file.kind == FileKind.VIDEO and not captions:
            errors["captions"] = ValidationError(
                gettext("A video needs captions. Upload a WebVTT file (.vtt) and choose it here.")
            )
        if errors:
            raise StructBlockValidationError(errors)
        return cleaned

    def get_context(
        self, value: blocks.StructValue, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """With the addresses of the file and its captions for whoever reads, and where to go on.

        The place is a part of the address (a media fragment), so it works without a script.
        """
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        file, captions = value["file"], value["captions"]
        left = second_left(file, context)
        request = context.get("request")
        from_start = bool(left and request and request.GET.get("play") == "start")
        return {
            **context,
            "url": file_url(file, context) if file else "",
            "captions_url": file_url(captions, context) if captions else "",
            "left_at": clock_time(left) if left else "",
            "from_start": from_start,
            "begins": f"#t={left}" if left and not from_start else "",
            "is_video": bool(file and file.kind == FileKind.VIDEO),
        }

    class Meta:
        icon = "media"
        label = _("Video or sound")
        template = "courses/blocks/media.html"


class DownloadBlock(blocks.StructBlock):
    """A document to keep, with its kind and size said before one loads it."""

    file = SnippetChooserBlock("courses.LessonFile", label=_("Document"))
    text = blocks.TextBlock(rows=2, required=False, label=_("What it is for"))

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned["file"] and cleaned["file"].kind != FileKind.DOCUMENT:
            error = ValidationError(gettext("Choose a document; videos have their own block."))
            raise StructBlockValidationError({"file": error})
        return cleaned

    def get_context(
        self, value: blocks.StructValue, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """With the address of the document for whoever reads."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        return {**context, "url": file_url(value["file"], context) if value["file"] else ""}

    class Meta:
        icon = "download"
        label = _("Download")
        template = "courses/blocks/download.html"
