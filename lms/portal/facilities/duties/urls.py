"""Addresses of a facility's duties besides training."""

from django.urls import URLPattern, path

from lms.portal.facilities.duties import views


def patterns() -> list[URLPattern]:
    """The city's license, and who may stand in at night."""
    return [
        path("<slug:key>/license/", views.license_of_place, name="license"),
        path("<slug:key>/overnight/", views.overnight_shift, name="overnight"),
    ]
