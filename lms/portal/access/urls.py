"""Where the doors of restricted trainings are."""

from django.urls import path

from lms.portal.access import views, views_ask

app_name = "access"

urlpatterns = [
    path("<uuid:key>/", views.door, name="door"),
    path("<uuid:key>/ask/", views_ask.ask, name="ask"),
    path("<uuid:key>/code/", views_ask.code, name="code"),
    path("<uuid:key>/take-back/", views_ask.take_back, name="take_back"),
    path("word/<str:token>/", views_ask.word, name="word"),
]
