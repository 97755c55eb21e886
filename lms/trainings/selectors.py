"""Reading trainings."""

from datetime import datetime

from lms.trainings.models import Training, TrainingVersion, VersionInForce


def version_in_force(training: Training, at: datetime | None = None) -> TrainingVersion | None:
    """The version the training's newest publication gave, now or at the moment `at`.

    None where nothing was published by then.
    """
    rows = VersionInForce.objects.filter(training=training)
    if at is not None:
        rows = rows.filter(since__lte=at)
    last = rows.select_related("version").order_by("-id").first()
    return last.version if last else None
