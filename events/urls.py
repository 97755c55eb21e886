"""Sessions' pages, for people."""

from django.urls import path

from events import (
    views,
    views_calendar,
    views_check_in,
    views_mailing,
    views_series,
    views_speaker_files,
    views_speaking,
    views_survey,
    views_wishes,
)

app_name = "events"

urlpatterns = [
    path("events/sessions/<int:pk>/", views.session, name="session"),
    path("events/sessions/<int:pk>/register/", views.register, name="register"),
    path("events/sessions/<int:pk>/register/done/", views.register_after_code, name="after_code"),
    path("events/sessions/<int:pk>/registered/", views.registered, name="registered"),
    path("events/sessions/<int:pk>/answers/", views.answers, name="answers"),
    path("events/sessions/<int:pk>/cancel/", views.cancel, name="cancel"),
    path("events/sessions/<int:pk>/join/", views.join, name="join"),
    path("events/sessions/<int:pk>/calendar.ics", views_calendar.session_file, name="session_file"),
    path("events/sessions/<int:pk>/offer/", views.offer, name="offer"),
    path("events/seats/<str:token>/offer/", views.seat_offer, name="seat_offer"),
    path("events/seats/<str:token>/cancel/", views.seat_cancel, name="seat_cancel"),
    path("events/seats/<str:token>/survey/", views_survey.survey, name="survey"),
    path("events/series/<int:pk>/register/", views_series.register, name="series_register"),
    path("events/series/<int:pk>/program.pdf", views_series.paper, name="series_paper"),
    path("events/door/<str:token>/", views_check_in.door, name="door"),
    path("events/here/<str:token>/", views_check_in.poster, name="poster"),
    path("events/sessions/<int:pk>/check-in/", views_check_in.check_in, name="check_in"),
    path("events/by-mail/", views_mailing.by_mail, name="by_mail"),
    path("events/by-mail/done/", views_mailing.after_code, name="by_mail_after_code"),
    path("events/by-mail/stop/<str:token>/", views_mailing.stop, name="mailing_stop"),
    path("events/ask-for-a-training/", views_wishes.wish, name="wish"),
    path("events/ask-for-a-training/sent/", views_wishes.wished, name="wished"),
    path("events/my-calendar/", views_calendar.my_calendar, name="my_calendar"),
    path("events/sessions/<int:pk>/recording/", views_speaker_files.recording, name="recording"),
    path("events/materials/<int:pk>/", views_speaker_files.material, name="material"),
    path("events/speakers/<int:pk>/photo/", views_speaker_files.photo, name="speaker_photo"),
    path("events/speaking/<str:token>/", views_speaking.invitation, name="speaking_invitation"),
    path("my/speaking/", views_speaking.speaking, name="speaking"),
    path("my/speaking/about/<int:pk>/", views_speaking.about, name="speaking_about"),
    path("my/speaking/about/<int:pk>/photo/", views_speaker_files.own_photo, name="speaking_photo"),
    path("my/speaking/<int:pk>/", views_speaking.session, name="speaking_session"),
    path("my/speaking/<int:pk>/leave/", views_speaking.leave, name="speaking_leave"),
    path(
        "my/speaking/<int:pk>/allow/<slug:kind>/", views_speaking.consent, name="speaking_consent"
    ),
    path(
        "my/speaking/<int:pk>/files/<int:material>/",
        views_speaking.material,
        name="speaking_material",
    ),
    path("my/speaking/<int:pk>/proof.pdf", views_speaking.proof, name="speaking_proof"),
]
