"""Where the doors of restricted trainings are."""

from django.urls import path

from lms.portal.access import views

app_name = "access"

urlpatterns = [
    path("<uuid:key>/", views.door, name="door"),
]
