"""Learning plans for tests, through the real publishing."""

import itertools
from typing import Any

from wagtail.models import Page

from courses import services
from courses.models import OutsideProof, PlanEnrolment, PlanPage
from lms.core.time import new_york_today
from lms.pages.models import CataloguePage
from lms.portal.demo.load_plans import ELSEWHERE
from lms.trainings.enums import TrainingKind
from lms.trainings.models import Training, TrainingPage
from lms.trainings.selectors import version_in_force
from tests.factories.people import make_office
from tests.factories.steps import pdf

_numbers = itertools.count(1)


Said = dict[str, Any]


def make_plan(
    parts: list[TrainingPage | Training | Said], *, optional: tuple[int, ...] = (), **fields: Any
) -> PlanPage:
    """A published plan of these parts in this order; `optional` counts them from 0.

    A dict is what the page says of an outside training of its own.
    """
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


def _item(part: TrainingPage | Training | Said, *, required: bool) -> dict[str, Any]:
    if isinstance(part, TrainingPage):
        return {"type": "training", "value": {"page": part.pk, "required": required}}
    said = part if isinstance(part, dict) else {"training": str(part.key)}
    where = {"provider": "The State", "address": "https://example.org/course"}
    return {"type": "outside", "value": {"required": required, **where, **said}}


def training_of_plan(page: PlanPage) -> Training:
    """The training of a published plan."""
    return Training.objects.get(key=page.translation_key)


def part_elsewhere(page: PlanPage) -> Training:
    """The outside training of a published plan that has one."""
    version = version_in_force(training_of_plan(page))
    assert version is not None
    [item] = [item for item in version.spec["items"] if item["kind"] == TrainingKind.OUTSIDE]
    return Training.objects.get(key=item["training"])


def send_part_proof(enrolment: PlanEnrolment, training: Training, **fields: Any) -> OutsideProof:
    """The person sends a proof of the outside part."""
    defaults = {"upload": pdf(), "finished_on": new_york_today(), "actor": enrolment.person}
    return services.send_part_proof(
        enrolment=enrolment, training=training, **{**defaults, **fields}
    )


def demo_part() -> dict[str, Any]:
    """What names the demo's plan and its own outside part in an address."""
    plan = Training.objects.get(kind=TrainingKind.PLAN)
    return {"key": plan.key, "part": Training.objects.get(title=ELSEWHERE["title"]).key}
