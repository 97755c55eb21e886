"""Pages that exist in the trial only."""

from django.urls import path

from lms.core import views

urlpatterns = [
    path("mail/", views.trial_mails, name="trial_mails"),
    path("mail/<int:pk>/", views.trial_mail, name="trial_mail"),
    path("mail/<int:pk>/invite.ics", views.trial_mail_calendar, name="trial_mail_calendar"),
]
