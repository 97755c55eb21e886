"""A plan's facts as ready sentences; what is particular to a plan is its credit."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from courses.models import PlanPage
from courses.plan_selectors import PartOfPage
from courses.wording import Fact, about_course
from lms.core.time import new_york_today
from lms.trainings.accreditation import credit_of_pages
from lms.trainings.wording import credit_lines


def about_plan(page: PlanPage, parts: Sequence[PartOfPage]) -> list[Fact]:
    """What one asks before joining; the credit is that of its trainings, as far as confirmed."""
    credit = _credit(parts)
    term = _("Credit")
    return [
        {**fact, "text": credit} if credit and fact["term"] == term else fact
        for fact in about_course(page)
    ]


def _credit(parts: Sequence[PartOfPage]) -> str:
    """Which of the trainings give what; empty where none gives any."""
    pages = [part.page for part in parts if part.page]
    given = credit_of_pages(pages, day=new_york_today())
    lines = [
        _("%(training)s: %(credit)s")
        % {"training": page.title, "credit": "; ".join(credit_lines(given[page.pk]))}
        for page in pages
        if given[page.pk]
    ]
    if not lines:
        return ""
    once = _("Each training gives its credit once, with its own certificate; the plan adds none.")
    return f"{'. '.join(lines)}. {once}"
