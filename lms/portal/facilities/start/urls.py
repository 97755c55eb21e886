"""Addresses of the beginning and of claims."""

from django.urls import URLPattern, path

from lms.portal.facilities.start import views, views_claims


def patterns() -> list[URLPattern]:
    """Under /facilities/start/, /facilities/claims/ and /facilities/code/."""
    return [
        path("start/", views.place, name="start"),
        path("start/kind/", views.kind, name="start_kind"),
        path("start/answer/", views.answer, name="start_answer"),
        path("start/claim/", views.claim, name="start_claim"),
        path("code/", views_claims.code, name="claim_code"),
        path("claims/<int:pk>/", views_claims.claim, name="claim"),
        path("claims/<int:pk>/withdraw/", views_claims.withdraw, name="claim_withdraw"),
        path("<slug:key>/requests/", views_claims.requests, name="requests"),
    ]
