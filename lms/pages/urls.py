"""The addresses of help, questions and resources; they have a language in front like pages."""

from django.urls import path

from lms.pages import views

urlpatterns = [
    path("help/", views.help_page, name="help"),
    path("faq/", views.faq, name="faq"),
    path("resources/", views.resources, name="resources"),
]
