"""Addresses of the desk's people."""

from django.urls import path

from lms.portal.desk.people import views

app_name = "desk_people"
urlpatterns = [
    path("", views.search, name="search"),
    path("<int:pk>/", views.person, name="person"),
    path("<int:pk>/enter/", views.enter, name="enter"),
    path("<int:pk>/take-back/<uuid:completion>/", views.take_back, name="take_back"),
]
