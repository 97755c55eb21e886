"""The attendance desk's pages; `pk` is the session's."""

from django.urls import path

from lms.portal.desk.attendance import views, views_people, views_reports

app_name = "desk_attendance"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("upload/", views_reports.upload, name="upload"),
    path("fetch/", views_reports.fetch, name="fetch"),
    path("apply/", views.apply, name="apply"),
    path("rows.csv", views_reports.every_row, name="rows"),
    path("reports/<int:report>/file/", views_reports.file, name="file"),
    path("reports/<int:report>/zone/", views_reports.read_again, name="read_again"),
    path("reports/<int:report>/remove/", views_reports.remove, name="remove"),
    path("people/<int:person>/", views_people.person, name="person"),
]
