"""Where somebody stands in a learning plan: one answer for the plan's page and My learning."""

import calendar
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from courses.kinds import ProofStanding
from courses.models import PlanEnrolment, PlanPage
from courses.plan_outside import OUTSIDE, Elsewhere, elsewhere_in, key_of, proofs_for
from lms.completions.enums import SourceKind
from lms.completions.models import Completion
from lms.core.prepared import Prepared, given_person
from lms.core.time import new_york_date, short_date
from lms.people.models import Person
from lms.trainings.access import NOWHERE, reach_of
from lms.trainings.enums import TrainingKind
from lms.trainings.models import Training, TrainingPage, TrainingVersion


@dataclass(frozen=True)
class Counted:
    """The completion that counts for a part, and what it came from."""

    id: str
    on: date
    source: str

    @property
    def waived(self) -> bool:
        """Whether the office said that the part need not be taken."""
        return self.source == SourceKind.WAIVER

    @property
    def entered(self) -> bool:
        """Whether the office entered by hand that it was done."""
        return self.source == SourceKind.STAFF_ENTRY


@dataclass(frozen=True)
class Part:
    """A training of a plan and how somebody stands with it.

    `url` leads to its page, empty where it has none. `closed`: it is for others since the plan was
    published; its page, unless it is hidden, says how to get in. `taken_back`: it was done once and
    no longer stands. `too_old`: the day of what was done so long ago that it no longer counts.
    `proof`: of an outside training, the proof sent last.
    """

    key: str
    title: str
    kind: str
    required: bool
    url: str
    closed: bool = False
    done: Counted | None = None
    taken_back: bool = False
    too_old: date | None = None
    proof: ProofStanding | None = None

    @property
    def is_done(self) -> bool:
        return self.done is not None

    @property
    def is_outside(self) -> bool:
        """Whether it takes place elsewhere."""
        return self.kind == TrainingKind.OUTSIDE

    @property
    def waits(self) -> bool:
        """Whether the office has a proof of it to look at, and its person nothing to do."""
        return not self.is_done and self.proof is not None and self.proof.waits

    @property
    def note(self) -> str:
        """How it stands, in a few words."""
        notes = [] if self.required else [_("Optional")]
        if self.done and self.done.waived:
            notes.append(_("Waived by the office"))
        elif self.done:
            notes.append(_("Done %(day)s") % {"day": short_date(self.done.on)})
            if self.done.entered:
                notes.append(_("Entered by the office"))
        elif self.proof and (self.proof.waits or self.proof.refused):
            notes.append(self.proof.note.rstrip("."))
        elif self.taken_back:
            notes.append(_("What you had done was taken back and no longer counts"))
        elif self.too_old:
            day = {"day": short_date(self.too_old)}
            notes.append(_("Done %(day)s, which is too long ago to count") % day)
        return ". ".join(notes) if notes else str(TrainingKind(self.kind).label)


@dataclass(frozen=True)
class PlanStanding:
    """A person's plan: its parts in order, how many are done, what comes next."""

    version: TrainingVersion
    title: str
    parts: tuple[Part, ...]

    def part(self, training: Training) -> Part | None:
        """The part that is this training, if there is one."""
        return next((part for part in self.parts if part.key == str(training.key)), None)

    @property
    def needed(self) -> list[Part]:
        """The required parts; of a plan without any, all."""
        return [part for part in self.parts if part.required] or list(self.parts)

    @property
    def done_count(self) -> int:
        return sum(part.is_done for part in self.needed)

    @property
    def total(self) -> int:
        return len(self.needed)

    @property
    def is_finished(self) -> bool:
        return bool(self.parts) and all(part.is_done for part in self.needed)

    @property
    def next_part(self) -> Part | None:
        """The first needed part that is not done; one that waits for the office comes last."""
        missing = [part for part in self.needed if not part.is_done]
        return min(missing, key=lambda part: part.waits, default=None)

    @property
    def progress(self) -> str:
        """How far it is: "2 of 3 done"."""
        return ngettext("%(done)s of %(total)s done", "%(done)s of %(total)s done", self.total) % {
            "done": self.done_count,
            "total": self.total,
        }

    @property
    def next_text(self) -> str:
        """What to do next, or what is waited for."""
        if self.next_part is None:
            return ""
        if self.next_part.waits and self.next_part.proof:
            return self.next_part.proof.note
        return _("Next: %(title)s.") % {"title": self.next_part.title}


