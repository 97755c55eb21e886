"""People's addresses: Wagtail's own sign-in doors lead to ours (TRIED 8)."""

from django.urls import path
from django.views.generic import RedirectView

from lms.people import views

urlpatterns = [
    path("admin/login/", views.to_sign_in),
    path("_util/login/", views.to_sign_in),
    path("admin/password_reset/", views.to_sign_in),
    path("admin/logout/", RedirectView.as_view(pattern_name="account_logout")),
]
