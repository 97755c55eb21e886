"""What somebody who speaks shows of themselves, what they hand out, and a session's recording."""

import uuid
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from django.utils.translation import gettext as _

from events.enums import MaterialShown
from events.models import Session
from events.speaker_models import Presenting, SessionMaterial, SessionRecording, Speaker
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.files import check_upload
from lms.core.locking import lock
from lms.core.photos import drawn_anew
from lms.pages.caching import forget
from lms.people.models import Person

# Twice as wide as a page shows it, for sharp screens.
PHOTO_WIDTH = 640
MOST_MATERIALS = 20


@transaction.atomic
def change_about(
    *,
    speaker: Speaker,
    display_name: str,
    biography: str,
    actor: Person,
    now: datetime | None = None,
) -> Speaker:
    """What the public would read, where a session's consent allows it; it allows nothing itself."""
    now = now or timezone.now()
    row = lock(speaker)
    row.display_name = " ".join(display_name.split())
    row.biography = biography.strip()
    row.updated_at = now
    row.save(update_fields=["display_name", "biography", "updated_at"])
    audit.record("speaker.about_changed", row, actor=actor, now=now)
    forget()
    return row


@transaction.atomic
def keep_photo(
    *,
    speaker: Speaker,
    upload: "UploadedFile[bytes]",
    alt: str,
    actor: Person,
    now: datetime | None = None,
) -> Speaker:
    """Keep a photo in place of the one before; drawn anew, without place, time and phone.

    Raises Refused for what is no picture, and without words for those who cannot see it.
    """
    now = now or timezone.now()
    alt = " ".join(alt.split())
    if not alt:
        raise Refused(
            _("Say in a few words what the photo shows, for people who cannot see it."),
            code="no_words",
        )
    content, ending = drawn_anew(upload, widest=PHOTO_WIDTH)
    row = lock(speaker)
    _delete_later(row.photo)
    row.photo_alt, row.updated_at = alt, now
    # A name that says nothing, and new each time, so that an old address shows nothing.
    row.photo.save(f"speakers/{uuid.uuid4()}.{ending}", ContentFile(content), save=False)
    row.save(update_fields=["photo", "photo_alt", "updated_at"])
    audit.record("speaker.photo_kept", row, actor=actor, now=now)
    forget()
    return row


@transaction.atomic
def change_photo_words(
    *, speaker: Speaker, alt: str, actor: Person, now: datetime | None = None
) -> Speaker:
    """Say the photo in other words. Raises Refused without any."""
    row = lock(speaker)
    alt = " ".join(alt.split())
    if row.photo and not alt:
        raise Refused(
            _("Say in a few words what the photo shows, for people who cannot see it."),
            code="no_words",
        )
    if row.photo and alt != row.photo_alt:
        row.photo_alt = alt
        row.save(update_fields=["photo_alt"])
        audit.record("speaker.photo_words_changed", row, actor=actor, now=now)
        forget()
    return row


@transaction.atomic
def remove_photo(*, speaker: Speaker, actor: Person, now: datetime | None = None) -> Speaker:
    """The photo is gone, from the pages and from where it was kept."""
    now = now or timezone.now()
    row = lock(speaker)
    if not row.photo:
        return row
    _delete_later(row.photo)
    row.photo, row.photo_alt, row.updated_at = "", "", now
    row.save(update_fields=["photo", "photo_alt", "updated_at"])
    audit.record("speaker.photo_removed", row, actor=actor, now=now)
    forget()
    return row


@transaction.atomic
def add_material(
    *,
    presenting: Presenting,
    title: str,
    upload: "UploadedFile[bytes]",
    shown: str,
    actor: Person,
    now: datetime | None = None,
) -> SessionMaterial:
    """Hand out a file in the session, or give it to the office only.

    Raises Refused for somebody who has not confirmed, for a file that cannot be taken, and for one
    more than twenty.
    """
    now = now or timezone.now()
    check_upload(upload)
    row = lock(presenting)
    if not row.is_confirmed:
        raise Refused(_("Confirm first that you speak in this session."), code="not_confirmed")
    if row.materials.count() >= MOST_MATERIALS:
        raise Refused(_("There are twenty files already. Remove one first."), code="too_many")
    ending = (upload.name or "").rpartition(".")[2].lower()
    material = SessionMaterial(
        presenting=row,
        title=" ".join(title.split()),
        shown=MaterialShown(shown),
        size=upload.size or 0,
        added_at=now,
    )
    material.file.save(f"session-materials/{uuid.uuid4()}.{ending}", upload, save=False)
    material.save()
    audit.record("material.added", material, actor=actor, now=now, shown=shown)
    return material


@transaction.atomic
def change_material(
    *, material: SessionMaterial, shown: str, actor: Person, now: datetime | None = None
) -> SessionMaterial:
    """Who may have it from now on. Raises Refused for somebody who does not speak any more."""
    row = lock(material)
    if not row.presenting.is_confirmed and shown != MaterialShown.NEVER:
        raise Refused(_("You do not speak in this session any more."), code="not_confirmed")
    if row.shown != shown:
        row.shown = MaterialShown(shown)
        row.save(update_fields=["shown"])
        audit.record("material.changed", row, actor=actor, now=now, shown=shown)
    return row


@transaction.atomic
def remove_material(
    *, material: SessionMaterial, actor: Person, now: datetime | None = None
) -> None:
    """The file is gone, for everybody."""
    audit.record("material.removed", material, actor=actor, now=now)
    _delete_later(material.file)
    material.delete()


@transaction.atomic
def keep_recording(
    *, session: Session, url: str, actor: Person, now: datetime | None = None
) -> SessionRecording:
    """Where the recording is; people are led there once everybody who spoke allows it.

    Raises Refused before the session is over.
    """
    now = now or timezone.now()
    session = lock(session)
    if session.ends_at > now or session.is_cancelled:
        raise Refused(_("There is a recording once the session is over."), code="not_over")
    recording, made = SessionRecording.objects.get_or_create(
        session=session, defaults={"url": url, "added_at": now, "added_by": actor}
    )
    if not made and recording.url != url:
        recording.url = url
        recording.added_at, recording.added_by = now, actor
        recording.save(update_fields=["url", "added_at", "added_by"])
    audit.record("recording.kept", recording, actor=actor, now=now, session=session.pk)
    return recording


@transaction.atomic
def remove_recording(*, session: Session, actor: Person, now: datetime | None = None) -> None:
    """Nobody is led to the recording any more. Without one, nothing changes."""
    recording = SessionRecording.objects.filter(session=session).first()
    if recording:
        audit.record("recording.removed", recording, actor=actor, now=now, session=session.pk)
        recording.delete()


def _delete_later(file: FieldFile) -> None:
    """Delete the file itself once the row no longer names it."""
    name, storage = file.name, file.storage
    if name:
        transaction.on_commit(lambda: storage.delete(name))
