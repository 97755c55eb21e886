"""Keeping files for lessons."""

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from courses.file_checks import check_file
from courses.models import LessonFile
from lms.core import audit
from lms.people.models import Organization, Person


@transaction.atomic
def keep_lesson_file(
    *,
    office: Organization,
    title: str,
    upload: "UploadedFile[bytes]",
    actor: Person | None,
    now: datetime | None = None,
) -> LessonFile:
    """Keep an upload for the office's lessons, out of reach of any public address.

    Raises Refused for a file that is too large, empty, or not what its name says.
    """
    now = now or timezone.now()
    found = check_file(upload)
    kept = LessonFile.objects.create(
        office=office,
        title=title,
        kind=found.kind,
        file=upload,
        name=(upload.name or "")[-200:],
        content_type=found.content_type,
        size=upload.size or 0,
        uploaded_at=now,
        uploaded_by=actor,
    )
    audit.record("lesson_file.kept", kept, actor=actor, now=now, kind=kept.kind)
    return kept
