"""Learning plans for tests, through the real publishing."""

import itertools
from typing import Any

from wagtail.models import Page

from courses.models import PlanPage
from lms.pages.models import CataloguePage
from lms.trainings.models import Training, TrainingPage
from tests.factories.people import make_office

_numbers = itertools.count(1)


def make_plan(
    parts: list[TrainingPage | Training], *, optional: tuple[int, ...] = (), **fields: Any
) -> PlanPage:
    """A published plan of these parts in this order; `optional` counts them from 0."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "title": f"Plan {number}",
        "slug": f"plan-{number}",
        "summary": "Several trainings.",
        "audiences": ["public"],
        "minutes": 90,
        "live": False,
    }
    page = PlanPage(office=fields.pop("office", None) or make_office(), **{**defaults, **fields})
    page.items = PlanPage._meta.get_field("items").to_python(
        [_item(part, required=place not in optional) for place, part in enumerate(parts)]
    )
    Page.objects.get(pk=CataloguePage.objects.get().pk).add_child(instance=page)
    page.save_revision().publish()
    return PlanPage.objects.get(pk=page.pk)


def _item(part: TrainingPage | Training, *, required: bool) -> dict[str, Any]:
    if isinstance(part, Training):
        return {"type": "outside", "value": {"training": str(part.key), "required": required}}
    return {"type": "training", "value": {"page": part.pk, "required": required}}


def training_of_plan(page: PlanPage) -> Training:
    """The training of a published plan."""
    return Training.objects.get(key=page.translation_key)
