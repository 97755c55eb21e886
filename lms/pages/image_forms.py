"""Pictures uploaded in /admin/ must be of a size that a server can open."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL.Image import DecompressionBombError, DecompressionBombWarning
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm


class CheckedImageField(WagtailImageField):
    """Wagtail's field; a picture that would unfold to gigabytes gets a sentence, not an error page.

    Pillow refuses by itself to open such pictures, and Wagtail 7.4 lets that refusal through.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.error_messages["file_too_many_pixels"] = _(
            "This picture has more than %(limit)s million pixels. "
            "Save it smaller, 2,400 pixels wide are plenty, and upload that."
        ) % {"limit": settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS // 1_000_000}

    def check_image_pixel_size(self, f: Any) -> None:
        try:
            width, height = f.image.get_size()
        except (DecompressionBombError, DecompressionBombWarning) as bomb:
            raise self._too_many() from bomb
        if width * height * f.image.get_frame_count() > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:
            raise self._too_many()

    def _too_many(self) -> ValidationError:
        code = "file_too_many_pixels"
        return ValidationError(self.error_messages[code], code=code)


class CheckedImageForm(BaseImageForm):
    """Wagtail's form with our field, for every way to upload."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("file")
        if field:
            self.fields["file"] = CheckedImageField(
                label=field.label, required=field.required, widget=field.widget
            )
