"""The desk's addresses. Other rooms' desk pages join here: sessions, new_session, session."""

from django.urls import path

from lms.portal.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("undelivered/", views.undelivered, name="undelivered"),
]
