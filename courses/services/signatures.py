"""Documents to read and sign: their versions, and people's signatures under them."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.models import (
    DocumentEdition,
    DocumentPage,
    DocumentSignature,
    DocumentText,
    Enrolment,
)
from courses.selectors import where
from courses.services.enrolments import evaluate
from courses.services.steps import demand_open, note_done
from courses.shown import document_text
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.people.models import Person
from lms.trainings.models import Training


@transaction.atomic
def record_edition(
    *,
    training: Training,
    page: DocumentPage,
    actor: Person | None,
    now: datetime | None = None,
) -> DocumentEdition:
    """What the published `page` says is a version of the document; made if its number is new.

    A new number asks everybody again who signed an older one: they find it in My learning, and
    `document_news` writes to them when it has settled. The same number
    again adds only a wording, in the page's language.
    """
    now = now or timezone.now()
    edition, created = DocumentEdition.objects.get_or_create(
        training=training,
        document=page.translation_key,
        number=page.number,
        defaults={
            "title": page.title,
            "what_changed": page.what_changed,
            "recorded_at": now,
            "author": actor,
        },
    )
    if created:
        audit.record("document.published", edition, actor=actor, now=now, number=edition.number)
    locale = page.locale.language_code
    last = edition.texts.filter(locale=locale).last()
    if last is None or last.revision_id != page.live_revision_id:
        DocumentText.objects.create(
            edition=edition, locale=locale, revision_id=page.live_revision_id, recorded_at=now
        )
    return edition


@transaction.atomic
def sign_document(
    *,
    enrolment: Enrolment,
    step_key: str,
    edition: int,
    name: str,
    actor: Person | None,
    now: datetime | None = None,
) -> DocumentSignature:
    """Sign the version with the id `edition`, which is the one the person has read.

    Signing twice is signing once. Completes the course if it was the last thing; after the course
    is completed, a new version may still be signed. Raises Refused while the step is locked,
    without a name, and when a newer version was published meanwhile.
    """
    now = now or timezone.now()
    locked = lock(enrolment)
    there = DocumentSignature.objects.filter(
        enrolment=locked, step_key=step_key, edition=edition
    ).first()
    if there:
        return there
    step = demand_open(where(locked), step_key)
    if step.document is None:
        raise Refused(_("There is nothing to sign in this step."), code="no_document")
    if step.document.edition != edition:
        raise Refused(
            _("A newer version has been published meanwhile. Read it, and sign that one."),
            code="newer",
        )
    if not name.strip():
        raise Refused(_("Write your name to sign."), code="no_name")
    text = document_text(locked, step)
    if text is None:
        raise Refused(_("The document cannot be shown at the moment."), code="no_text")
    signature = DocumentSignature.objects.create(
        enrolment=locked,
        step_key=step_key,
        edition_id=edition,
        text=text,
        name=name.strip(),
        signed_at=now,
    )
    audit.record("document.signed", signature, actor=actor, now=now, edition=edition)
    note_done(locked, step_key, now)
    evaluate(enrolment=locked, actor=actor, now=now)
    return signature
