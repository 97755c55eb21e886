"""Addresses of a facility's duties besides training, under /facilities/<key>/."""

from django.urls import URLPattern, path

from lms.portal.facilities.duties import views, views_cards, views_house


def patterns() -> list[URLPattern]:
    """The city's license, who may stand in at night, the cards, and house rules."""
    return [
        path("<slug:key>/license/", views.license_of_place, name="license"),
        path("<slug:key>/overnight/", views.overnight_shift, name="overnight"),
        path("<slug:key>/cards/", views_cards.cards, name="cards"),
        path("<slug:key>/cards/check/", views_cards.check, name="cards_check"),
        path("<slug:key>/cards/<int:pk>/photo/", views_cards.photo, name="cards_photo"),
        *(
            path(
                f"{start}<slug:key>/house-rule/{rest}",
                view,
                {"company": company},
                name=before + name,
            )
            for start, company, before in (("company/", True, "company_"), ("", False, ""))
            for rest, view, name in (
                ("", views_house.house_rule, "house"),
                ("end/", views_house.house_rule_end, "house_end"),
            )
        ),
    ]
