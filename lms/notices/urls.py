"""The page on which one chooses reminders."""

from django.urls import path

from lms.notices import views

app_name = "notices"

urlpatterns = [
    path("my/reminders/", views.reminders, name="reminders"),
    path("my/reminders/<str:token>/", views.reminders_by_link, name="by_link"),
]
