"""Addresses of redaction."""

from django.urls import path

from lms.portal.desk.redaction import views

app_name = "desk_redaction"
urlpatterns = [
    path("", views.find, name="find"),
    path("<str:place>/<str:row>/", views.row, name="row"),
]
