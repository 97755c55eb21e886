"""Why a completion of somebody's record counts, for the office whose training it is."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from lms.portal.desk.access import desk_view, frame
from lms.portal.desk.people.reach import record_of
from lms.portal.desk.people.views import found_by, url_about
from lms.portal.my.views_why import in_words


@require_safe
@desk_view
def why(request: HttpRequest, pk: int, completion: UUID) -> HttpResponse:
    """A completion of the reader's offices, also one that was taken back."""
    person, address = found_by(request, pk)
    found = get_object_or_404(record_of(request.user, person), pk=completion)
    context = {
        **frame("people"),
        "person": person,
        "back_url": url_about("person", person, address),
        **in_words(found),
    }
    return render(request, "desk/people/why.html", context)
