"""Telling people by mail that a document they signed has a new version: once for each version.

Safe to run at any time and as often as one likes. Not at once: an editor who mends the new version
within the hour writes to nobody twice.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from courses.assignment_letters import language_of
from courses.enums import EnrolmentStatus
from courses.models import DocumentEdition, DocumentSignature
from lms.core.mail import send_mail_later
from lms.core.models import OutboxMessage
from lms.trainings.access import may_take

logger = logging.getLogger("courses.document_news")

SETTLES = timedelta(hours=1)
# Who was on a list that long ago was told, or has no address; nothing older is looked at.
LATELY = timedelta(days=14)


def tell_new_versions(*, now: datetime | None = None) -> int:
    """Write to everybody who signed an older version of what is new; how many letters.

    Only the newest version is told of. Whoever left the course, has no address, or may no longer
    take the course is not written to: My learning shows it to all others who completed the course.
    """
    now = now or timezone.now()
    editions = (
        DocumentEdition.objects.newest()
        .filter(recorded_at__gt=now - LATELY, recorded_at__lte=now - SETTLES)
        .select_related("training__owner")
    )
    return sum(_tell_of(edition) for edition in editions)


def _tell_of(edition: DocumentEdition) -> int:
    begins = f"courses.document_new:{edition.pk}:"
    told = set(OutboxMessage.objects.filter(key__startswith=begins).values_list("key", flat=True))
    written = 0
    for signature in _last_signatures(edition):
        person = signature.enrolment.person.canonical
        key = f"{begins}{person.pk}"
        if signature.edition.number >= edition.number or key in told:
            continue
        if not (person.email and person.is_active and may_take(person, edition.training)):
            continue
        try:
            _write(key, edition, signature)
        except Exception:
            logger.exception("Telling person %s of a document failed", person.pk)
        else:
            written += 1
    return written


def _last_signatures(edition: DocumentEdition) -> list[DocumentSignature]:
    """Each person's signature under the highest version, whichever course they gave it in."""
    last: dict[int, DocumentSignature] = {}
    signatures = (
        DocumentSignature.objects.filter(
            edition__training=edition.training_id, edition__document=edition.document
        )
        .exclude(enrolment__status=EnrolmentStatus.WITHDRAWN)
        .select_related("edition", "enrolment__person__canonical_person")
        .order_by("edition__number", "pk")
    )
    for signature in signatures:
        last[signature.enrolment.person.canonical.pk] = signature
    return list(last.values())


def _write(key: str, edition: DocumentEdition, signature: DocumentSignature) -> None:
    person = signature.enrolment.person.canonical
    path = reverse("courses:step", args=[signature.enrolment_id, signature.step_key])
    language = language_of(person)
    with translation.override(language):
        said = _("%(title)s has a new version, number %(number)s. You signed number %(signed)s.")
        paragraphs = [
            said
            % {
                "title": edition.title,
                "number": edition.number,
                "signed": signature.edition.number,
            },
            edition.what_changed,
            _("Please read it and sign it. You find it in My learning too."),
        ]
        send_mail_later(
            key=key,
            to=person.email or "",
            template="note",
            context={
                "subject": _("Please read and sign: %(title)s") % {"title": edition.title},
                "paragraphs": [words for words in paragraphs if words],
                "url": settings.SITE_ORIGIN + path,
                "office": edition.training.owner,
            },
            language=language,
        )
