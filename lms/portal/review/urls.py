"""Addresses of the state's review."""

from django.urls import path

from lms.portal.review import views, views_records, views_samples

app_name = "review"
urlpatterns = [
    path("", views.totals, name="totals"),
    path("<slug:table>.csv", views.table_csv, name="table"),
    path("samples/", views_samples.samples, name="samples"),
    path("samples/new/", views_samples.new, name="sample_new"),
    path("samples/<int:pk>/", views_samples.sample, name="sample"),
    path("samples/<int:pk>/<int:place>/", views_samples.item, name="item"),
    path("samples/<int:pk>/<int:place>/material/", views_samples.material, name="material"),
    path("records/", views_records.records, name="records"),
    path("records/open/<slug:key>/", views_records.open_it, name="open"),
    path("records/<int:pk>/", views_records.record, name="record"),
    path("records/<int:pk>/scans/<int:proof>/", views_records.scan, name="scan"),
    path("records/<int:pk>/worksheets/<int:worksheet>/", views_records.paper, name="paper"),
]
