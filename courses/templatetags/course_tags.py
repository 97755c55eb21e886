"""What a course's page shows besides its fields. Nothing here knows a reader."""

from collections.abc import Sequence
from typing import Any

from django import template

from courses import plan_wording, reads, wording
from courses.models import CoursePage, PlanPage
from courses.plan_selectors import PartOfPage

register = template.Library()


def _spec(page: CoursePage) -> dict[str, Any] | None:
    """What the version in force says; read once for a page."""
    if page.version_in_force_id is None:
        return None
    if not CoursePage._meta.get_field("version_in_force").is_cached(page):  # noqa: SLF001
        page.version_in_force = reads.version_by_pk.first(pk=page.version_in_force_id)
    version = page.version_in_force
    return version.spec if version else None


@register.simple_tag
def about_course(page: CoursePage) -> list[wording.Fact]:
    """The page's facts for a definition list."""
    return wording.about_course(page)


@register.simple_tag
def about_plan(page: PlanPage, parts: Sequence[PartOfPage]) -> list[wording.Fact]:
    """The same for a plan, whose credit is that of its trainings."""
    return plan_wording.about_plan(page, parts)


@register.simple_tag
def what_will_happen(page: CoursePage) -> list[str]:
    """The published course in a line; empty until it is published."""
    spec = _spec(page)
    return wording.what_will_happen(spec) if spec else []


@register.simple_tag
def modules(page: CoursePage) -> list[wording.Module]:
    """The published course's modules with their parts; empty where it has none."""
    spec = _spec(page)
    return wording.modules(spec["outline"]) if spec else []


@register.simple_tag
def how_long(minutes: int) -> str:
    """About how long the course takes, and that one may stop."""
    return wording.how_long(minutes)


@register.simple_tag
def topics_covered(page: CoursePage) -> list[wording.Covered]:
    """What the published course covers of the lists laws ask for, and where."""
    spec = _spec(page)
    return wording.topics_covered(spec) if spec else []


@register.simple_tag
def outside_approvals(page: CoursePage) -> list[str]:
    """Who else approves registrations for a part of the published course."""
    spec = _spec(page)
    return wording.outside_approvals(spec["outline"]) if spec else []
