"""Programs that were promised for a day and are not there: their editor is reminded, once."""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from events.enums import ProgramState
from events.series_models import SeriesPage
from lms.core.mail import send_mail_later
from lms.core.time import new_york_date
from lms.people.models import Person
from lms.people.permissions import edits_for
from lms.people.selectors import coordinators_of


def programs_due(today: date) -> "QuerySet[SeriesPage]":
    """Published series whose program is only announced, for a day that has come (New York)."""
    return (
        SeriesPage.objects.live()
        .filter(state=ProgramState.ANNOUNCED, expected_on__lte=today)
        .select_related("office")
        .order_by("expected_on", "pk")
    )


@transaction.atomic
def remind_of_programs(*, now: datetime | None = None) -> int:
    """Write to the editor of each such series, once for each day promised; returns how many pages.

    The editor is who last changed it, else its owner; where neither edits for the office any more,
    the office's coordinators.
    """
    now = now or timezone.now()
    due = list(programs_due(new_york_date(now)))
    for page in due:
        for person in _editors(page):
            _remind(page, person)
    return len(due)


def _editors(page: SeriesPage) -> list[Person]:
    newest = page.latest_revision.user if page.latest_revision else None
    for person in (newest, page.owner):
        if isinstance(person, Person) and person.email and edits_for(person, page.office):
            return [person]
    return [person for person in coordinators_of(page.office) if person.email]


def _remind(page: SeriesPage, person: Person) -> None:
    wanted = person.preferred_language
    language = wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(language):
        named = {"title": page.title, "when": page.expected}
        send_mail_later(
            key=f"events.program_due:{page.pk}:{page.expected_on}:{person.pk}",
            to=str(person.email),
            template="note",
            language=language,
            context={
                "person": person,
                "subject": _("The program of %(title)s was promised") % named,
                "paragraphs": [
                    _("Its page says that the program will be available %(when)s.") % named,
                    _("It is not there yet. Publish it, or say on the page when it will be."),
                ],
                "url": settings.SITE_ORIGIN + reverse("wagtailadmin_pages:edit", args=[page.pk]),
                "office": page.office,
            },
        )
