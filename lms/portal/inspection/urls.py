"""Addresses for inspectors. The first three are printed in packets."""

from django.urls import path

from lms.portal.inspection import views, views_check

app_name = "inspection"
urlpatterns = [
    path("verify/packet/", views_check.check, name="check"),
    path("verify/key/", views_check.keys, name="keys"),
    path("verify/key/<slug:key_id>.pem", views_check.key, name="key"),
    path("inspect/<str:token>/", views.link, name="link"),
    path("inspect/<str:token>/packet.zip", views.link_packet, name="link_packet"),
]
