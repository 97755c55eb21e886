"""Pictures in questions, kept where only views hand them out."""

import hashlib

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile

from lms.core.files import private_storage
from lms.core.photos import drawn_anew

# Wide enough for a page; what is larger is made smaller.
WIDEST = 1600


def keep_image(upload: "UploadedFile[bytes]") -> str:
    """Keep the picture and return its name in the private storage; the same one is kept once.

    Raises Refused with what to do for a file that is too large or no picture.
    """
    content, ending = drawn_anew(upload, widest=WIDEST)
    name = f"questions/{hashlib.sha256(content).hexdigest()[:40]}.{ending}"
    storage = private_storage()
    return name if storage.exists(name) else storage.save(name, ContentFile(content))
