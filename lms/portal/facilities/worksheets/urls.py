"""Addresses of worksheets: a facility's pages, and what a trainer's link opens."""

from django.urls import URLPattern, path

from lms.portal.facilities.worksheets import views, views_link


def patterns() -> list[URLPattern]:
    """Under /facilities/<key>/programs/, and /facilities/worksheet/<token>/ for the link."""
    return [
        path("worksheet/<str:token>/", views_link.topics, name="attest"),
        path("worksheet/<str:token>/attest/", views_link.attest, name="attest_words"),
        path("worksheet/<str:token>/decline/", views_link.decline, name="attest_decline"),
        path("worksheet/<str:token>/material/", views_link.material, name="attest_material"),
        path("worksheet/<str:token>/worksheet.pdf", views_link.paper, name="attest_paper"),
        path("<slug:key>/programs/", views.programs, name="programs"),
        path("<slug:key>/programs/new/", views.new, name="worksheet_new"),
        path("<slug:key>/programs/<int:pk>/", views.worksheet, name="worksheet"),
        path("<slug:key>/programs/<int:pk>/edit/", views.edit, name="worksheet_edit"),
        path("<slug:key>/programs/<int:pk>/send/", views.send, name="worksheet_send"),
        path("<slug:key>/programs/<int:pk>/back/", views.take_back, name="worksheet_back"),
        path("<slug:key>/programs/<int:pk>/drop/", views.drop, name="worksheet_drop"),
        path("<slug:key>/programs/<int:pk>/material/", views.material, name="worksheet_material"),
        path("<slug:key>/programs/<int:pk>/worksheet.pdf", views.paper, name="worksheet_paper"),
    ]
