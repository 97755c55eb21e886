"""Publishing a course freezes what learners will be held to (DESIGN 4.6)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.blocks import StreamValue
from wagtail.models import Page

from courses.changes import changes
from courses.enums import Gate, StepKind
from courses.kinds import kind_of
from courses.models import CoursePage, DocumentPage, StepPage
from courses.outline import MODULE
from courses.services.bank import copy_bank
from courses.services.moving import move_under_way
from courses.services.signatures import record_edition
from courses.topics import map_of
from lms.core.exceptions import Refused
from lms.people.models import Person
from lms.trainings.models import TrainingVersion
from lms.trainings.services import freeze, identify, put_in_force


def publication_problems(page: CoursePage) -> list[str]:
    """What keeps the course from being published, one sentence each, for the editor."""
    problems: list[str] = []
    if next(page.steps(), None) is None:
        problems.append(_("Add at least one step to the outline."))
    if page.min_active_minutes and page.min_active_minutes > page.minutes:
        problems.append(
            _(
                "The course asks for at least %(least)s minutes but says that it takes %(length)s: "
                "change one of them."
            )
            % {"least": page.min_active_minutes, "length": page.minutes}
        )
    pre_test_seen = False
    for step in page.steps():
        if step.value["gate"] == Gate.PRE_TEST_TAKEN and not pre_test_seen:
            problems.append(
                _("“%(title)s” opens after the pre-test, but no pre-test comes before it.")
                % {"title": step.value["title"]}
            )
        pre_test_seen = pre_test_seen or step.block_type == StepKind.PRE_TEST
        if page.without_account and not kind_of(step.block_type).for_guests:
            problems.append(
                _(
                    "“%(title)s” needs a name, so the course cannot be taken without an account:"
                    " take the step out, or ask for an account."
                )
                % {"title": step.value["title"]}
            )
        problems += kind_of(step.block_type).problems(page, step.value)
    return [*problems, *page.credit_problems()]


def build_spec(page: CoursePage) -> dict[str, Any]:
    """All that a version freezes: the common part, the steps with their rules, the topic map."""
    outline: list[dict[str, Any]] = []
    places: list[tuple[str, list[dict[str, str]]]] = []
    module: dict[str, str] = {}
    for block in page.outline:
        value = block.value
        if block.block_type == MODULE:
            module = {"title": value["title"], "summary": value["summary"]}
            continue
        step_type = kind_of(block.block_type)
        covered = step_type.covered(page, value)
        places.append((value["key"], covered))
        frozen: dict[str, Any] = {
            "key": value["key"],
            "kind": block.block_type,
            "title": value["title"],
            "minutes": value["minutes"],
            "required": value["required"],
            "gate": value["gate"],
            "topics": sorted({*value["topics"], *(row["topic"] for row in covered)}),
            **step_type.freeze(page, value),
        }
        if module:
            frozen["module"] = module
        outline.append(frozen)
    topic_map = map_of(places)
    # Keys only where something is said: a course without such rules stays the version it was.
    rules = page.rules()
    return {
        **page.common_spec(),
        "topics": sorted({code for step in outline for code in step["topics"]}),
        "approval": _approval(page.approval),
        "outline": outline,
        **({"topic_map": topic_map} if topic_map else {}),
        **({"rules": rules} if rules else {}),
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

    Where its draft says so, people under way go on in it too (`moving.move_under_way`), unless
    only words differ.

    Unchanged content gives the version there is. Raises Refused with all problems, and then the
    page is not published either.
    """
    problems = publication_problems(page)
    if problems:
        raise Refused(" ".join(problems), code="not_publishable")
    before = page.version_in_force if page.takes_people_along else None
    training = identify(page=page, actor=actor, now=now)
    version = freeze(training=training, spec=build_spec(page), actor=actor, now=now)
    for step in page.steps():
        below = page.page_for(step.value)
        if below:
            _put_in_force(
                version, step_key=step.value["key"], course=page, page=below, actor=actor, now=now
            )
    if page.version_in_force_id != version.pk:
        CoursePage.objects.filter(pk=page.pk).update(
            version_in_force=version, takes_along_from=None
        )
        page.version_in_force, page.takes_along_from = version, None
    if before and changes(before.spec, version.spec):
        move_under_way(page=page, actor=actor, now=now)
    return version


@transaction.atomic
def put_step_in_force(*, page: StepPage, actor: Person | None, now: datetime | None = None) -> None:
    """A step's new wording reaches all who take the course's present version; older ones keep."""
    course = CoursePage.objects.parent_of(page).select_related("version_in_force__training").first()
    if course is None or course.version_in_force is None:
        return
    for step in course.version_in_force.spec["outline"]:
        if step.get("page") == str(page.translation_key):
            _put_in_force(
                course.version_in_force,
                step_key=step["key"],
                course=course,
                page=page,
                actor=actor,
                now=now,
            )


def _put_in_force(
    version: TrainingVersion,
    *,
    step_key: str,
    course: CoursePage,
    page: StepPage,
    actor: Person | None,
    now: datetime | None,
) -> None:
    put_in_force(
        version=version,
        step_key=step_key,
        locale=course.locale.language_code,
        page_id=page.pk,
        revision_id=page.live_revision_id,
        now=now,
    )
    if isinstance(page, DocumentPage):
        record_edition(training=version.training, page=page, actor=actor, now=now)


@transaction.atomic
def settle_copy(*, source: CoursePage, copy: CoursePage, actor: Person | None) -> None:
    """After a copy: its outline means its own pages, and it has its own bank of questions.

    Does nothing for a translation, which is the same training. Changes the copy's draft.
    """
    if copy.translation_key == source.translation_key:
        return
    theirs = dict(Page.objects.child_of(source).values_list("pk", "slug"))
    ours = dict(Page.objects.child_of(copy).values_list("slug", "pk"))
    draft = copy.get_latest_revision_as_object()
    steps = draft.outline.get_prep_value()
    for step in steps:
        chosen = step["value"].get("page")
        if chosen:
            step["value"]["page"] = ours.get(theirs.get(chosen, ""), chosen)
    draft.outline = StreamValue(draft.outline.stream_block, steps, is_lazy=True)
    draft.save_revision(user=actor, clean=False)
    CoursePage.objects.filter(pk=copy.pk).update(outline=draft.outline)
    copy.refresh_from_db()
    copy_bank(source_key=source.translation_key, target_key=copy.translation_key, actor=actor)
