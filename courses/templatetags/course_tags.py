"""What a course's page shows besides its fields. Nothing here knows a reader."""

from django import template

from courses import wording
from courses.models import CoursePage

register = template.Library()


@register.simple_tag
def about_course(page: CoursePage) -> list[wording.Fact]:
    """The page's facts for a definition list."""
    return wording.about_course(page)


@register.simple_tag
def what_will_happen(page: CoursePage) -> list[str]:
    """The published course in a line; empty until it is published."""
    version = page.version_in_force
    return wording.what_will_happen(version.spec) if version else []


@register.simple_tag
def modules(page: CoursePage) -> list[wording.Module]:
    """The published course's modules with their parts; empty where it has none."""
    version = page.version_in_force
    return wording.modules(version.spec["outline"]) if version else []


@register.simple_tag
def how_long(minutes: int) -> str:
    """About how long the course takes, and that one may stop."""
    return wording.how_long(minutes)


@register.simple_tag
def topics_covered(page: CoursePage) -> list[wording.Covered]:
    """What the published course covers of the lists laws ask for, and where."""
    version = page.version_in_force
    return wording.topics_covered(version.spec) if version else []


@register.simple_tag
def outside_approvals(page: CoursePage) -> list[str]:
    """Who else approves registrations for a part of the published course."""
    version = page.version_in_force
    return wording.outside_approvals(version.spec["outline"]) if version else []