def months_before(day: date, months: int) -> date:
    """The same day of the month so many months earlier, or the month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def plan_standing(person: Person, version: TrainingVersion, as_of: date) -> PlanStanding:
    """How `person` stands in this version of a plan on a day.

    Three queries, and one more where a part takes place elsewhere.
    """
    return plan_standings(person, [version], as_of)[0]


def plan_standings(
    person: Person, versions: Iterable[TrainingVersion], as_of: date
) -> list[PlanStanding]:
    """The same for several plans, in as many queries. `as_of` is a New York day.

    A part that was hidden since, from this person too, is named only where they have done it.
    Where a part is restricted, `reach_of` asks more.
    """
    versions = list(versions)
    keys = {item["training"] for version in versions for item in version.spec["items"]}
    trainings = {str(row.key): row for row in Training.objects.filter(key__in=keys)}
    rows: list[Any] = list(
        Completion.objects.of(person)
        .filter(training__in=[row.pk for row in trainings.values()])
        .order_by("occurred_on", "recorded_at")
        .values("id", "training_id", "occurred_on", "source_kind", "revocation")
    )
    restricted = [training for training in trainings.values() if training.is_restricted]
    reach = reach_of(person) if restricted else NOWHERE
    closed = [training for training in restricted if not reach.covers(training)]
    pages = _pages(keys, {str(training.key) for training in closed if training.is_hidden})
    outside = [row for row in trainings.values() if row.kind == TrainingKind.OUTSIDE]
    proofs = proofs_for(person, outside) if outside else {}
    return [
        PlanStanding(
            version=version,
            title=version.spec["title"],
            parts=tuple(
                _part(
                    item,
                    valid_months=version.spec.get("valid_months"),
                    trainings=trainings,
                    rows=rows,
                    pages=pages,
                    proofs=proofs,
                    closed=closed,
                    as_of=as_of,
                )
                for item in version.spec["items"]
            ),
        )
        for version in versions
    ]


def _part(
    item: dict[str, Any],
    *,
    valid_months: int | None,
    trainings: Mapping[str, Training],
    rows: Sequence[Mapping[str, Any]],
    pages: Mapping[str, TrainingPage],
    proofs: Mapping[int, ProofStanding],
    closed: Collection[Training],
    as_of: date,
) -> Part:
    training = trainings.get(item["training"])
    mine = [row for row in rows if training and row["training_id"] == training.pk]
    standing = [row for row in mine if row["revocation"] is None and row["occurred_on"] <= as_of]
    since = months_before(as_of, valid_months) if valid_months else None
    counted = [row for row in standing if since is None or row["occurred_on"] >= since]
    page = pages.get(item["training"])
    # Having done it is more than not having to.
    best = max(
        counted,
        key=lambda row: (row["source_kind"] != SourceKind.WAIVER, row["occurred_on"]),
        default=None,
    )
    is_closed = training in closed
    nameless = is_closed and training and training.is_hidden and not mine
    return Part(
        key=item["training"],
        title=page.title if page else _nameless() if nameless else item["title"],
        kind=item["kind"],
        required=item["required"],
        url=(page.get_url() or "") if page else "",
        closed=is_closed,
        done=Counted(str(best["id"]), best["occurred_on"], best["source_kind"]) if best else None,
        taken_back=not standing and bool(mine),
        too_old=standing[-1]["occurred_on"] if standing and not best else None,
        proof=proofs.get(training.pk) if training else None,
    )


def _nameless() -> str:
    """What a part is called to those from whom it is hidden."""
    return _("A training for some people only")


def _pages(
    keys: Iterable[str | UUID], closed: Collection[str] | None = None
) -> dict[str, TrainingPage]:
    """The live page of each training, in the reader's language, else the main one, else any.

    Without those that are `closed` to a reader; where no reader is known, without the hidden ones.
    """
    wanted = [settings.LANGUAGE_CODE, get_language()]
    live = TrainingPage.objects.live().filter(translation_key__in=keys)
    if closed is None:
        hidden = Training.objects.filter(is_hidden=True, key__in=keys)
        live = live.exclude(translation_key__in=hidden.values("key"))
    elif closed:
        live = live.exclude(translation_key__in=closed)
    pages = sorted(
        live.select_related("locale", "office"),
        key=lambda page: (
            wanted.index(page.locale.language_code) if page.locale.language_code in wanted else -1
        ),
    )
    return {str(page.translation_key): page for page in pages}


@dataclass(frozen=True)
class PartOfPage:
    """A part as the plan's public page shows it; `elsewhere` where it takes place there.

    Of one that was hidden since, that it is there.
    """

    title: str
    kind: str
    required: bool
    page: TrainingPage | None
    elsewhere: Elsewhere | None = None
    hidden: bool = False


def parts_of_page(page: PlanPage) -> list[PartOfPage]:
    """The trainings of a plan's page in their order, without a reader. Three queries at most."""
    items = [(_key_of(block), bool(block.value["required"])) for block in page.items]
    keys = [key for key, _required in items if key]
    pages, said = _pages(keys), elsewhere_in(page)
    others = {str(row.key): row for row in Training.objects.filter(key__in=list(said))}
    missing = [key for key in keys if key not in pages and key not in said]
    gone = Training.objects.filter(key__in=missing, is_hidden=True) if missing else ()
    hidden = {str(row.key): row for row in gone}
    parts = []
    for key, required in items:
        found = pages.get(key)
        if found:
            kind = str(TrainingKind(found.training_kind).label)
            parts.append(PartOfPage(found.title, kind, required, found))
        elif key in said:
            title = said[key].title or (others[key].title if key in others else "")
            kind = str(TrainingKind.OUTSIDE.label)
            parts.append(PartOfPage(title, kind, required, None, said[key]))
        elif key in hidden:
            kind = str(TrainingKind(hidden[key].kind).label)
            parts.append(PartOfPage(_nameless(), kind, required, None, hidden=True))
    return parts


