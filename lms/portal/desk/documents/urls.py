"""Where an office sees who has signed its documents."""

from django.urls import path

from lms.portal.desk.documents import views

app_name = "desk_documents"
urlpatterns = [
    path("", views.documents, name="list"),
    path("<int:pk>/", views.document, name="document"),
    path("<int:pk>/signatures.csv", views.signatures_csv, name="csv"),
]
