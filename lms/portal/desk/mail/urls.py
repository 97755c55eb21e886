"""Addresses of the desk's undeliverable mail."""

from django.urls import path

from lms.portal.desk.mail import views

app_name = "desk_mail"
urlpatterns = [
    path("", views.bounced, name="bounces"),
    path("<int:pk>/works-again/", views.works_again, name="works_again"),
]
