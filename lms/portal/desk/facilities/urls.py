"""Where claims to manage a facility are answered."""

from django.urls import path

from lms.portal.desk.facilities import views

app_name = "desk_facilities"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("letters.pdf", views.letters, name="letters"),
    path("claims/<int:pk>/", views.claim, name="claim"),
    path("claims/<int:pk>/file/", views.file, name="file"),
    path("claims/<int:pk>/letter.pdf", views.letter, name="letter"),
]