def _key_of(block: Any) -> str:
    """The training a block of a plan's page means, by key; empty where its page is gone."""
    if block.block_type == OUTSIDE:
        return key_of(block)
    chosen = block.value["page"]
    return str(chosen.translation_key) if chosen else ""


def live_plan(training: Training) -> PlanPage | None:
    """The plan's live page in the reader's language, else the main one; None when there is none."""
    pages = {
        page.locale.language_code: page
        for page in PlanPage.objects.live()
        .filter(translation_key=training.key)
        .select_related("locale")
    }
    for language in (get_language(), settings.LANGUAGE_CODE, *pages):
        if language in pages:
            return pages[language]
    return None


def newest_plan_of(person: Person, training: Training) -> PlanEnrolment | None:
    """The person's plan as it goes on, else as it was completed last."""
    mine = (
        PlanEnrolment.objects.visible_to(person)
        .filter(training=training)
        .select_related("version", "training__owner", "completion__revocation")
    )
    return mine.active().first() or mine.completed().first()


_under_way = Prepared(
    lambda: (
        PlanEnrolment.objects.visible_to(given_person("person"))
        .active()
        .select_related("version__training")
        .defer("version__spec")
    )
)


def plans_of(person: Person, today: date) -> list[tuple[PlanEnrolment, PlanStanding]]:
    """The plans a person follows with where they stand; one query, four if there are any."""
    mine = _under_way(person=person)
    if not mine:
        return []
    standings = plan_standings(person, [row.version for row in mine], today)
    return list(zip(mine, standings, strict=True))


def standing_of(enrolment: PlanEnrolment, today: date) -> PlanStanding:
    """Where it stands: today while it goes on, as of its day once it is completed."""
    day = new_york_date(enrolment.completed_at) if enrolment.completed_at else today
    return plan_standing(enrolment.person, enrolment.version, day)
