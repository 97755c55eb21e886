"""Publishing, joining, completing and leaving a learning plan; what a revoked part does to one."""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.blocks import StreamValue

from courses.enums import EnrolmentStatus
from courses.models import PlanEnrolment, PlanPage
from courses.plan_outside import OUTSIDE, elsewhere_in, key_of
from courses.plan_selectors import Counted, PlanStanding, live_plan, plan_standing
from lms.completions.enums import SourceKind
from lms.completions.models import Completion
from lms.completions.services import record_completion, revoke_completion
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.core.time import new_york_date, short_date
from lms.people.models import Person
from lms.trainings.enums import TrainingKind
from lms.trainings.models import Training, TrainingVersion
from lms.trainings.selectors import version_in_force
from lms.trainings.services import freeze, identify
from lms.trainings.services.access import enter
from lms.trainings.services.outside import make_outside

logger = logging.getLogger("courses.plans")


def settle_plan_copy(*, source: PlanPage, copy: PlanPage, actor: Person | None) -> None:
    """After a copy: its own outside parts are new trainings, not those of the plan copied from.

    Their key is the block's id (OutsideItem), which a copy keeps. Does nothing for a translation,
    which is the same plan. Changes the copy's draft.
    """
    if copy.translation_key == source.translation_key:
        return
    draft = copy.get_latest_revision_as_object()
    parts = draft.items.get_prep_value()
    for part in parts:
        if part["type"] == OUTSIDE and not part["value"].get("training"):
            part["id"] = str(uuid4())
    draft.items = StreamValue(draft.items.stream_block, parts, is_lazy=True)
    draft.save_revision(user=actor, clean=False)
    PlanPage.objects.filter(pk=copy.pk).update(items=draft.items)
    copy.refresh_from_db()


def plan_problems(page: PlanPage) -> list[str]:
    """What keeps the plan from being published, one sentence each, for the editor."""
    problems: list[str] = []
    if len(page.items) < 2:
        problems.append(_("Give the plan at least two trainings."))
    seen: set[str] = set()
    for item in _items(page):
        if not item["training"] or not item["title"]:
            problems.append(_("Choose a training for every part."))
        elif item["kind"] == TrainingKind.OUTSIDE:
            problems += _problems_elsewhere(page, item)
        elif item["kind"] == TrainingKind.PLAN:
            problems.append(
                _("“%(title)s” is a plan itself; name its trainings instead.")
                % {"title": item["title"]}
            )
        else:
            problems += _problems_of(item)
        if item["training"] and item["training"] in seen:
            problems.append(_("“%(title)s” is in the plan twice.") % {"title": item["title"]})
        seen.add(item["training"])
    return problems


def _problems_elsewhere(page: PlanPage, item: dict[str, Any]) -> list[str]:
    """Whether people can find it, and whether it is not in the list under the same title."""
    named = {"title": item["title"]}
    problems = []
    said = elsewhere_in(page)[item["training"]]
    if not said.provider or not said.address:
        problems.append(_("Say who gives “%(title)s” and at what address it is taken.") % named)
    if Training.objects.filter(key=item["training"]).exists():
        return problems
    known = Training.objects.filter(kind=TrainingKind.OUTSIDE, owner=page.office)
    if known.filter(title__iexact=item["title"]).exists():
        problems.append(
            _("“%(title)s” is known already: choose it in the list, so that records agree.") % named
        )
    return problems


def _problems_of(item: dict[str, Any]) -> list[str]:
    """Whether a part is there for everybody; a plan would name a restricted one to anyone."""
    training = Training.objects.filter(key=item["training"]).first()
    if training is None:
        return [_("Publish “%(title)s” first.") % {"title": item["title"]}]
    if training.is_restricted:
        return [_("“%(title)s” is not open to everybody.") % {"title": item["title"]}]
    return []


def _items(page: PlanPage) -> list[dict[str, Any]]:
    """The parts as a version freezes them."""
    items, said = [], elsewhere_in(page)
    for block in page.items:
        if block.block_type == OUTSIDE:
            key = key_of(block)
            known = Training.objects.filter(key=key).first() if key else None
            title = said[key].title or (known.title if known else "")
            kind = TrainingKind.OUTSIDE.value
        else:
            chosen = block.value["page"]
            key = str(chosen.translation_key) if chosen else ""
            title = chosen.title if chosen else ""
            kind = chosen.specific.training_kind if chosen else ""
        items.append(
            {
                "training": key,
                "title": title,
                "kind": kind,
                "required": bool(block.value["required"]),
            }
        )
    return items


