"""Addresses of a facility's duties besides training, under /facilities/<key>/."""

from django.urls import URLPattern, path

from lms.portal.facilities.duties import views, views_cards


def patterns() -> list[URLPattern]:
    """The city's license, who may stand in at night, and the cards."""
    return [
        path("<slug:key>/license/", views.license_of_place, name="license"),
        path("<slug:key>/overnight/", views.overnight_shift, name="overnight"),
        path("<slug:key>/cards/", views_cards.cards, name="cards"),
        path("<slug:key>/cards/check/", views_cards.check, name="cards_check"),
        path("<slug:key>/cards/<int:pk>/photo/", views_cards.photo, name="cards_photo"),
    ]
