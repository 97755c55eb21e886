"""Where an office confirms its accreditors' numbers."""

from django.urls import path

from lms.portal.desk.credit import views

app_name = "desk_credit"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("<slug:office>/<slug:accreditor>/", views.provider, name="provider"),
    path("<slug:office>/<slug:accreditor>/back/", views.provider_back, name="provider_back"),
    path("<slug:office>/<slug:accreditor>/<uuid:training>/", views.training, name="training"),
    path(
        "<slug:office>/<slug:accreditor>/<uuid:training>/back/",
        views.training_back,
        name="training_back",
    ),
]
