"""Calendar feeds and Webex's deliveries, for machines: no language in the address, no cookie."""

from django.urls import path

from events import views_calendar, views_webex

app_name = "calendars"

urlpatterns = [
    path("calendar/<str:token>.ics", views_calendar.personal_feed, name="personal"),
    path("events/series/<slug:slug>/calendar.ics", views_calendar.series_feed, name="series"),
    path("events/<slug:slug>/calendar.ics", views_calendar.training_feed, name="training"),
    path("events/webex/", views_webex.hook, name="webex_hook"),
]
