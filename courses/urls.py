"""Where the player lies: beginning a course, its outline, its steps."""

from django.urls import path

from courses import views, views_files, views_guests, views_images, views_plans, views_progress

app_name = "courses"

urlpatterns = [
    path("learn/plan/<uuid:key>/", views_plans.plan, name="plan"),
    path("learn/plan/<uuid:key>/<uuid:part>/", views_plans.part, name="plan_part"),
    path("learn/start/<uuid:key>/", views.start, name="start"),
    path("learn/without-account/claim/", views_guests.claim, name="claim"),
    path("learn/without-account/take-along/", views_guests.take_along, name="take_along"),
    path("learn/without-account/start-over/", views_guests.start_over, name="start_over"),
    path("learn/proofs/<int:pk>/", views.proof_file, name="proof"),
    path("learn/<int:pk>/", views.outline, name="outline"),
    path("learn/<int:pk>/own-word/give/", views_progress.give_own_word, name="own_word"),
    path("learn/<int:pk>/<slug:key>/", views.step, name="step"),
    path("learn/<int:pk>/<slug:key>/answers/", views.answers, name="answers"),
    path(
        "learn/<int:pk>/<slug:key>/<int:attempt>/<int:position>/image/",
        views_images.image,
        name="image",
    ),
    path("learn/<int:pk>/<slug:key>/time/", views_progress.keep_time, name="time"),
    path("learn/<int:pk>/<slug:key>/files/<int:file>/", views_files.lesson_file, name="file"),
]
