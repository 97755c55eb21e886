"""Addresses of companies and of hand-overs."""

from django.urls import URLPattern, path

from lms.portal.facilities.owners import views, views_handover


def patterns() -> list[URLPattern]:
    """Under /facilities/company/, /facilities/handover/ and a facility's own."""
    return [
        path("company/<slug:key>/", views.company, name="company"),
        path("company/<slug:key>/programs/", views.programs, name="company_programs"),
        path("handed-over/", views_handover.given_away, name="given_away"),
        path("handed-over/<int:pk>.zip", views_handover.last_packet, name="last_packet"),
        path("handover/<str:token>/", views_handover.answer, name="handover_answer"),
        path("<slug:key>/company/", views.found, name="found_company"),
        path("<slug:key>/handover/", views_handover.offer, name="handover"),
        path("<slug:key>/handover/take-back/", views_handover.take_back, name="handover_back"),
    ]
