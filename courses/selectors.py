"""Where somebody stands in a course: the one answer for the player, My learning and staff alike."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import OuterRef, Subquery, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import ngettext
from wagtail.models import Page

from courses import reads
from courses.enums import EnrolmentStatus, Scoring, StepKind, StepState
from courses.kinds import AttemptResult, DocumentStanding, ProofStanding, kind_of
from courses.locks import closed, gate, no_try
from courses.models import (
    Attempt,
    CoursePage,
    Enrolment,
    LessonPage,
    Question,
    QuestionVersion,
    StepPage,
    StepProgress,
)
from courses.requirements import Requirement, active_minutes_left, requirements
from courses.results import tries_of
from courses.set_aside import counting
from courses.timing import NO_LIMITS, Timing
from courses.topics import map_of, named
from lms.trainings.access import Reach, why_not
from lms.trainings.models import StepContent, Training, TrainingVersion


@dataclass(frozen=True)
class Step:
    """A step of somebody's course and how they stand with it.

    `reason` says in one sentence why a locked step is locked and what opens it. `number` counts
    from 1, `page` is the key of what it shows, `module` is {title, summary}. What only some kinds
    have is None or 0 for the others (courses.kinds). `asks_again`: something is to be
    done in it even after the course is completed.
    """

    key: str
    kind: StepKind
    title: str
    minutes: int
    required: bool
    number: int
    topics: tuple[str, ...]
    state: StepState
    reason: str = ""
    opened: bool = False
    module: Mapping[str, str] | None = None
    page: str = ""
    questions: int = 0
    pass_percent: int | None = None
    attempts_allowed: int | None = None
    attempts_used: int = 0
    attempt_in_progress: int | None = None
    last_attempt: AttemptResult | None = None
    timing: Timing = NO_LIMITS
    free_again: datetime | None = None
    active_seconds: int = 0
    seen_at: datetime | None = None
    played: tuple[int | None, int] = (None, 0)
    document: DocumentStanding | None = None
    asks_again: bool = False
    proof: ProofStanding | None = None
    scoring: str = Scoring.ALL_OR_NOTHING

    @property
    def is_test(self) -> bool:
        return self.kind.is_test

    @property
    def must_pass_first(self) -> bool:
        """Whether it is a pre-test with a pass mark; without one, taking it is enough."""
        return self.kind == StepKind.PRE_TEST and self.pass_percent is not None

    @property
    def waits(self) -> bool:
        """Whether it is somebody else's turn."""
        return bool(self.proof and self.proof.waits)

    @property
    def is_done(self) -> bool:
        return self.state == StepState.DONE

    @property
    def is_locked(self) -> bool:
        return self.state == StepState.LOCKED


