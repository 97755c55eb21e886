"""The style guide: every component on one page. Routed in the trial only."""

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache

from lms.core.styleguide import specimens
from lms.core.styleguide_samples import SampleForm


@never_cache
def styleguide(request: HttpRequest) -> HttpResponse:
    """Draws each component with its samples, and a form without and with errors."""
    shown = [
        {
            "specimen": specimen,
            "samples": [render_to_string(specimen.template, sample) for sample in specimen.samples],
        }
        for specimen in specimens(get_token(request))
    ]
    context = {
        "shown": shown,
        "form": SampleForm(auto_id="plain_%s"),
        "wrong_form": SampleForm({"email": "no address", "role": "desk"}, auto_id="wrong_%s"),
    }
    return render(request, "core/styleguide.html", context)
