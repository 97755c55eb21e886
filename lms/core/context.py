"""What every template may use. Nothing here knows the reader, so that pages can be cached."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """The site's name and whether this is the trial with its sample content."""
    return {"site_name": settings.WAGTAIL_SITE_NAME, "trial": settings.TRIAL}
