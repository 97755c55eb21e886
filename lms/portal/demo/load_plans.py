"""The demo's learning plan: a course, a live session, one elsewhere, and one more if one likes."""

from typing import Any

from django.conf import settings
from wagtail.models import Page

from courses.models import PlanPage
from lms.pages.models import CataloguePage
from lms.people.models import Organization, Person
from lms.portal.demo.load_facilities import OUTSIDE_TITLE
from lms.trainings.models import Training, TrainingPage

SLUG = "three-module-introduction"
# The city's own outside part: somebody else gives it, the city looks at the proof.
ELSEWHERE = {
    "title": "Trauma-informed conversations, a first hour",
    "text": "An hour on how to talk with somebody who has been harmed: slowly, plainly, without "
    "asking for the story.",
    "provider": "Statewide Learning Center (sample)",
    "address": "https://www.example.org/trauma-informed-conversations",
    "proof": "The certificate of completion, with your name and the day.",
    "provider_approves": True,
    "approval_note": "Register there with your work address; it takes about two working days.",
    "required": True,
}
FROM_THE_STATE = {
    "provider": "State Assistance Office (sample)",
    "address": "https://www.example.org/recognize-the-signs",
    "text": "Half an hour from the point of view of those who work in hotels.",
    "proof": "The certificate of completion, as a PDF or a picture.",
    "required": False,
}


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
            "trafficking is and how to screen, how to recognize signs, and how to talk. If you "
            "like, add a view from lodging."
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
    items: list[dict[str, Any]] = [
        {"type": "training", "value": {"page": pages["ctdb-elearning"].pk, "required": True}},
        {"type": "training", "value": {"page": pages["recognizing-signs"].pk, "required": True}},
    ]
    items.append({"type": "outside", "value": ELSEWHERE})
    outside = Training.objects.filter(title=OUTSIDE_TITLE).first()
    if outside:
        value = {**FROM_THE_STATE, "training": str(outside.key)}
        items.append({"type": "outside", "value": value})
    page.items = PlanPage._meta.get_field("items").to_python(items)  # noqa: SLF001 - Django's own name
    catalogue = CataloguePage.objects.get(locale__language_code=main)
    Page.objects.get(pk=catalogue.pk).add_child(instance=page)
    page.save_revision(user=admin).publish(user=admin)
