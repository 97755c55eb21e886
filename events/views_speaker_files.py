"""Photos, materials and recordings: each asks anew who may have it, so a withdrawal is a 404."""

from django.contrib.auth.decorators import login_required
from django.db.models.fields.files import FieldFile
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from events.models import Registration, Session
from events.selectors import is_open_to
from events.speaker_models import Presenting, SessionMaterial, SessionRecording, Speaker
from events.speakers import recording_of, shows_photo
from events.views import signed_in
from lms.core import ranges
from lms.trainings.access import why_not


@require_safe
@never_cache
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """The photo beside a name in one session, while it is allowed there; in no search engine.

    A restricted training's photos are for those who may know of the session.
    """
    rows = Presenting.objects.select_related("speaker", "session__training")
    found = get_object_or_404(rows, pk=pk)
    if not is_open_to(request.user, found.session) or not shows_photo(found):
        raise Http404
    return _picture(found.speaker.photo)


@require_safe
@never_cache
@login_required
def own_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody's own photo, to look at it."""
    return _picture(get_object_or_404(Speaker.objects.of(signed_in(request)), pk=pk).photo)


def _picture(kept: FieldFile) -> HttpResponse:
    if not kept:
        raise Http404
    kind = "image/jpeg" if str(kept.name).endswith(".jpg") else "image/png"
    try:
        with kept.open("rb") as file:
            response = HttpResponse(file.read(), content_type=kind)
    except FileNotFoundError as error:
        raise Http404 from error
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@login_required
def material(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file handed out in a session: to its owner and office, and by their seat to its people."""
    person, now = signed_in(request), timezone.now()
    rows = SessionMaterial.objects.select_related("presenting__session__training")
    found = rows.kept_by(person).filter(pk=pk).first()
    if found is None:
        found = get_object_or_404(rows.handed_out_to(person, now), pk=pk)
        if why_not(person, found.presenting.session.training, now):
            raise Http404
    return ranges.serve(
        request,
        found.file.storage,
        str(found.file.name),
        size=found.size,
        content_type="application/octet-stream",
        filename=f"{slugify(found.title) or 'material'}.{found.ending}",
        attachment=True,
    )


@require_safe
@never_cache
@login_required
def recording(request: HttpRequest, pk: int) -> HttpResponse:
    """To the recording: for people with a seat while everybody who spoke allows it.

    Who spoke may look at it before they decide.
    """
    person, now = signed_in(request), timezone.now()
    found = get_object_or_404(Session.objects.select_related("training"), pk=pk)
    kept = SessionRecording.objects.filter(session=found).first()
    own = Presenting.objects.visible_to(person).filter(session=found)
    if kept and any(row.is_confirmed for row in own):
        return HttpResponseRedirect(kept.url)
    seated = Registration.objects.of(person).live().filter(session=found).exists()
    shown = recording_of(found) if seated and not why_not(person, found.training, now) else None
    if shown is None:
        raise Http404
    return HttpResponseRedirect(shown.url)
