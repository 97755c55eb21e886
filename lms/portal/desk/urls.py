"""The desk's own addresses; its sessions have theirs in desk/sessions."""

from django.urls import path

from lms.portal.desk import views
from lms.portal.desk.learning import outages

app_name = "desk"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("disagreements/", views.disagreements, name="disagreements"),
    path("outage/", outages.down, name="outage"),
    path("undelivered/", views.undelivered, name="undelivered"),
]
