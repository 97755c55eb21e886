"""The desk's reports on courses."""

from django.urls import path

from lms.portal.reports import views, views_question

app_name = "desk_reports"
urlpatterns = [
    path("", views.courses, name="courses"),
    path("<int:pk>/", views.course, name="course"),
    path("<int:pk>/questions/", views_question.questions, name="questions"),
    path("<int:pk>/questions/<int:wording>/", views_question.question, name="question"),
    path("<int:pk>/<slug:table>.<slug:ending>", views.table_file, name="table"),
]
