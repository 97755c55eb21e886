"""Pictures in questions: checked, made small, kept where only views hand them out."""

import hashlib
import io
import warnings

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from lms.core.exceptions import Refused
from lms.core.files import private_storage

MAX_BYTES = 10 * 1024 * 1024
# Wide enough for a page; what is larger is made smaller.
WIDEST = 1600
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")


def keep_image(upload: "UploadedFile[bytes]") -> str:
    """Keep the picture and return its name in the private storage; the same one is kept once.

    It is drawn anew, so that nothing a camera wrote into the file (where, when, which phone) is
    kept. Raises Refused with what to do for a file that is too large or no picture.
    """
    if (upload.size or 0) > MAX_BYTES:
        raise Refused(
            _("The picture is larger than 10 MB. Make it smaller and try again."), code="too_large"
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(upload, formats=FORMATS)
            drawn = ImageOps.exif_transpose(picture)
            drawn.thumbnail((WIDEST, WIDEST * 4))
            content, ending = _encoded(drawn, photo=picture.format == "JPEG")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(
            _("The picture has too many pixels. Make it smaller and try again."), code="pixels"
        ) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Refused(
            _("The file is no picture. Upload a PNG, JPEG, WebP or GIF file."), code="no_picture"
        ) from error
    name = f"questions/{hashlib.sha256(content).hexdigest()[:40]}.{ending}"
    storage = private_storage()
    return name if storage.exists(name) else storage.save(name, ContentFile(content))


def _encoded(picture: Image.Image, *, photo: bool) -> tuple[bytes, str]:
    out = io.BytesIO()
    if photo:
        picture.convert("RGB").save(out, "JPEG", quality=85)
        return out.getvalue(), "jpg"
    picture.convert("RGBA").save(out, "PNG", optimize=True)
    return out.getvalue(), "png"
