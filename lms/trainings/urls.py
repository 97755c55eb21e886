"""Trainings' addresses: the doors before the editor, read before Wagtail's own, and pictures."""

from django.conf import settings
from django.urls import path
from wagtail.admin.auth import require_admin_access

from lms.trainings import editors_views, views, views_media

urlpatterns = [
    path(f"{settings.MEDIA_URL.lstrip('/')}<path:path>", views_media.media, name="media"),
    path("admin/pages/<int:page_id>/edit/", views.edit_page),
    path("admin/localize/submit/page/<int:page_id>/", views.submit_page),
    path("admin/localize/update/<int:source_id>/", views.update_translations),
    path(
        "admin/localize/reports/translations/",
        require_admin_access(editors_views.OpenTranslations.as_view()),
    ),
    path(
        "admin/localize/reports/translations/results/",
        require_admin_access(editors_views.OpenTranslations.as_view(results_only=True)),
    ),
]
