"""Pictures that people upload: checked, made small, and drawn anew."""

import io
import warnings

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from lms.core.exceptions import Refused

MAX_BYTES = 10 * 1024 * 1024
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")


def drawn_anew(upload: "UploadedFile[bytes]", *, widest: int) -> tuple[bytes, str]:
    """The picture's content and the ending of its name, at most `widest` pixels wide.

    Nothing is kept of what a camera wrote into the file (where, when, which phone). Raises Refused
    with what to do for a file that is too large or no picture.
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
            drawn.thumbnail((widest, widest * 4))
            return _encoded(drawn, photo=picture.format == "JPEG")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(
            _("The picture has too many pixels. Make it smaller and try again."), code="pixels"
        ) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Refused(
            _("The file is no picture. Upload a PNG, JPEG, WebP or GIF file."), code="no_picture"
        ) from error


def _encoded(picture: Image.Image, *, photo: bool) -> tuple[bytes, str]:
    out = io.BytesIO()
    if photo:
        picture.convert("RGB").save(out, "JPEG", quality=85)
        return out.getvalue(), "jpg"
    picture.convert("RGBA").save(out, "PNG", optimize=True)
    return out.getvalue(), "png"
