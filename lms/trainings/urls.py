"""Trainings' addresses: only the doors before the editor, read before Wagtail's own."""

from django.urls import path

from lms.trainings import views

urlpatterns = [
    path("admin/pages/<int:page_id>/edit/", views.edit_page),
    path("admin/localize/submit/page/<int:page_id>/", views.submit_page),
    path("admin/localize/update/<int:source_id>/", views.update_translations),
]
