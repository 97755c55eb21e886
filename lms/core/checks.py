"""What must be there before the site goes live."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from lms.core import lettering
from lms.core.pdf import FONTS


@register(deploy=True)
def fonts_are_there(app_configs: Any, **_kwargs: Any) -> list[CheckMessage]:
    """Without its fonts the site draws no certificate."""
    return [
        Error(
            f"The font {name} is missing below FONT_DIR: no certificate can be drawn.",
            hint="Install the front-end packages (make build).",
            id="core.E001",
        )
        for name in [*(name for _family, _weight, name in FONTS), *lettering.FILES]
        if not (Path(settings.FONT_DIR) / name).is_file()
    ]
