"""Addresses of the desk's mailing lists."""

from django.urls import path

from lms.portal.desk.mailing import views, views_import, views_write

app_name = "desk_mailing"
urlpatterns = [
    path("", views.lists, name="lists"),
    path("<int:pk>/", views.one, name="list"),
    path("<int:pk>/close/", views.close, name="close"),
    path("<int:pk>/subscribers.<str:ending>", views.file, name="file"),
    path("<int:pk>/import/", views_import.upload, name="import"),
    path("<int:pk>/import/<int:imported>/", views_import.look, name="import_look"),
    path("<int:pk>/write/", views_write.write, name="write"),
    path("<int:pk>/sent/<int:sent>/", views_write.sent, name="sent"),
]
