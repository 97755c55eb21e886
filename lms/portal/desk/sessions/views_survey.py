"""What the people of a session said of it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from events import surveys, wall_time
from events.services.surveys import remove_comment
from lms.portal.desk.access import desk_view, frame
from lms.portal.desk.sessions.views import managed_session


@require_safe
@desk_view
def survey(request: HttpRequest, pk: int) -> HttpResponse:
    """Counts and comments, once five have answered."""
    found = managed_session(request, pk)
    context = {
        **frame("sessions"),
        "session": found,
        "when": wall_time.when(found.starts_at, found.ends_at, found.zone_info),
        "summary": surveys.summary(found),
    }
    return render(request, "desk/sessions/survey.html", context)


@require_POST
@desk_view
def remove(request: HttpRequest, pk: int, comment: UUID) -> HttpResponse:
    """Delete a comment's words: it names somebody, or tells of a case."""
    found = managed_session(request, pk)
    shown = surveys.summary(found).comments
    row = get_object_or_404(found.survey_comments, pk=comment if shown else None)
    remove_comment(comment=row, actor=request.user)  # type: ignore[arg-type]  # desk_view
    messages.success(request, _("Its words are deleted."))
    return redirect("desk_sessions:survey", pk=pk)
