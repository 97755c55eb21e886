"""People's addresses; libraries' own sign-in doors lead to ours (TRIED 8)."""

from django.urls import path
from django.views.generic import RedirectView

from lms.people import views

urlpatterns = [
    path("admin/login/", views.to_sign_in),
    path("_util/login/", views.to_sign_in),
    path("admin/password_reset/", views.to_sign_in),
    path("admin/logout/", RedirectView.as_view(pattern_name="account_logout")),
    path("accounts/login/", views.SignInView.as_view(), name="account_login"),
    path("accounts/signup/", views.SignUpView.as_view(), name="account_signup"),
    path(
        "accounts/login/code/",
        RedirectView.as_view(pattern_name="account_login", query_string=True),
        name="account_request_login_code",
    ),
    path(
        "accounts/login/code/confirm/",
        views.SignInCodeView.as_view(),
        name="account_confirm_login_code",
    ),
]
