"""Handing out pictures. Nothing of MEDIA_ROOT is served by anybody but this (operator's guide)."""

import mimetypes

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage

from lms.core import ranges
from lms.people.guests import learner_of
from lms.trainings.documents import is_public, may_see

# A picture anybody may see is kept by browsers and proxies so long, also after it was restricted.
PUBLIC_SECONDS = 3600
RENDITIONS, ORIGINALS = "images/", "original_images/"


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """A picture as pages show it; of a restricted training to those it is for, else 404.

    The upload itself is its editors' alone: it is larger than any page needs. Documents have
    Wagtail's own view, and everything else in the folder is nobody's.
    """
    image = _image(path)
    if image is None:
        raise Http404
    public = path.startswith(RENDITIONS) and is_public(image)
    if not public and not may_see(learner_of(request) or request.user, image):
        raise Http404
    if not default_storage.exists(path):
        raise Http404
    response = ranges.serve(
        request,
        default_storage,
        path,
        size=default_storage.size(path),
        content_type=mimetypes.guess_type(path)[0] or "application/octet-stream",
        filename=path.rpartition("/")[2],
    )
    if public:
        response["Cache-Control"] = f"public, max-age={PUBLIC_SECONDS}"
    return response


def _image(path: str) -> AbstractImage | None:
    """Whose file it is: a rendition's, or an upload."""
    model = get_image_model()
    if path.startswith(RENDITIONS):
        found: AbstractImage | None = model.objects.filter(renditions__file=path).first()
        return found
    if path.startswith(ORIGINALS):
        uploaded: AbstractImage | None = model.objects.filter(file=path).first()
        return uploaded
    return None
