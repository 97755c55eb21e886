"""Trainings' addresses: only the door before the editor, read before Wagtail's own."""

from django.urls import path

from lms.trainings import views

urlpatterns = [path("admin/pages/<int:page_id>/edit/", views.edit_page)]
