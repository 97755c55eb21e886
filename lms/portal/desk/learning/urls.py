"""Addresses below a person at the desk: their courses with the office, their extra time."""

from django.urls import path

from lms.portal.desk.learning import views, views_time

app_name = "desk_learning"
urlpatterns = [
    path("courses/<int:enrolment>/", views.course, name="course"),
    path("courses/<int:enrolment>/void/<int:attempt>/", views.void, name="void"),
    path("courses/<int:enrolment>/outage/<int:attempt>/", views.outage, name="outage"),
    path("extra-time/", views_time.extra_time, name="extra_time"),
    path("extra-time/<int:arranged>/end/", views_time.end, name="end_extra_time"),
]
