"""Where an office reads what its surveys came to."""

from django.urls import path

from lms.portal.desk.surveys import views

app_name = "desk_surveys"
urlpatterns = [
    path("", views.surveys, name="list"),
    path("<int:training>/<uuid:survey>/", views.survey, name="survey"),
    path("<int:training>/<uuid:survey>/answers.csv", views.survey_csv, name="csv"),
    path("comments/<uuid:pk>/remove/", views.remove, name="remove"),
]
