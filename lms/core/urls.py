"""Core's pages: is it alive, is it ready."""

from django.urls import path

from lms.core import language, views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("language/<slug:code>/", language.choose_language, name="language"),
]
