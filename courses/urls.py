"""Where the player lies: beginning a course, its outline, its steps."""

from django.urls import path

from courses import views

app_name = "courses"

urlpatterns = [
    path("learn/start/<uuid:key>/", views.start, name="start"),
    path("learn/<int:pk>/", views.outline, name="outline"),
    path("learn/<int:pk>/<slug:key>/", views.step, name="step"),
    path("learn/<int:pk>/<slug:key>/answers/", views.answers, name="answers"),
]
