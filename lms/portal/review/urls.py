"""Addresses of the state's review."""

from django.urls import path

from lms.portal.review import views

app_name = "review"
urlpatterns = [
    path("", views.totals, name="totals"),
    path("<slug:table>.csv", views.table_csv, name="table"),
]
