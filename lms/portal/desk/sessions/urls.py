"""The desk's pages about sessions."""

from django.urls import path

from lms.portal.desk.sessions import (
    views,
    views_asking,
    views_change,
    views_door,
    views_figures,
    views_group,
    views_many,
    views_message,
    views_series,
    views_speakers,
    views_waiting,
    views_webex,
    views_wishes,
)

app_name = "desk_sessions"

urlpatterns = [
    path("", views.sessions, name="list"),
    path("new/", views_change.new, name="new"),
    path("many/", views_many.many, name="many"),
    path("series/", views_series.series, name="series"),
    path("series/<int:pk>/copy/", views_series.copy, name="series_copy"),
    path("wishes/", views_wishes.wishes, name="wishes"),
    path("wishes/<int:pk>/", views_wishes.wish, name="wish"),
    path("<int:pk>/door/", views_door.door, name="door"),
    path("<int:pk>/door/walk-in/", views_door.walk_in, name="walk_in"),
    path("<int:pk>/sign-in.pdf", views_door.sheet, name="sheet"),
    path("<int:pk>/check-in.pdf", views_door.poster, name="poster"),
    path("figures/", views_figures.figures, name="figures"),
    path("figures/<slug:table>.<slug:ending>", views_figures.figures_file, name="figures_file"),
    path("<int:pk>/message/", views_message.message, name="message"),
    path("<int:pk>/roster.xlsx", views.roster_xlsx, name="roster_xlsx"),
    path("<int:pk>/roster.pdf", views_door.roster_pdf, name="roster_pdf"),
    path("requests/", views_asking.requests, name="requests"),
    path("<int:pk>/questions/", views_asking.questions, name="questions"),
    path("<int:pk>/questions/<int:question>/retire/", views_asking.retire, name="retire"),
    path("<int:pk>/answers/", views_asking.answers, name="answers"),
    path("<int:pk>/needs/", views_asking.needs, name="needs"),
    path("<int:pk>/", views.session, name="session"),
    path("<int:pk>/roster.csv", views.roster_csv, name="roster_csv"),
    path("<int:pk>/time/", views_change.time, name="time"),
    path("<int:pk>/details/", views_change.details, name="details"),
    path("<int:pk>/register/", views_group.register_people, name="register_people"),
    path("<int:pk>/waiting/<int:seat>/", views_waiting.offer, name="offer"),
    path("<int:pk>/waiting/<int:seat>/remove/", views_waiting.remove, name="remove"),
    path("<int:pk>/webex/", views_webex.webex, name="webex"),
    path("<int:pk>/webex/remove/", views_webex.remove, name="webex_remove"),
    path("<int:pk>/speakers/", views_speakers.speakers, name="speakers"),
    path("<int:pk>/speakers/recording/", views_speakers.recording, name="recording"),
    path("<int:pk>/speakers/<int:presenting>/", views_speakers.speaker, name="speaker"),
    path("<int:pk>/cancel/", views_change.cancel, name="cancel"),
]
