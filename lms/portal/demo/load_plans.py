"""The demo's learning plan: an online course, a live session and, if one likes, one elsewhere."""

from django.conf import settings
from wagtail.models import Page

from courses.models import PlanPage
from lms.pages.models import CataloguePage
from lms.people.models import Organization, Person
from lms.portal.demo.load_facilities import OUTSIDE_TITLE
from lms.trainings.models import Training, TrainingPage

SLUG = "three-module-introduction"


def load_plan(*, admin: Person) -> None:
    """Make and publish the plan once; load courses, sessions and the outside program before."""
    if PlanPage.objects.filter(slug=SLUG).exists():
        return
    main = settings.LANGUAGE_CODE
    pages = {
        page.slug: page
        for page in TrainingPage.objects.filter(
            slug__in=["ctdb-elearning", "recognizing-signs"], locale__language_code=main
        )
    }
    page = PlanPage(
        title="Three-module introduction",
        slug=SLUG,
        summary=(
            "A foundation in three modules for everyone who meets children at risk: what "
            "trafficking is and how to screen, how to recognize signs, and, if you like, "
            "a view from lodging."
        ),
        office=Organization.objects.get(key="city-office"),
        audiences=["child_welfare", "law_enforcement", "professionals"],
        minutes=210,
        learn="<ul><li>Say what child trafficking is.</li><li>Notice signs without jumping to "
        "conclusions.</li><li>Know when to screen and where to turn.</li></ul>",
        credit_note="This plan gives no continuing-education credit.",
        contact_email="city-training@example.org",
        is_sample=True,
        live=False,
    )
    items = [
        {"type": "training", "value": {"page": pages["ctdb-elearning"].pk, "required": True}},
        {"type": "training", "value": {"page": pages["recognizing-signs"].pk, "required": True}},
    ]
    outside = Training.objects.filter(title=OUTSIDE_TITLE).first()
    if outside:
        value = {"training": str(outside.key), "required": False}
        items.append({"type": "outside", "value": value})
    page.items = PlanPage._meta.get_field("items").to_python(items)  # noqa: SLF001 - Django's own name
    catalogue = CataloguePage.objects.get(locale__language_code=main)
    Page.objects.get(pk=catalogue.pk).add_child(instance=page)
    page.save_revision(user=admin).publish(user=admin)
