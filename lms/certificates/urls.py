"""Certificates' addresses: checking one, and opening one's own. The first are printed on paper."""

from django.urls import path

from lms.certificates import views, views_uploaded

app_name = "certificates"

urlpatterns = [
    path("verify/", views.verify, name="verify"),
    path("verify/file/", views_uploaded.compare_file, name="file"),
    path("verify/<str:code>/", views.verified, name="verified"),
    path("my/certificates/<str:code>.pdf", views.document, name="document"),
    path(
        "my/certificates/of/<uuid:completion_id>/",
        views.document_of_completion,
        name="document_of_completion",
    ),
]
