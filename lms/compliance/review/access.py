"""A facility's record with its names: opened by a reviewer on a stated ground, for some days.

Every access and every opening is kept, the facility's managers read both, and they are told of an
access at once by mail.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.compliance.proof_models import FacilityProof
from lms.compliance.review import letters
from lms.compliance.review_models import Ground, Look, RecordAccess, RecordOpening
from lms.compliance.worksheet_models import Worksheet
from lms.compliance.worksheets.selectors import owners_for
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.core.time import new_york_date
from lms.people.enums import OrganizationKind
from lms.people.models import Organization, Person
from lms.people.state_office import reviewing_office

DAYS = 7


@transaction.atomic
def open_record(
    *,
    facility: Organization,
    ground: Ground,
    words: str,
    actor: Person,
    now: datetime | None = None,
) -> RecordAccess:
    """Let the reviewer read the facility's record for DAYS days; its managers are told at once.

    The same ground and words while the access is open are that access. Raises Refused for somebody
    who reviews for no office, for what is no facility, and without words.
    """
    now = now or timezone.now()
    words = " ".join(words.split())
    office = reviewing_office(actor)
    if office is None:
        raise Refused(_("Only reviewers of the state open a record."), code="not_a_reviewer")
    if facility.kind != OrganizationKind.FACILITY:
        raise Refused(_("Only a lodging facility has this record."), code="not_a_facility")
    if not words:
        raise Refused(
            _("Say more about the ground, for example the number of the inspection."), code="words"
        )
    lock(facility)
    said = {"facility": facility, "reviewer": actor, "ground": ground, "words": words}
    known = RecordAccess.objects.filter(**said, office=office, until__gt=now).first()
    if known:
        return known
    access = RecordAccess.objects.create(
        **said, office=office, begun_at=now, until=now + timedelta(days=DAYS)
    )
    audit.record(
        "record.access_begun",
        access,
        actor=actor,
        now=now,
        facility=facility.pk,
        office=office.pk,
        ground=ground.value,
    )
    letters.tell_of_access(access)
    return access


@transaction.atomic
def note_opening(
    *,
    access: RecordAccess,
    look: Look,
    as_of: date | None = None,
    proof: FacilityProof | None = None,
    worksheet: Worksheet | None = None,
    actor: Person,
    now: datetime | None = None,
) -> RecordOpening:
    """Note that something with names was opened, before it is shown.

    Raises Refused once the time is up, for somebody else's access, for a day to come, and for a
    scan or a worksheet that is not this facility's.
    """
    now = now or timezone.now()
    if access.reviewer_id != actor.pk or reviewing_office(actor) != access.office:
        raise Refused(_("Somebody else opened this record."), code="not_yours")
    if not access.is_open(now):
        raise Refused(
            _("The %(days)s days are over. Open the record again on a ground.") % {"days": DAYS},
            code="over",
        )
    if as_of and as_of > new_york_date(now):
        raise Refused(_("Choose today or an earlier day."), code="in_future")
    place = place_of(access)
    here = Organization.objects.one_place(place)
    if proof and not here.filter(pk=proof.facility_id).exists():
        raise Refused(_("This scan is another facility’s."), code="not_theirs")
    owners = owners_for(place)
    if worksheet and not owners.filter(pk=worksheet.organization_id).exists():
        raise Refused(_("This worksheet is another facility’s."), code="not_theirs")
    opening = RecordOpening.objects.create(
        access=access, look=look, as_of=as_of, proof=proof, worksheet=worksheet, opened_at=now
    )
    audit.record(
        "record.opened",
        access,
        actor=actor,
        now=now,
        facility=access.facility_id,
        look=look.value,
        as_of=as_of.isoformat() if as_of else "",
        proof=proof.pk if proof else None,
        worksheet=worksheet.pk if worksheet else None,
    )
    return opening


def place_of(access: RecordAccess) -> Organization:
    """The facility an access opens: of one that turned out to be another, that other."""
    return access.facility.canonical_organization or access.facility
