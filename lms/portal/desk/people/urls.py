"""Addresses of the desk's people."""

from django.urls import path

from lms.portal.desk.people import views, views_holds, views_joining, views_names, views_why

app_name = "desk_people"
urlpatterns = [
    path("", views.search, name="search"),
    path("duplicates/", views_joining.duplicates, name="duplicates"),
    path("duplicates/<int:pk>/<int:other>/", views_joining.pair, name="pair"),
    path("duplicates/<int:pk>/<int:other>/ask-again/", views_joining.ask_again, name="ask_again"),
    path("joined/<int:merge>/part/", views_joining.part, name="part"),
    path("<int:pk>/same/", views_joining.same, name="same"),
    path("<int:pk>/", views.person, name="person"),
    path("<int:pk>/why/<uuid:completion>/", views_why.why, name="why"),
    path("<int:pk>/names/", views_names.names, name="names"),
    path("<int:pk>/holds/", views_holds.holds, name="holds"),
    path("<int:pk>/holds/<int:hold>/end/", views_holds.end, name="hold_end"),
    path("<int:pk>/enter/", views.enter, name="enter"),
    path("<int:pk>/take-back/<uuid:completion>/", views.take_back, name="take_back"),
]
