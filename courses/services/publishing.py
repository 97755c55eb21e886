"""Publishing a course freezes what learners will be held to (DESIGN 4.6)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.blocks import StreamValue

from courses.enums import Gate, StepKind
from courses.models import CoursePage, LessonPage, QuestionVersion
from courses.services.bank import copy_bank
from courses.topics import map_of, named
from lms.core.exceptions import Refused
from lms.people.models import Person
from lms.trainings.models import TrainingVersion
from lms.trainings.services import freeze, identify, put_in_force


def publication_problems(page: CoursePage) -> list[str]:
    """What keeps the course from being published, one sentence each, for the editor."""
    problems: list[str] = []
    if not len(page.outline):
        problems.append(_("Add at least one step to the outline."))
    pre_test_seen = False
    for step in page.outline:
        kind = StepKind(step.block_type)
        title = step.value["title"]
        if step.value["gate"] == Gate.PRE_TEST_TAKEN and not pre_test_seen:
            problems.append(
                _("“%(title)s” opens after the pre-test, but no pre-test comes before it.")
                % {"title": title}
            )
        if kind.is_test:
            pre_test_seen = pre_test_seen or kind == StepKind.PRE_TEST
            problems += _test_problems(page, kind, step.value)
            continue
        lesson = page.lesson_for(step.value)
        if lesson is None:
            problems.append(
                _("For “%(title)s”, choose a lesson that lies below this course.")
                % {"title": title}
            )
        elif lesson.live_revision_id is None:
            problems.append(_("Publish the lesson “%(lesson)s” first.") % {"lesson": lesson.title})
    return problems


def _test_problems(page: CoursePage, kind: StepKind, step: dict[str, Any]) -> list[str]:
    """Whether the bank has what the test draws."""
    available, wanted = len(_pool(page, kind, step)), step["draw"] or 1
    if available >= wanted:
        return []
    return [
        _("“%(title)s” draws %(wanted)s questions, but the bank has %(available)s for it.")
        % {"title": step["title"], "wanted": wanted, "available": available}
    ]


def _pool(page: CoursePage, kind: StepKind, step: dict[str, Any]) -> list[int]:
    """The wordings a test may draw from, as ids."""
    found = QuestionVersion.objects.pool(
        course_key=page.translation_key,
        language=page.locale.language_code,
        use=kind.value,
        objectives=list(step["objectives"]),
    )
    return sorted(found.values_list("pk", flat=True))


def build_spec(page: CoursePage) -> dict[str, Any]:
    """All that a version freezes: the common part, the steps with their rules, the topic map."""
    outline = []
    places: list[tuple[str, list[dict[str, str]]]] = []
    for step in page.outline:
        kind, value = StepKind(step.block_type), step.value
        frozen: dict[str, Any] = {
            "key": value["key"],
            "kind": kind.value,
            "title": value["title"],
            "minutes": value["minutes"],
            "required": value["required"],
            "gate": value["gate"],
            "topics": sorted(value["topics"]),
        }
        if kind.is_test:
            frozen["objectives"] = sorted(value["objectives"])
            frozen["pool"] = _pool(page, kind, value)
            frozen["draw"] = value["draw"] or len(frozen["pool"])
            frozen["pass_percent"] = value["pass_percent"]
            frozen["attempts"] = value["attempts"]
        else:
            frozen["page"] = str(value["page"].translation_key)
            lesson = page.lesson_for(value)
            covered = named(lesson.topics) if lesson else []
            places.append((value["key"], covered))
            frozen["topics"] = sorted({*value["topics"], *(row["topic"] for row in covered)})
        outline.append(frozen)
    topic_map = map_of(places)
    return {
        **page.common_spec(),
        "topics": sorted({code for step in outline for code in step["topics"]}),
        "approval": _approval(page.approval),
        "outline": outline,
        # Only where a lesson names something: what said nothing stays the version it was.
        **({"topic_map": topic_map} if topic_map else {}),
    }


def _approval(approval: StreamValue) -> dict[str, str]:
    """Who made or approved the program; empty where nobody has."""
    for block in approval:
        return {
            "basis": block.value["basis"],
            "by": block.value["by"],
            "link": block.value["link"] or "",
            "checked_on": block.value["checked_on"].isoformat(),
        }
    return {}


@transaction.atomic
def freeze_course(
    *, page: CoursePage, actor: Person | None, now: datetime | None = None
) -> TrainingVersion:
    """Freeze the published `page`; new learners begin with the version from now on.

    Unchanged content gives the version there is. Raises Refused with all problems, and then the
    page is not published either.
    """
    problems = publication_problems(page)
    if problems:
        raise Refused(" ".join(problems), code="not_publishable")
    training = identify(page=page, actor=actor, now=now)
    version = freeze(training=training, spec=build_spec(page), actor=actor, now=now)
    for step in page.outline:
        if step.block_type == StepKind.LESSON:
            lesson = page.lesson_for(step.value)
            if lesson:
                _put_in_force(version, step.value["key"], page, lesson, now)
    if page.version_in_force_id != version.pk:
        CoursePage.objects.filter(pk=page.pk).update(version_in_force=version)
        page.version_in_force = version
    return version


@transaction.atomic
def put_lesson_in_force(*, lesson: LessonPage, now: datetime | None = None) -> None:
    """A lesson's new wording reaches all who take the course's present version; older ones keep."""
    course = CoursePage.objects.parent_of(lesson).select_related("version_in_force").first()
    if course is None or course.version_in_force is None:
        return
    for step in course.version_in_force.spec["outline"]:
        if step.get("page") == str(lesson.translation_key):
            _put_in_force(course.version_in_force, step["key"], course, lesson, now)


def _put_in_force(
    version: TrainingVersion,
    step_key: str,
    course: CoursePage,
    lesson: LessonPage,
    now: datetime | None,
) -> None:
    put_in_force(
        version=version,
        step_key=step_key,
        locale=course.locale.language_code,
        page_id=lesson.pk,
        revision_id=lesson.live_revision_id,
        now=now,
    )


@transaction.atomic
def settle_copy(*, source: CoursePage, copy: CoursePage, actor: Person | None) -> None:
    """After a copy: its outline means its own lessons, and it has its own bank of questions.

    Does nothing for a translation, which is the same training. Changes the copy's draft.
    """
    if copy.translation_key == source.translation_key:
        return
    theirs = dict(LessonPage.objects.child_of(source).values_list("pk", "slug"))
    ours = dict(LessonPage.objects.child_of(copy).values_list("slug", "pk"))
    draft = copy.get_latest_revision_as_object()
    steps = draft.outline.get_prep_value()
    for step in steps:
        if step["type"] == StepKind.LESSON:
            chosen = step["value"]["page"]
            step["value"]["page"] = ours.get(theirs.get(chosen, ""), chosen)
    draft.outline = StreamValue(draft.outline.stream_block, steps, is_lazy=True)
    draft.save_revision(user=actor, clean=False)
    CoursePage.objects.filter(pk=copy.pk).update(outline=draft.outline)
    copy.refresh_from_db()
    copy_bank(source_key=source.translation_key, target_key=copy.translation_key, actor=actor)
