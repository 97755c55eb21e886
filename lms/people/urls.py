"""People's addresses; libraries' own sign-in doors lead to ours (TRIED 8)."""

from django.urls import path, re_path
from django.views.generic import RedirectView

from lms.people import views, views_addresses

urlpatterns = [
    path("admin/login/", views.to_sign_in),
    path("admin/logout/", views.sign_out_of_admin),
    re_path(r"^admin/password_reset/(?P<rest>.*)$", views.to_sign_in),
    # Wagtail's pages answer under each language's prefix, and so would this door.
    re_path(r"^(?P<rest>[\w-]+/)?_util/login/$", views.to_sign_in),
    path("accounts/", RedirectView.as_view(pattern_name="account_profile")),
    path("accounts/profile/", views.profile, name="account_profile"),
    path("accounts/login/", views.SignInView.as_view(), name="account_login"),
    path(
        "accounts/login/password/",
        views.PasswordSignInView.as_view(),
        name="account_login_password",
    ),
    path(
        "accounts/login/passkey/",
        views.PasskeySignInView.as_view(),
        name="account_login_passkey",
    ),
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
    path(
        "accounts/confirm-email/",
        views_addresses.ConfirmAddressView.as_view(),
        name="account_email_verification_sent",
    ),
    path("accounts/signup/", views.SignUpView.as_view(), name="account_signup"),
]
