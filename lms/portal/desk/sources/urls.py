"""Where it is kept when somebody looked at the sources of what we say a law asks."""

from django.urls import path

from lms.portal.desk.sources import views

app_name = "desk_sources"
urlpatterns = [
    path("", views.sources, name="list"),
    path("<slug:subject>/", views.looked, name="looked"),
]
