"""Pictures where we take none: a photo of a badge or a paper is refused, in words.

It shows more of somebody than we need to know, anybody can copy one, and what is kept can be lost.
Only the clear cases are told: a picture's data, its markup, or an address that ends like one.
"""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# What a picture's bytes begin with once they are written as text (base64): PNG, JPEG, GIF.
_BYTES = r"^\s*(?:iVBORw0KGgo|/9j/|R0lGOD)"
_ENDINGS = "jpe?g|png|gif|webp|heic|heif|avif|bmp|tiff?|svg"
_PICTURE = re.compile(
    rf"{_BYTES}|data:\s*image/|<img\b|!\[[^\]]*\]\(|[\w%)]\.(?:{_ENDINGS})(?![\w@])", re.IGNORECASE
)

NO_PICTURE = _(
    "This looks like a picture, or a link to one. We take no pictures of badges or papers: they"
    " show more of you than we need to know, and anybody can copy one. Please write words here."
)


def shows_picture(text: str) -> bool:
    """Whether the text is, or leads to, a picture."""
    return bool(_PICTURE.search(text))


class _WordsOnly:
    """Asked before anything else, so that a long picture is not told to be shorter."""

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and shows_picture(value):
            raise ValidationError(NO_PICTURE, code="picture")
        return super().to_python(value)  # type: ignore[misc]


class WordsField(_WordsOnly, forms.CharField):
    """Text in which no picture is taken."""


class AddressField(_WordsOnly, forms.EmailField):
    """An e-mail address; somebody who pastes a picture instead is told what is wrong with it."""
