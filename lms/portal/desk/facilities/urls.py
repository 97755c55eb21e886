"""Where claims to manage a facility are answered."""

from django.urls import path

from lms.portal.desk.facilities import views, views_doubles

app_name = "desk_facilities"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("doubles/", views_doubles.doubles, name="doubles"),
    path("doubles/<int:into>/<int:duplicate>/", views_doubles.pair, name="pair"),
    path("doubles/merges/<int:pk>/undo/", views_doubles.undo, name="undo_merge"),
    path("letters.pdf", views.letters, name="letters"),
    path("claims/<int:pk>/", views.claim, name="claim"),
    path("claims/<int:pk>/file/", views.file, name="file"),
    path("claims/<int:pk>/letter.pdf", views.letter, name="letter"),
]
