"""Addresses of a facility's retention pages, under /facilities/<key>/retention/."""

from django.urls import URLPattern, path

from lms.portal.facilities.retention import views


def patterns() -> list[URLPattern]:
    """What may be removed, the question before it, and legal holds."""
    return [
        path("<slug:key>/retention/", views.retention, name="retention"),
        path("<slug:key>/retention/confirm/", views.confirm, name="retention_confirm"),
        path("<slug:key>/retention/holds/new/", views.hold_new, name="hold_new"),
        path("<slug:key>/retention/holds/<int:pk>/end/", views.hold_end, name="hold_end"),
    ]