@transaction.atomic
def freeze_plan(
    *, page: PlanPage, actor: Person | None, now: datetime | None = None
) -> TrainingVersion | None:
    """Freeze the published plan for whoever joins from now on.

    A plan has neither topics nor credit of its own: what its trainings cover and give is on their
    own records. An outside training it names first is made here. A translation shares the training
    and freezes nothing while the main language has the page. Raises Refused with all problems, and
    then the page is not published either.
    """
    problems = plan_problems(page)
    if problems:
        raise Refused(" ".join(problems), code="not_publishable")
    training = identify(page=page, actor=actor, now=now)
    main = settings.LANGUAGE_CODE
    if page.locale.language_code != main and (
        page.get_translations().filter(locale__language_code=main, live=True).exists()
    ):
        return None
    for key, said in elsewhere_in(page).items():
        make_outside(office=page.office, title=said.title, key=UUID(key), actor=actor, now=now)
    spec: dict[str, Any] = {
        **page.common_spec(),
        "topics": [],
        # Its trainings give credit, each once (docs/decisions/0020).
        "credits": [],
        "approval": {},
        "items": _items(page),
    }
    if page.valid_months:
        spec["valid_months"] = page.valid_months
    return freeze(training=training, spec=spec, actor=actor, now=now)


@transaction.atomic
def join_plan(
    *,
    person: Person,
    training: Training,
    language: str = settings.LANGUAGE_CODE,
    actor: Person | None,
    now: datetime | None = None,
) -> PlanEnrolment:
    """Follow the plan in the version in force; what was done before counts at once.

    Whoever follows it goes on; whoever completed it, and whose completion stands, gets that back.
    Raises Refused "not_open" while the plan has no live page, "not_in_audience" for somebody it is
    not for.
    """
    now = now or timezone.now()
    person = person.canonical
    mine = PlanEnrolment.objects.visible_to(person).filter(training=training)
    known = (
        mine.active().first()
        or mine.completed().filter(completion__isnull=False, completion__revocation=None).first()
    )
    if known:
        return known
    enter(person=person, training=training, actor=actor, now=now)
    version = version_in_force(training)
    if version is None or live_plan(training) is None:
        raise Refused(
            _("This plan is not open at the moment. Ask %(office)s when it will be.")
            % {"office": training.owner},
            code="not_open",
        )
    enrolment = _begin(person, version, language=language, actor=actor, now=now)
    return evaluate_plan(enrolment=enrolment, actor=actor, now=now)


def _begin(
    person: Person, version: TrainingVersion, *, language: str, actor: Person | None, now: datetime
) -> PlanEnrolment:
    enrolment, created = PlanEnrolment.objects.get_or_create(
        person=person,
        training=version.training,
        status=EnrolmentStatus.ACTIVE,
        defaults={"version": version, "language": language, "started_at": now},
    )
    if created:
        audit.record("plan.joined", enrolment, actor=actor, now=now, version=version.number)
    return enrolment


@transaction.atomic
def leave_plan(
    *, enrolment: PlanEnrolment, actor: Person | None, now: datetime | None = None
) -> PlanEnrolment:
    """Follow the plan no more; what was done stays, and joining again finds it. Twice is once."""
    active = PlanEnrolment.objects.active().filter(pk=enrolment.pk)
    if active.update(status=EnrolmentStatus.WITHDRAWN):
        audit.record("plan.left", enrolment, actor=actor, now=now)
    enrolment.refresh_from_db()
    return enrolment


@transaction.atomic
def evaluate_plan(
    *, enrolment: PlanEnrolment, actor: Person | None = None, now: datetime | None = None
) -> PlanEnrolment:
    """Complete the plan if all that its version requires is done; the one place that decides.

    Safe to call at any time. The day is that of the last part, and not before the day of joining.
    """
    now = now or timezone.now()
    locked = lock(enrolment)
    if not locked.is_active:
        return locked
    today = new_york_date(now)
    standing = plan_standing(locked.person, locked.version, today)
    if not standing.is_finished:
        return locked
    joined_on = new_york_date(locked.started_at)
    days = [part.done.on for part in standing.needed if part.done]
    completion = record_completion(
        person=locked.person,
        version=locked.version,
        source_kind=SourceKind.PLAN,
        source_key=str(locked.pk),
        occurred_on=max([joined_on, *days]),
        evidence=_evidence(standing),
        language=locked.language,
        actor=actor,
        now=now,
    )
    locked.status = EnrolmentStatus.COMPLETED
    locked.completed_at = now
    locked.completion = completion
    locked.save(update_fields=["status", "completed_at", "completion"])
    audit.record("plan.completed", locked, actor=actor, now=now, completion=str(completion.pk))
    return locked


