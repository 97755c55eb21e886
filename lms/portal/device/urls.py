"""Addresses of a shared device."""

from django.urls import path

from lms.portal.device import views

app_name = "device"
urlpatterns = [
    path("", views.home, name="home"),
    path("start/", views.start, name="start"),
    path("begin/", views.begin, name="begin"),
    path("confirm/<int:pk>/", views.confirm, name="confirm"),
    path("switch/", views.switch, name="switch"),
]
