"""Handing out lessons' files: in the player to those who may see the step, and to its editors."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from courses import selectors
from courses.enums import FileKind
from courses.models import Enrolment, LessonFile
from courses.shown import files_of
from courses.views_guests import for_learners
from courses.views_steps import reader
from lms.core import ranges


@for_learners
@require_safe
def lesson_file(request: HttpRequest, pk: int, key: str, file: int) -> HttpResponseBase:
    """A file of a lesson one has come to; for everybody else it does not exist."""
    mine = Enrolment.objects.visible_to(reader(request)).select_related(
        "version", "training__owner"
    )
    enrolment = get_object_or_404(mine, pk=pk)
    stands = selectors.where(enrolment)
    step = stands.step(key)
    if stands.outside or step is None or step.is_locked or file not in files_of(enrolment, step):
        raise Http404
    return _serve(request, get_object_or_404(LessonFile, pk=file))


@require_safe
def editors_file(request: HttpRequest, file: int) -> HttpResponseBase:
    """A file as its office's editors see it, in previews and in the list of files."""
    editor: Any = request.user
    return _serve(request, get_object_or_404(LessonFile.objects.editable_by(editor), pk=file))


def _serve(request: HttpRequest, kept: LessonFile) -> HttpResponseBase:
    return ranges.serve(
        request,
        kept.file.storage,
        str(kept.file),
        size=kept.size,
        content_type=kept.content_type,
        filename=kept.name,
        attachment=kept.kind == FileKind.DOCUMENT,
    )
