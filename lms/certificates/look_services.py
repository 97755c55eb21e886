"""Choosing how certificates look. What was issued keeps its own look, whatever changes here."""

import hashlib
import io
import re
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.certificates.designs import DESIGNS, LEAST_CONTRAST, SHEETS, contrast_with_white
from lms.certificates.look_models import COLOUR, CertificateLook
from lms.certificates.looks import FOLDER, look_of_office
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.file_contents import JPEG, PNG, look_into
from lms.core.files import private_storage
from lms.core.locking import lock
from lms.people.models import Organization, Person
from lms.people.permissions import edits_for
from lms.trainings.models import Training

# Wide enough for print at 300 dots an inch in the place a logo has.
MAX_SIDE = 1200
_DRAWN = (
    "design", "sheet", "colour", "logo", "signatory_name", "signatory_title", "signature",
    "wording",
)  # fmt: skip


def picture_of(upload: "UploadedFile[bytes]") -> bytes:
    """The picture drawn anew on white, as PNG: no places, names or programs beside it.

    Raises Refused for anything but a PNG or JPEG picture.
    """
    from PIL import Image, ImageOps  # noqa: PLC0415 - only who keeps a picture needs it

    look_into(upload, kinds=(PNG, JPEG))
    with Image.open(upload) as opened:
        picture = ImageOps.exif_transpose(opened).convert("RGBA")
    upload.seek(0)
    picture.thumbnail((MAX_SIDE, MAX_SIDE))
    sheet = Image.new("RGB", picture.size, "white")
    sheet.paste(picture, mask=picture.getchannel("A"))
    drawn = io.BytesIO()
    sheet.save(drawn, "PNG", optimize=True)
    return drawn.getvalue()


def keep_picture(upload: "UploadedFile[bytes]") -> str:
    """Keep a logo or a signature; return its name in private storage, which is its hash."""
    content = picture_of(upload)
    name = f"{FOLDER}/{hashlib.sha256(content).hexdigest()}.png"
    storage = private_storage()
    return name if storage.exists(name) else storage.save(name, ContentFile(content))


@transaction.atomic
def choose_look(
    *,
    look: CertificateLook,
    logo: "UploadedFile[bytes] | None" = None,
    signature: "UploadedFile[bytes] | None" = None,
    actor: Person,
    now: datetime | None = None,
) -> CertificateLook:
    """Make `look` (an unsaved row) its office's look from now on; the same look changes nothing.

    Writes a new row and an audit row; certificates issued before keep what they were issued with.
    Raises Refused for somebody who does not edit for the office, an unknown design or paper, a
    colour that is hard to read on white, a signature without a name, and pictures that are none.
    """
    now = now or timezone.now()
    _allow(actor, look.office)
    if look.design not in DESIGNS or look.sheet not in SHEETS:
        raise Refused(_("Choose a design and a paper from the list."), code="design")
    if not re.match(COLOUR, look.colour) or contrast_with_white(look.colour) < LEAST_CONTRAST:
        raise Refused(
            _("This color is too pale: it could not be read on white. Choose a darker one."),
            code="colour",
        )
    if (signature or look.signature) and not look.signatory_name:
        raise Refused(_("Say whose signature it is."), code="signatory")
    if logo:
        look.logo = keep_picture(logo)
    if signature:
        look.signature = keep_picture(signature)
    lock(look.office)
    newest = look_of_office(look.office)
    if newest.pk and all(str(getattr(newest, part)) == str(getattr(look, part)) for part in _DRAWN):
        return newest
    return _write(look, number=newest.number + 1, actor=actor, now=now)


@transaction.atomic
def choose_design(
    *, training: Training, design: str, actor: Person, now: datetime | None = None
) -> CertificateLook | None:
    """Let `training` use another design than its office's; an empty one takes that back.

    Returns the row in force, None where there never was one and none is needed. Raises Refused for
    an unknown design and for somebody who does not edit for the office.
    """
    now = now or timezone.now()
    _allow(actor, training.owner)
    if design and design not in DESIGNS:
        raise Refused(_("Choose a design from the list."), code="design")
    lock(training.owner)
    newest = CertificateLook.objects.filter(office=training.owner, training=training).first()
    if (newest.design if newest else "") == design:
        return newest
    look = CertificateLook(office=training.owner, training=training, design=design)
    return _write(look, number=newest.number + 1 if newest else 1, actor=actor, now=now)


def _allow(actor: Person, office: Organization) -> None:
    if not edits_for(actor, office):
        raise Refused(_("Only those who edit for this office choose its look."), code="not_yours")


def _write(look: CertificateLook, *, number: int, actor: Person, now: datetime) -> CertificateLook:
    look.pk, look.number, look.actor, look.created_at = None, number, actor, now
    look.save(force_insert=True)
    audit.record(
        "certificate.look_chosen",
        look,
        actor=actor,
        now=now,
        office=look.office_id,
        training=look.training_id,
        design=look.design,
    )
    return look
