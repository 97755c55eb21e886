"""The desk's own links, the same on each of its pages."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _


def desk_context(request: HttpRequest, current: str) -> dict[str, Any]:
    """What layouts/desk.html needs; `current` names the link that is the page itself."""
    links = [
        ("overview", _("Today"), reverse("desk:overview")),
        ("sessions", _("Sessions"), reverse("desk:sessions")),
        ("content", _("Courses and pages"), "/admin/"),
    ]
    return {
        "nav": {"current": "desk", "desk": True},
        "desk_nav": [
            {"label": label, "url": url, "current": name == current} for name, label, url in links
        ],
    }
