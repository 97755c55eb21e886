"""A live session's completion gone through again (lms.completions.replay)."""

from django.utils.translation import gettext as _

from events.enums import Outcome
from events.models import Attendance
from lms.completions.enums import Answer, SourceKind
from lms.completions.models import Completion
from lms.completions.replay import Replayed, register


def announce() -> None:
    """Tell the registry; called when the room is ready."""
    register(SourceKind.REGISTRATION, replay_attendance)


def replay_attendance(completion: Completion) -> Replayed | None:
    """The minutes against the rule of that session, as they were when it was decided."""
    row = Attendance.objects.filter(pk=completion.evidence.get("attendance")).first()
    if row is None:
        return None
    lines = [_("The session was planned for %(count)s minutes.") % {"count": row.planned_minutes}]
    if row.minutes is None:
        return Replayed(
            Answer.RECORDED,
            _("The office noted who was there, without minutes. It is as the office recorded it."),
            lines,
        )
    lines.append(_("There for %(count)s minutes.") % {"count": row.minutes})
    lines.append(_("The rule asked for %(count)s minutes.") % {"count": row.min_minutes})
    if row.code_asked:
        lines.append(
            _("The code was typed in at the check-in.")
            if row.code_given
            else _("The code was not typed in at the check-in.")
        )
    newest = Attendance.objects.filter(registration=row.registration_id).latest("pk")
    same = (
        row.outcome == newest.outcome == Outcome.ATTENDED
        and row.minutes >= row.min_minutes
        and (row.code_given or not row.code_asked)
        and not row.came_late
        and completion.evidence.get("minutes_attended") == row.minutes
    )
    if same:
        return Replayed(Answer.SAME, _("The minutes meet the rule of that session."), lines)
    return Replayed(
        Answer.DIFFERS,
        _("Today something is missing that counted then. Ask the office whose training it is."),
        lines,
    )