def _evidence(standing: PlanStanding) -> dict[str, Any]:
    """The parts it rests on, and one sentence that names them; and what the office did itself."""
    with translation.override(settings.LANGUAGE_CODE):
        titles = {item["training"]: item["title"] for item in standing.version.spec["items"]}
        named = [_named(titles[part.key], part.done) for part in standing.parts if part.done]
        why = ngettext(
            "Completed the %(count)s training of the plan: %(named)s.",
            "Completed the %(count)s trainings of the plan: %(named)s.",
            len(named),
        ) % {"count": len(named), "named": ", ".join(named)}
    return {
        "why": why,
        "version": standing.version.number,
        "parts": [
            {
                "training": part.key,
                "completion": part.done.id,
                "occurred_on": part.done.on.isoformat(),
                "waived": part.done.waived,
                "entered": part.done.entered,
            }
            for part in standing.parts
            if part.done
        ],
    }


def _named(title: str, done: Counted) -> str:
    """A part with its day; of what the office waived or entered by hand, that it did."""
    if done.waived:
        return _("%(title)s (waived by the office)") % {"title": title}
    day = short_date(done.on)
    if done.entered:
        return _("%(title)s (%(day)s, entered by the office)") % {"title": title, "day": day}
    return f"{title} ({day})"


@transaction.atomic
def follow_revocation(
    *, enrolment: PlanEnrolment, actor: Person | None = None, now: datetime | None = None
) -> PlanEnrolment | None:
    """A part of a completed plan may stand no more: then neither does the plan's completion.

    It is revoked, and a new enrolment in the same version goes on from what still stands; that one
    is returned. None where the plan still stands, by another completion of the same training.
    """
    now = now or timezone.now()
    locked = lock(enrolment)
    completion = locked.completion
    if completion is None or hasattr(completion, "revocation"):
        return None
    rests_on = [part["completion"] for part in completion.evidence.get("parts", [])]
    if not Completion.objects.filter(pk__in=rests_on, revocation__isnull=False).exists():
        return None
    assert locked.completed_at is not None  # noqa: S101 - it has a completion
    # Asked as of its day: a part's validity that has run out since takes nothing back.
    as_of = new_york_date(locked.completed_at)
    if plan_standing(locked.person, locked.version, as_of).is_finished:
        return None
    revoke_completion(
        completion=completion,
        reason="A training it rests on no longer stands.",
        actor=actor,
        now=now,
    )
    return _begin(
        locked.person.canonical, locked.version, language=locked.language, actor=actor, now=now
    )


def follow_person(*, person: Person, now: datetime | None = None) -> None:
    """See what a person's plans come to, after something in their record changed."""
    mine = PlanEnrolment.objects.visible_to(person)
    for enrolment in mine.completed().filter(completion__revocation=None):
        follow_revocation(enrolment=enrolment, now=now)
    for enrolment in mine.active():
        evaluate_plan(enrolment=enrolment, now=now)


def follow_all(*, within: timedelta | None = None, now: datetime | None = None) -> int:
    """Make good lost doorbells: everybody whose record changed `within` that time, or ever.

    Returns how many people were looked at. One that fails is logged and keeps no other waiting.
    """
    now = now or timezone.now()
    people = Person.objects.filter(plan_enrolments__isnull=False)
    if within:
        since = now - within
        changed = Completion.objects.filter(
            Q(recorded_at__gte=since) | Q(revocation__revoked_at__gte=since)
        )
        people = people.filter(
            Q(pk__in=changed.values("person"))
            | Q(pk__in=changed.values("person__canonical_person"))
        )
    looked_at = 0
    for person in people.distinct().order_by("pk").iterator(200):
        try:
            follow_person(person=person, now=now)
            looked_at += 1
        except Exception:
            logger.exception("Looking at the plans of person %s failed", person.pk)
    return looked_at