@dataclass(frozen=True)
class Outline:
    """A person's course: its steps in order, what comes next, how long it still takes.

    `outside` says why none of it opens any more to somebody whom the course is no longer for.
    """

    enrolment: Enrolment
    title: str
    steps: tuple[Step, ...]
    requirements: tuple[Requirement, ...] = ()
    outside: str = ""

    @property
    def next_step(self) -> Step | None:
        """Where to go on: the step seen last, else the next one after it that is open, else any.

        A step that waits for the office comes only when nothing else can be done. None when nothing
        can be done in a step.
        """
        if not self.enrolment.is_active:
            return None
        seen = [(step.seen_at, step.number) for step in self.steps if step.seen_at]
        first = max(seen)[1] - 1 if seen else 0
        ordered = [*self.steps[first:], *self.steps[:first]]
        opened = [step for step in ordered if step.state == StepState.OPEN]
        return next((step for step in opened if not step.waits), opened[0] if opened else None)

    @property
    def next_requirement(self) -> Requirement | None:
        """What is asked for now besides the steps, when no step is left to do."""
        if not self.enrolment.is_active or not self.steps_done:
            return None
        return next((asked for asked in self.requirements if not asked.is_met), None)

    @property
    def waits(self) -> bool:
        """Whether no open step is what comes next: then `not_yet` says what does, and why."""
        following = self.next_step
        return following is None or following.waits or self.next_requirement is not None

    @property
    def not_yet(self) -> str:
        """Why it is not completed and what to do next, for learner and staff alike; else empty."""
        if self.enrolment.status == EnrolmentStatus.COMPLETED:
            return ""
        shut = closed(self.enrolment) or self.outside
        if shut:
            return shut
        if self.next_requirement:
            return self.next_requirement.reason
        if self.next_step is None:
            return next((step.reason for step in self.steps if step.reason), "")
        if self.next_step.waits:
            return kind_of(self.next_step.kind).note(self.next_step)
        return self._next_in_words(self.next_step)

    def _next_in_words(self, step: Step) -> str:
        if step.must_pass_first:
            wording = ngettext(
                "Not yet: %(done)s of %(total)s step is done; next, pass “%(title)s” with "
                "%(percent)s percent right.",
                "Not yet: %(done)s of %(total)s steps are done; next, pass “%(title)s” with "
                "%(percent)s percent right.",
                len(self.steps),
            )
        else:
            wording = ngettext(
                "Not yet: %(done)s of %(total)s step is done; next is “%(title)s”.",
                "Not yet: %(done)s of %(total)s steps are done; next is “%(title)s”.",
                len(self.steps),
            )
        return wording % {
            "done": sum(step.is_done for step in self.steps),
            "total": len(self.steps),
            "title": step.title,
            "percent": step.pass_percent,
        }

    @property
    def minutes_left(self) -> int:
        """What the required steps that are not done take, by the course's own estimate.

        Never less than what is missing of the minutes the course asks for.
        """
        steps = sum(step.minutes for step in self.steps if step.required and not step.is_done)
        return max(steps, active_minutes_left(self.rules, self.active_seconds))

    @property
    def rules(self) -> dict[str, Any]:
        """What the version asks for besides its steps."""
        return dict(self.enrolment.version.spec.get("rules", {}))

    @property
    def active_seconds(self) -> int:
        """The time spent with the course."""
        return sum(step.active_seconds for step in self.steps)

    @property
    def asks_again(self) -> list[Step]:
        """What is to be done after the course is completed too: new versions, surveys."""
        return [step for step in self.steps if step.asks_again]

    @property
    def done_count(self) -> int:
        """How much of the steps and of what is asked besides them is done."""
        return sum(step.is_done for step in self.steps) + sum(r.is_met for r in self.requirements)

    @property
    def total_count(self) -> int:
        """The steps, and what is asked besides them."""
        return len(self.steps) + len(self.requirements)

    @property
    def again(self) -> list[Step]:
        """The steps to do again, because the office changed what they ask for."""
        return [s for s in self.steps if s.key in self.enrolment.set_aside and not s.is_done]

    @property
    def needed(self) -> list[Step]:
        """The steps that completing takes; a course of optional steps needs all of them."""
        return [step for step in self.steps if step.required] or list(self.steps)

    @property
    def steps_done(self) -> bool:
        """Whether all needed steps are done."""
        return all(step.is_done for step in self.needed)

    @property
    def is_finished(self) -> bool:
        """Whether all that the version asks for is done."""
        return self.steps_done and all(asked.is_met for asked in self.requirements)

    def step(self, key: str) -> Step | None:
        """The step with this key."""
        return next((step for step in self.steps if step.key == key), None)

    def before(self, step: Step) -> Step | None:
        """The step shown before `step`."""
        return self.steps[step.number - 2] if step.number > 1 else None

    def after(self, step: Step) -> Step | None:
        """The step shown after `step`."""
        return self.steps[step.number] if step.number < len(self.steps) else None


