"""Coming back, and moving to another facility of the company. Each is one transaction."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.core.time import long_date
from lms.people.enums import Post
from lms.people.models import Employment, Organization, Person
from lms.people.services import employ, end_employment


@transaction.atomic
def hire_again(
    *,
    employment: Employment,
    started_on: date,
    number: str = "",
    post: Post = Post.OTHER,
    guest_contact: bool = True,
    no_contact_reason: str = "",
    sent_by: str = "",
    actor: Person | None,
    now: datetime | None = None,
) -> Employment:
    """Somebody who left is hired anew: a new employment of the same person, with a new clock.

    Raises Refused for somebody who works here ("already_employed"), and as `employ` does.
    """
    employment = lock(employment)
    here = Employment.objects.of(employment.person).filter(
        organization=employment.organization_id, ended_on__isnull=True
    )
    if here.exists():
        raise Refused(
            _("%(name)s works here already.") % {"name": employment.person},
            code="already_employed",
        )
    return employ(
        person=employment.person,
        organization=employment.organization,
        started_on=started_on,
        number=number.strip(),
        post=post,
        guest_contact=guest_contact,
        no_contact_reason=no_contact_reason.strip(),
        sent_by=sent_by.strip(),
        actor=actor,
        now=now,
    )


@transaction.atomic
def transfer(
    *,
    employment: Employment,
    to: Organization,
    first_day: date,
    number: str = "",
    post: Post = Post.OTHER,
    guest_contact: bool = True,
    no_contact_reason: str = "",
    actor: Person | None,
    now: datetime | None = None,
) -> Employment:
    """End here the day before, begin there on `first_day` (a New York calendar day): both or none.

    Each facility keeps its own record. Returns the employment there; a second time returns it
    again. Raises Refused for a facility of another company ("other_company"), for somebody who left
    ("already_left"), for a first day not after the hire date ("starts_too_early"), and as `employ`.
    """
    employment = lock(employment)
    place = employment.organization
    if place.parent_id is None or place.parent_id != to.parent_id or place.pk == to.pk:
        raise Refused(_("Choose another facility of the same company."), code="other_company")
    last_day = first_day - timedelta(days=1)
    mine = Employment.objects.of(employment.person)
    there = mine.filter(organization=to, started_on=first_day).first()
    if there and employment.ended_on == last_day:
        return there
    if employment.ended_on is not None:
        raise Refused(
            _("%(name)s has left already, on %(day)s.")
            % {"name": employment.person, "day": long_date(employment.ended_on)},
            code="already_left",
        )
    if first_day <= employment.started_on:
        raise Refused(
            _("The first day there must be after the hire date here, %(day)s.")
            % {"day": long_date(employment.started_on)},
            code="starts_too_early",
        )
    if mine.filter(organization=to, ended_on__isnull=True).exists():
        raise Refused(
            _("%(name)s works there already.") % {"name": employment.person},
            code="already_employed",
        )
    end_employment(employment=employment, ended_on=last_day, actor=actor, now=now)
    begun = employ(
        person=employment.person,
        organization=to,
        started_on=first_day,
        number=number.strip(),
        post=post,
        guest_contact=guest_contact,
        no_contact_reason=no_contact_reason.strip(),
        sent_by=employment.sent_by,
        actor=actor,
        now=now,
    )
    audit.record("employment.transferred", employment, actor=actor, now=now, to=begun.pk)
    return begun
