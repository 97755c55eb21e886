"""Calendar feeds, for machines: no language in their addresses, no cookie in their answers."""

from django.urls import path

from events import views_calendar

app_name = "calendars"

urlpatterns = [
    path("calendar/<str:token>.ics", views_calendar.personal_feed, name="personal"),
    path("events/<slug:slug>/calendar.ics", views_calendar.training_feed, name="training"),
]