def where(enrolment: Enrolment, reach: Reach | None = None, now: datetime | None = None) -> Outline:
    """How `enrolment` stands, from its frozen version and what was done.

    Two queries, one more where the rules ask for the learner's own word; none for enrolments read
    `with_standing()`. A restricted course asks in addition whether it is still for the person;
    lists read the `reach` once. Reasons are in the active language.
    """
    outside = _outside(enrolment, reach)
    now = now or timezone.now()
    known = getattr(enrolment, "_prefetched_objects_cache", {})
    rows = known.get("progress")
    if rows is None:
        rows = reads.progress_of(enrolments=[enrolment.pk])
    progress = {row.step_key: row for row in rows}
    attempts: dict[str, list[Attempt]] = {}
    for attempt in tries_of(enrolment):
        attempts.setdefault(attempt.step_key, []).append(attempt)
    steps: list[Step] = []
    for frozen in enrolment.version.spec["outline"]:
        key = frozen["key"]
        row, tries = counting(enrolment, key, progress.get(key), attempts.get(key, []))
        step = _facts(enrolment, frozen, len(steps) + 1, row, tries)
        if not step.is_done and (outside or not step.asks_again):
            reason = (
                outside or closed(enrolment) or gate(frozen, steps) or no_try(enrolment, step, now)
            )
            if reason:
                step = replace(step, state=StepState.LOCKED, reason=reason)
        steps.append(step)
    outline = Outline(
        enrolment=enrolment,
        title=enrolment.version.spec["title"],
        steps=tuple(steps),
        outside=outside,
    )
    if not outline.rules:
        return outline
    asked = requirements(
        outline.rules,
        active_seconds=outline.active_seconds,
        steps_done=outline.steps_done,
        attested=bool(outline.rules.get("attestation")) and hasattr(enrolment, "own_word"),
    )
    return replace(outline, requirements=asked)


def _outside(enrolment: Enrolment, reach: Reach | None) -> str:
    """Why the course is no longer for the person; nothing while it is."""
    training = enrolment.training
    if not training.is_restricted or (reach and reach.covers(training)):
        return ""
    refusal = why_not(enrolment.person, training)
    return str(refusal) if refusal else ""


def _facts(
    enrolment: Enrolment,
    frozen: dict[str, Any],
    number: int,
    progress: StepProgress | None,
    attempts: list[Attempt],
) -> Step:
    """The step as done or open, before gates are asked."""
    kind = StepKind(frozen["kind"])
    return Step(
        key=frozen["key"],
        kind=kind,
        title=frozen["title"],
        minutes=frozen["minutes"],
        required=frozen["required"],
        number=number,
        topics=tuple(frozen["topics"]),
        opened=progress is not None,
        active_seconds=progress.active_seconds if progress else 0,
        seen_at=progress.seen_at if progress else None,
        played=(progress.played_file, progress.played_second) if progress else (None, 0),
        module=frozen.get("module"),
        page=frozen.get("page", ""),
        **kind_of(kind).facts(enrolment, frozen, progress, attempts),
    )


def step_content(enrolment: Enrolment, step_key: str) -> StepPage | None:
    """The step's page as the enrolment is pinned to it: the revision in force for its version.

    An unsaved page with its title and what it shows; one query. If no revision is recorded, the
    newest live page under that key takes its place; None if there is none either.
    """
    revision = reads.content_in_force.first(
        version=enrolment.version_id, step=step_key, language=enrolment.language
    )
    if revision:
        content, name = revision
        published: StepPage = apps.get_model("courses", name).as_published(content)
        return published
    keys = [s.get("page") for s in enrolment.version.spec["outline"] if s["key"] == step_key]
    live = Page.objects.live().filter(translation_key__in=[key for key in keys if key]).first()
    found = live.specific if live else None
    return found if isinstance(found, StepPage) else None


def prepare(enrolments: Iterable[Enrolment]) -> list[Enrolment]:
    """The enrolments with what the kinds of their steps read, so that `where` asks nothing more.

    One query more for each record that some of the courses need, and none that no course does.
    """
    found = list(enrolments)
    needed: dict[str, list[Enrolment]] = {}
    for enrolment in found:
        kinds = {step["kind"] for step in enrolment.version.spec["outline"]}
        for record in sorted({record for kind in kinds for record in kind_of(kind).records}):
            needed.setdefault(record, []).append(enrolment)
    for record, those in needed.items():
        prefetch_related_objects(those, record)
    return found


