"""What every template may use. Nothing here knows the reader, so that pages can be cached."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_noop

# The name the site has until an operator gives it another; named here so that it is translated.
gettext_noop("Anti-trafficking trainings")


def site(request: HttpRequest) -> dict[str, Any]:
    """The site's name and whether this is the trial with its sample content."""
    return {"site_name": gettext(settings.WAGTAIL_SITE_NAME), "trial": settings.TRIAL}
