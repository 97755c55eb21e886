"""Where an office takes records over from other systems, and sends them there."""

from django.urls import path

from lms.portal.desk.records import views, views_export, views_settle

app_name = "desk_records"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("import/", views.upload, name="upload"),
    path("import/<int:pk>/", views.batch, name="batch"),
    path("import/<int:pk>/columns/", views.columns, name="columns"),
    path("import/<int:pk>/start/", views.start, name="start"),
    path("import/<int:pk>/again/", views.again, name="again"),
    path("import/<int:pk>/undo/", views.undo, name="undo"),
    path("import/<int:pk>/rows.csv", views.rows_csv, name="rows_csv"),
    path("import/<int:pk>/people/", views_settle.people, name="people"),
    path("import/<int:pk>/titles/", views_settle.titles, name="titles"),
    path("export/", views_export.export, name="export"),
    path("export/<int:pk>/", views_export.file, name="file"),
]