def lesson_content(enrolment: Enrolment, step_key: str) -> LessonPage | None:
    """The lesson as the enrolment is pinned to it (`step_content`)."""
    found = step_content(enrolment, step_key)
    return found if isinstance(found, LessonPage) else None


def open_page(training: Training, language: str) -> CoursePage | None:
    """The page with which one begins the course: in `language`, else the main one, else any.

    None while no live page of the course has a version in force.
    """
    pages = {page.locale.language_code: page for page in reads.open_pages(key=training.key)}
    return (
        pages.get(language) or pages.get(settings.LANGUAGE_CODE) or next(iter(pages.values()), None)
    )


def topics_wait(lesson: LessonPage) -> bool:
    """Whether the lesson names other topics than its course's version in force was frozen with."""
    course = CoursePage.objects.parent_of(lesson).select_related("version_in_force").first()
    if course is None or course.version_in_force is None:
        return False
    spec = course.version_in_force.spec
    for step in spec["outline"]:
        if step.get("page") == str(lesson.translation_key):
            return map_of([(step["key"], named(lesson.topics))]) != {
                topic: here
                for topic, rows in spec.get("topic_map", {}).items()
                if (here := [row for row in rows if row["step"] == step["key"]])
            }
    return False


def in_use(pages: Iterable[Page]) -> bool:
    """Whether one of the pages, or a page below it, was ever part of a published version."""
    for page in pages:
        below = Page.objects.descendant_of(page, inclusive=True)
        if (
            StepContent.objects.filter(page_id__in=below.values("pk")).exists()
            or CoursePage.objects.filter(pk__in=below, version_in_force__isnull=False).exists()
        ):
            return True
    return False


def changed_fields(wording: QuestionVersion, before: QuestionVersion | None) -> list[str]:
    """What a wording changed of the one before it, by the fields' names."""
    if before is None:
        return []
    fields = ("kind", "text", "choices", "explanation", "uses", "image", "image_alt")
    return [name for name in fields if getattr(wording, name) != getattr(before, name)]


@dataclass(frozen=True)
class Place:
    """A published test that draws a question."""

    version: TrainingVersion
    step: str
    wording: int
    in_force: bool


def where_used(question: Question) -> list[Place]:
    """The published tests that may draw the question, newest version first; three queries."""
    numbers = dict(question.versions.values_list("pk", "number"))
    pages = CoursePage.objects.filter(translation_key=question.course_key)
    in_force = set(pages.values_list("version_in_force", flat=True))
    versions = TrainingVersion.objects.filter(training__key=question.course_key)
    return [
        Place(version, step["title"], numbers[pk], version.pk in in_force)
        for version in versions.order_by("-number")
        for step in version.spec["outline"]
        for pk in (*step.get("pool", ()), *step.get("reflections", ()))
        if pk in numbers
    ]


def times_seen(enrolment: Enrolment) -> Counter[int]:
    """How often the person was asked each question of the training, by the question's id."""
    tries = reads.items_asked(enrolment.person, enrolment.training_id)
    return Counter(item["question"] for items in tries for item in items)


def newest_for(person_id: int, training_ids: Iterable[int]) -> dict[int, Enrolment]:
    """The person's newest enrolment in each of the trainings, ready for `where`; three queries."""
    newest = (
        Enrolment.objects.filter(person=person_id, training=OuterRef("training"))
        .order_by("-started_at", "-id")
        .values("pk")[:1]
    )
    found = Enrolment.objects.filter(
        person=person_id, training__in=list(training_ids), pk=Subquery(newest)
    ).with_standing()
    return {enrolment.training_id: enrolment for enrolment in prepare(found)}
