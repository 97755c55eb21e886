"""Who is in the middle of a course, in which version, at which step: what its editor sees."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from courses.changes import changes
from courses.models import CoursePage, EnrolmentMove
from courses.selectors import where
from courses.services.moving import UNDO_WITHIN, under_way
from courses.services.publishing import build_spec
from lms.trainings.models import TrainingVersion


@dataclass(frozen=True)
class VersionGroup:
    """The people in one version: how many wait at which step, in the outline's order."""

    version: TrainingVersion
    is_in_force: bool
    people: int
    steps: list[tuple[str, int]]


def changes_for_people(page: CoursePage) -> list[str]:
    """What publishing `page` as it is now changes for people, against its version in force."""
    if page.version_in_force is None:
        return []
    return changes(page.version_in_force.spec, build_spec(page))


def groups(page: CoursePage) -> list[VersionGroup]:
    """The people under way by version, the newest first; counts only, never who."""
    counts: dict[int, Counter[str]] = {}
    versions: dict[int, TrainingVersion] = {}
    for enrolment in under_way(page).with_standing().order_by("version__number"):
        following = where(enrolment).next_step
        versions[enrolment.version_id] = enrolment.version
        counts.setdefault(enrolment.version_id, Counter())[following.key if following else ""] += 1
    return [
        VersionGroup(
            version=versions[pk],
            is_in_force=pk == page.version_in_force_id,
            people=counts[pk].total(),
            steps=_in_order(versions[pk], counts[pk]),
        )
        for pk in reversed(list(counts))
    ]


def _in_order(version: TrainingVersion, counts: Counter[str]) -> list[tuple[str, int]]:
    titles = {step["key"]: step["title"] for step in version.spec["outline"]}
    titles[""] = _("Nothing left to do in the steps")
    return [(title, counts[key]) for key, title in titles.items() if counts[key]]


@dataclass(frozen=True)
class LateMove:
    """A move of the last day that can still be undone."""

    batch: str
    moved_at: datetime
    people: int


def late_moves(page: CoursePage, now: datetime) -> list[LateMove]:
    """What was moved within a day and not undone, the newest first."""
    found: dict[str, LateMove] = {}
    moves = EnrolmentMove.objects.filter(
        enrolment__training__key=page.translation_key,
        enrolment__language=page.locale.language_code,
        moved_at__gte=now - UNDO_WITHIN,
        undoes=None,
        undone_by=None,
    )
    for batch, moved_at in moves.order_by("-moved_at").values_list("batch", "moved_at"):
        before = found.get(str(batch))
        found[str(batch)] = LateMove(str(batch), moved_at, (before.people if before else 0) + 1)
    return list(found.values())
