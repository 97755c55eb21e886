"""Where everything is. Each room brings its own urls; Wagtail answers what is left."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from lms.core.views_styleguide import styleguide

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("lms.core.urls")),
    path("", include("lms.people.urls")),
    path("", include("lms.trainings.urls")),
    path("", include("events.urls_feeds")),
    # Before the certificates, whose codes stand at the same place.
    path("", include("lms.portal.inspection.urls")),
    path("", include("lms.certificates.urls")),
    path("", include("lms.portal.my.urls")),
    path("", include("lms.notices.urls")),
    path("device/", include("lms.portal.device.urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("accounts/", include("allauth.urls")),
]

if settings.TRIAL:
    urlpatterns += [
        path("dev/", include("lms.core.urls_trial")),
        path("styleguide/", styleguide, name="styleguide"),
    ]

urlpatterns += i18n_patterns(
    path("facilities/", include("lms.portal.facilities.urls")),
    path("agency/", include("lms.portal.agency.urls")),
    path("review/", include("lms.portal.review.urls")),
    path("desk/", include("lms.portal.desk.urls")),
    path("desk/reports/courses/", include("lms.portal.reports.urls")),
    path("desk/mail/", include("lms.portal.desk.mail.urls")),
    path("desk/mailing-lists/", include("lms.portal.desk.mailing.urls")),
    path("desk/people/", include("lms.portal.desk.people.urls")),
    path("desk/people/<int:pk>/", include("lms.portal.desk.learning.urls")),
    path("desk/redaction/", include("lms.portal.desk.redaction.urls")),
    path("desk/proofs/", include("lms.portal.desk.proofs.urls")),
    path("desk/surveys/", include("lms.portal.desk.surveys.urls")),
    path("desk/records/", include("lms.portal.desk.records.urls")),
    path("desk/credit/", include("lms.portal.desk.credit.urls")),
    path("desk/certificates/", include("lms.portal.desk.certificates.urls")),
    path("desk/programs/", include("lms.portal.desk.programs.urls")),
    path("desk/sources/", include("lms.portal.desk.sources.urls")),
    path("desk/facilities/", include("lms.portal.desk.facilities.urls")),
    path("desk/documents/", include("lms.portal.desk.documents.urls")),
    path("desk/sessions/", include("lms.portal.desk.sessions.urls")),
    path("desk/sessions/<int:pk>/attendance/", include("lms.portal.desk.attendance.urls")),
    path("desk/access/", include("lms.portal.desk.requests.urls")),
    path("access/", include("lms.portal.access.urls")),
    path("", include("courses.urls")),
    path("", include("events.urls")),
    path("", include("lms.pages.urls")),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
