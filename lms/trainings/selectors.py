"""Reading trainings."""

from datetime import datetime

from django.db.models import Q
from wagtail.models import Page

from lms.trainings.models import Training, TrainingPage, TrainingVersion, VersionInForce


def version_in_force(training: Training, at: datetime | None = None) -> TrainingVersion | None:
    """The version the training's newest publication gave, now or at the moment `at`.

    None where nothing was published by then.
    """
    rows = VersionInForce.objects.filter(training=training)
    if at is not None:
        rows = rows.filter(since__lte=at)
    last = rows.select_related("version").order_by("-id").first()
    return last.version if last else None


def is_held_to(page: Page) -> bool:
    """Whether the page, or one below it, was ever published and stands for a frozen training.

    A translation that is still a draft shares the training, but nobody was held to it.
    """
    below = TrainingPage.objects.descendant_of(page, inclusive=True).filter(
        Q(live=True) | Q(first_published_at__isnull=False)
    )
    return TrainingVersion.objects.filter(
        training__key__in=below.values("translation_key")
    ).exists()
