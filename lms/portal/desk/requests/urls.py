"""Addresses of the desk's pages on access."""

from django.urls import path

from lms.portal.desk.requests import views

app_name = "desk_access"

urlpatterns = [
    path("", views.queue, name="queue"),
    path("<int:pk>/", views.request_page, name="request"),
    path("trainings/<int:pk>/", views.training_page, name="training"),
]
