"""The course a worker opens on a phone: the published one that covers what the rule asks for."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Case, IntegerField, Value, When
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from courses.models import CoursePage
from lms.certificates.drawing import qr_code
from lms.compliance.enums import StandingState
from lms.compliance.rules import Rule
from lms.compliance.standing import Standing

# Who is still to take a training.
TO_TRAIN = {
    StandingState.OVERDUE,
    StandingState.DUE_SOON,
    StandingState.DUE,
    StandingState.RENEW_SOON,
}


def is_to_train(standing: Standing) -> bool:
    """Whether the course is for somebody who stands like this: never trained, or not for here."""
    return standing.state in TO_TRAIN or standing.must_train_again


@dataclass(frozen=True)
class CourseLink:
    """A course's title, its full address, and that address as a QR code (an SVG element)."""

    title: str
    address: str
    qr: SafeString


def page_for(rule: Rule) -> CoursePage | None:
    """The course in force with every topic of `rule`, in the reader's language if there is one.

    Found by topics, never by name, so that an office may replace it. Of several, the first by
    title; None where no published course covers the topics.
    """
    here = get_language() or settings.LANGUAGE_CODE
    order = Case(
        When(locale__language_code=here, then=Value(0)),
        When(locale__language_code=settings.LANGUAGE_CODE, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return (
        CoursePage.objects.live()
        .public()
        .filter(version_in_force__spec__topics__contains=sorted(rule.topic_codes))
        .order_by(order, "title", "pk")
        .first()
    )


def course_for(rule: Rule) -> CourseLink | None:
    """The same course as what a manager hands on: its title, address and QR code."""
    page = page_for(rule)
    parts = page.get_url_parts() if page else None
    if page is None or not parts or not parts[2]:
        return None
    address = f"{settings.SITE_ORIGIN}{parts[2]}"
    return CourseLink(title=page.title, address=address, qr=_drawn(address))


def _drawn(address: str) -> SafeString:
    """Black on white whatever the page's colors, with the quiet zone that phones need."""
    svg = qr_code(address).svg_inline(
        scale=4, border=4, dark="#000", light="#fff", svgclass=None, lineclass=None
    )
    return mark_safe(svg)
