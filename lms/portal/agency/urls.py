"""Addresses of the agencies' pages."""

from django.urls import path

from lms.portal.agency import views, views_assign, views_people, views_register

app_name = "agency"
urlpatterns = [
    path("", views.home, name="home"),
    path("<slug:key>/", views.overview, name="overview"),
    path("<slug:key>/everything.<slug:ending>", views.everything, name="everything"),
    path("<slug:key>/assign/", views_assign.assign, name="assign"),
    path("<slug:key>/people/", views_people.people, name="people"),
    path("<slug:key>/people/add/", views_people.add, name="add"),
    path("<slug:key>/people/<int:pk>/", views_people.person, name="person"),
    path("<slug:key>/people/<int:pk>/leaving/", views_people.leaving, name="leaving"),
    path("<slug:key>/people/<int:pk>/leaving/undo/", views_people.undo_leaving, name="undo"),
    path("<slug:key>/training/<uuid:training>/", views.training, name="training"),
    path("<slug:key>/training/<uuid:training>.<slug:ending>", views.table, name="table"),
    path("<slug:key>/training/<uuid:training>/withdraw/", views_assign.withdraw, name="withdraw"),
    path("<slug:key>/training/<uuid:training>/again/", views_assign.again, name="again"),
    path("<slug:key>/training/<uuid:training>/enrol/", views_register.enrol, name="enrol"),
    path("<slug:key>/training/<uuid:training>/dates/", views_register.dates, name="dates"),
]
