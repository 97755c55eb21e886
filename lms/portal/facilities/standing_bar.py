"""The bar at the top of a facility's page: how many stand where, to look at instead of to read."""

from typing import Any

from django.utils.translation import gettext as _

from lms.compliance.selectors import Summary


def standing_bar(summary: Summary) -> dict[str, Any]:
    """Arguments of components/stacked_bar.html; parts of nobody are left out."""
    parts = [
        ("ok", summary.met, _("Met"), ""),
        ("half", summary.not_proven, _("Trained, not yet proven"), "?show=action"),
        ("soon", summary.due_soon, _("Due soon"), "?show=action"),
        ("neutral", summary.due_later, _("Due later"), ""),
        ("overdue", summary.overdue, _("Overdue"), "?show=overdue"),
    ]
    segments, start = [], 0
    for kind, count, label, url in parts:
        if count:
            segments.append(
                {"kind": kind, "count": count, "label": label, "url": url, "start": start}
            )
        start += count
    return {"segments": segments, "total": summary.covered}
