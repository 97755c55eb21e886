"""My learning's addresses."""

from django.urls import path

from lms.portal.my import views, views_join, views_names

app_name = "my"

urlpatterns = [
    path("my/", views.my_learning, name="learning"),
    path("my/certificates/names/", views_names.names, name="names"),
    path("my/join/", views_join.join, name="join"),
    path("my/transcript/", views.transcript, name="transcript"),
    path("my/transcript.pdf", views.transcript_pdf, name="transcript_pdf"),
    path("my/transcript.csv", views.transcript_csv, name="transcript_csv"),
    path("my/contact-hours.csv", views.hours_csv, name="hours_csv"),
]
