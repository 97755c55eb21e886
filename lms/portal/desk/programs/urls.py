"""Where an office keeps the outside programs that count."""

from django.urls import path

from lms.portal.desk.programs import views

app_name = "desk_programs"
urlpatterns = [
    path("", views.programs, name="list"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.program, name="program"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
]
