"""My learning's addresses."""

from django.urls import path

from lms.portal.my import views, views_data, views_join, views_names, views_why

app_name = "my"

urlpatterns = [
    path("my/", views.my_learning, name="learning"),
    path("my/certificates/names/", views_names.names, name="names"),
    path("my/join/", views_join.join, name="join"),
    path("my/record/<uuid:completion>/", views_why.why, name="why"),
    path("my/transcript/", views.transcript, name="transcript"),
    path("my/transcript.pdf", views.transcript_pdf, name="transcript_pdf"),
    path("my/transcript.csv", views.transcript_csv, name="transcript_csv"),
    path("my/data/", views_data.my_data, name="data"),
    path("my/data/again/", views_data.sign_in_again, name="data_again"),
    path("my/data.zip", views_data.data_file, name="data_file"),
    path("my/contact-hours.csv", views.hours_csv, name="hours_csv"),
]
