"""Where proofs are looked at."""

from django.urls import path

from lms.portal.desk.proofs import views

app_name = "desk_proofs"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("<int:pk>/", views.proof, name="proof"),
    path("<int:pk>/file/", views.file, name="file"),
]
