"""The attendance desk's pages; `pk` is the session's."""

from django.urls import path

from lms.portal.desk.attendance import views, views_people

app_name = "desk_attendance"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("upload/", views.upload, name="upload"),
    path("fetch/", views.fetch, name="fetch"),
    path("apply/", views.apply, name="apply"),
    path("reports/<int:report>/file/", views.file, name="file"),
    path("reports/<int:report>/zone/", views.read_again, name="read_again"),
    path("reports/<int:report>/remove/", views.remove, name="remove"),
    path("people/<int:person>/", views_people.person, name="person"),
]
