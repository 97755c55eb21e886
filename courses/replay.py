"""A course's or a plan's completion gone through again (lms.completions.replay)."""

from django.utils.translation import gettext as _

from courses.checking import finding
from courses.enums import EnrolmentStatus
from courses.models import Enrolment, PlanEnrolment
from courses.plan_selectors import plan_standing
from courses.selectors import prepare, where
from lms.completions.enums import Answer, SourceKind
from lms.completions.models import Completion
from lms.completions.replay import Replayed, register
from lms.core.time import long_date, new_york_date


def announce() -> None:
    """Tell the registry; called when the room is ready."""
    register(SourceKind.ENROLMENT, replay_course)
    register(SourceKind.PLAN, replay_plan)


def replay_course(completion: Completion) -> Replayed | None:
    """Every step and requirement of the version the course was taken in."""
    rows = Enrolment.objects.filter(pk=completion.evidence.get("enrolment")).with_standing()
    found = prepare(rows)
    if not found:
        return None
    enrolment = found[0]
    outline = where(enrolment)
    if enrolment.status == EnrolmentStatus.COMPLETED:
        same = finding(enrolment) == ""
    else:
        same = outline.is_finished
    lines = [
        _("%(step)s: done on %(day)s")
        % {"step": step.title, "day": long_date(new_york_date(row.done_at))}
        for step in outline.steps
        for row in enrolment.progress.all()
        if row.step_key == step.key and row.done_at
    ]
    lines += [
        _("%(step)s: %(points)s of %(of)s points")
        % {
            "step": step.title,
            "points": f"{step.last_attempt.points:g}",
            "of": step.last_attempt.max_points,
        }
        for step in outline.steps
        if step.last_attempt and step.last_attempt.points is not None
    ]
    return _came_to(
        same,
        _("Version %(number)s of the course asks for all this, and all of it is done.")
        % {"number": enrolment.version.number},
        lines,
    )


def replay_plan(completion: Completion) -> Replayed | None:
    """Every part that the plan's version requires, as the record has it today."""
    enrolment = PlanEnrolment.objects.filter(pk=completion.source_key).select_related("version")
    found = enrolment.first()
    if found is None:
        return None
    standing = plan_standing(found.person, found.version, new_york_date(completion.recorded_at))
    titles = {item["training"]: item["title"] for item in found.version.spec["items"]}
    lines = [
        _("%(step)s: done on %(day)s") % {"step": titles[part.key], "day": long_date(part.done.on)}
        for part in standing.parts
        if part.done
    ]
    return _came_to(
        standing.is_finished,
        _("Version %(number)s of the plan asks for these, and all of them stand in the record.")
        % {"number": found.version.number},
        lines,
    )


def _came_to(same: bool, said: str, lines: list[str]) -> Replayed:
    if same:
        return Replayed(Answer.SAME, said, lines)
    return Replayed(
        Answer.DIFFERS,
        _("Today something is missing that counted then. Ask the office whose training it is."),
        lines,
    )
