"""Two employments of one person in one place never share a day."""

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from lms.core.exceptions import Refused
from lms.core.time import long_date
from lms.people.models import Employment, Organization, Person


def refuse_overlap(
    *,
    person: Person,
    organization: Organization,
    started_on: date,
    ended_on: date | None,
    besides: Employment | None = None,
) -> None:
    """Raise Refused ("overlaps") where another employment of the person here has one of the days.

    `besides` is the employment that is being changed.
    """
    others = Employment.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gte=started_on),
        person__in=Person.objects.one_with(person),
        organization=organization,
    )
    if ended_on:
        others = others.filter(started_on__lte=ended_on)
    if besides:
        others = others.exclude(pk=besides.pk)
    other = others.order_by("started_on").first()
    if other is None:
        return
    words = {"name": person, "first": long_date(other.started_on)}
    if other.ended_on is None:
        raise Refused(
            _("%(name)s works here since %(first)s, so these days would count twice.") % words,
            code="overlaps",
        )
    raise Refused(
        _("%(name)s already worked here from %(first)s to %(last)s. Give days outside of that.")
        % {**words, "last": long_date(other.ended_on)},
        code="overlaps",
    )
