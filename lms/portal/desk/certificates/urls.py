"""The desk's pages on many certificates at once."""

from django.urls import path

from lms.portal.desk.certificates import views

app_name = "desk_certificates"
urlpatterns = [
    path("again/<uuid:training>/", views.again, name="again"),
    path("session/<int:session>/", views.of_session, name="session"),
    path("<int:pk>/", views.batch, name="batch"),
    path("<int:pk>/certificates.pdf", views.paper, name="paper"),
]
