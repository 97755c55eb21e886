"""Why a completion in one's record counts: what it rests on, gone through again."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lms.completions.enums import Answer, SourceKind
from lms.completions.models import Completion
from lms.completions.replay import check_evidence, replay
from lms.core.time import new_york_date
from lms.people.models import Person

PILLS = {Answer.SAME: "ok", Answer.DIFFERS: "overdue"}


@require_safe
@never_cache
@login_required
def why(request: HttpRequest, completion: UUID) -> HttpResponse:
    """One's own completion; of what was taken back the evidence is shown no more."""
    person = request.user
    if not isinstance(person, Person):
        raise PermissionDenied
    found = get_object_or_404(
        Completion.objects.of(person)
        .filter(revocation__isnull=True)
        .select_related("training__owner", "version"),
        pk=completion,
    )
    return render(request, "portal/my/why.html", {"nav": {"current": "my"}, **in_words(found)})


def in_words(completion: Completion) -> dict[str, Any]:
    """What the page says of a completion that stands."""
    replayed = replay(completion)
    return {
        "completion": completion,
        "title": completion.version.spec["title"],
        "source": SourceKind(completion.source_kind).label,
        "why": completion.evidence.get("why", ""),
        "recorded_on": new_york_date(completion.recorded_at),
        "replayed": replayed,
        "pill": PILLS.get(replayed.answer, "quiet"),
        "evidence": check_evidence(completion),
    }
