"""An office keeps the outside programs that count: adds one, changes what it says, withdraws it.

Nothing is rewritten: what a program says is a frozen version, a withdrawal is a row after it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.compliance.enums import Basis
from lms.compliance.models import ProgramApproval
from lms.compliance.proofs.selectors import LISTED, ListedProgram, office_programs
from lms.compliance.rules import load_rules
from lms.compliance.services import approve_program
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.core.time import new_york_date
from lms.people.models import Organization, Person
from lms.people.permissions import is_coordinator_for
from lms.people.state_office import coordinated_state_offices
from lms.trainings.enums import TrainingKind
from lms.trainings.models import Training, TrainingVersion
from lms.trainings.services import freeze


@dataclass(frozen=True)
class ProgramSaid:
    """What an office says about an outside program. Days are New York calendar days."""

    title: str
    provider: str
    basis: Basis
    link: str
    checked_on: date
    languages: tuple[str, ...]
    topics: tuple[str, ...]
    listed_on: date | None = None

    def spec(self) -> dict[str, Any]:
        """As a frozen version keeps it, always in one order. Who made a state's stands for it."""
        known = [code for code, _name in settings.ALL_LANGUAGES if code in self.languages]
        title, provider = _folded(self.title), _folded(self.provider)
        return {
            "title": title,
            "provider": provider,
            "kind": TrainingKind.OUTSIDE,
            "minutes": 0,
            "topics": sorted(set(self.topics)),
            "credits": [],
            "language": known[0],
            "languages": known,
            "approval": {
                "basis": str(self.basis),
                "by": provider if self.basis == Basis.STATE_MADE else "",
                "link": self.link.strip(),
                "checked_on": self.checked_on.isoformat(),
                "listed_on": self.listed_on.isoformat() if self.listed_on else "",
            },
        }


@transaction.atomic
def add_program(
    *,
    office: Organization,
    said: ProgramSaid,
    actor: Person,
    now: datetime | None = None,
) -> TrainingVersion:
    """Enter a program of the state or from its list; from now on facilities can record scans of it.

    The very same again returns the one that is there. Raises Refused "not_yours", "no_name",
    "basis", "link", "in_future", "listed_later", "no_topic", "no_language", and "known" for another
    program of this name and provider that is not withdrawn; "not_the_state" for an office that does
    not speak for the state.
    """
    now = now or timezone.now()
    _demand_own(office, actor)
    if not office.speaks_for_state:
        raise Refused(
            _("%(office)s does not speak for the state.") % {"office": office.label},
            code="not_the_state",
        )
    _demand_whole(said, now)
    lock(office)  # so that two people who add at once add one
    known = _same_name(said)
    if known and known.version.spec == said.spec() and known.version.training.owner == office:
        return known.version
    _refuse_known(known)
    training = Training.objects.create(
        kind=TrainingKind.OUTSIDE, title=_folded(said.title), owner=office, created_at=now
    )
    audit.record("training.created", training, actor=actor, now=now)
    return freeze(training=training, spec=said.spec(), actor=actor, now=now)


@transaction.atomic
def change_program(
    *, training: Training, said: ProgramSaid, actor: Person, now: datetime | None = None
) -> TrainingVersion:
    """Say something else of a program from now on: a new version, the same again changes nothing.

    What was recorded before keeps its version. Raises Refused like `add_program`, and "withdrawn".
    """
    now = now or timezone.now()
    _demand_own(training.owner, actor)
    _demand_whole(said, now)
    lock(training.owner)
    if _found(training).is_withdrawn:
        raise Refused(
            _("This program was withdrawn. If it counts again, add it anew."), code="withdrawn"
        )
    known = _same_name(said, but=training)
    _refuse_known(known)
    title = _folded(said.title)
    if training.title != title:
        training.title = title
        training.save(update_fields=["title"])
        audit.record("training.renamed", training, actor=actor, now=now)
    return freeze(training=training, spec=said.spec(), actor=actor, now=now)


@transaction.atomic
def withdraw_program(
    *,
    training: Training,
    last_day: date,
    reason: str,
    actor: Person,
    now: datetime | None = None,
) -> ProgramApproval:
    """From the day after `last_day` on (New York), trainings with it count no longer; earlier stay.

    Again with another day or reason corrects it by a newer row; the very same is once. Raises
    Refused "not_yours", "reason_missing", "in_future".
    """
    now = now or timezone.now()
    _demand_own(training.owner, actor)
    reason = _folded(reason)[:300]
    if not reason:
        raise Refused(_("Say in a few words why it is withdrawn."), code="reason_missing")
    if last_day > new_york_date(now):
        raise Refused(_("Withdraw it on its last day or later."), code="in_future")
    lock(training.owner)
    _found(training)
    return approve_program(
        training=training,
        basis=Basis.WITHDRAWN,
        last_day=last_day,
        reason=reason,
        actor=actor,
        now=now,
    )


def _demand_own(office: Organization, actor: Person) -> None:
    """What counts for the state is said by its office; that keeps what another office entered."""
    if not coordinated_state_offices(actor).exists():
        raise Refused(
            _("Only the office that speaks for the state keeps these programs."),
            code="not_the_state",
        )
    if office.speaks_for_state and not is_coordinator_for(actor, office):
        raise Refused(
            _("Only %(office)s keeps this program.") % {"office": office.label}, code="not_yours"
        )


def _demand_whole(said: ProgramSaid, now: datetime) -> None:
    """Everything an inspector asks about a program is said, and can be true."""
    link, today = urlsplit(said.link.strip()), new_york_date(now)
    days = [said.checked_on, *([said.listed_on] if said.listed_on else [])]
    topics = {code for rule in load_rules().values() for code in rule.topic_codes}
    languages = dict(settings.ALL_LANGUAGES)
    _refuse_if(
        not (_folded(said.title) and _folded(said.provider)),
        _("Say the program's name and who made or offers it."),
        "no_name",
    )
    _refuse_if(
        said.basis not in LISTED, _("Say whether the state made it or has it on its list."), "basis"
    )
    _refuse_if(
        link.scheme != "https" or not link.hostname,
        _("The link must begin with https://. Copy it from the state's page."),
        "link",
    )
    _refuse_if(
        any(day > today for day in days), _("This day is still to come. Check it."), "in_future"
    )
    _refuse_if(
        min(days) != (said.listed_on or said.checked_on),
        _("It was listed before somebody could check it. Look at both days again."),
        "listed_later",
    )
    _refuse_if(
        not said.topics or not topics.issuperset(said.topics),
        _("Tick at least one topic that it covers."),
        "no_topic",
    )
    _refuse_if(
        not said.languages or not set(languages).issuperset(said.languages),
        _("Tick at least one language."),
        "no_language",
    )


def _refuse_if(wrong: bool, words: str, code: str) -> None:
    if wrong:
        raise Refused(words, code=code)


def _same_name(said: ProgramSaid, but: Training | None = None) -> ListedProgram | None:
    """Another program of any office with this name and provider that is not withdrawn."""
    wanted = _key(said.title, said.provider)
    everywhere = office_programs(Organization.objects.offices())
    return next(
        (
            row
            for row in everywhere
            if _key(row.title, row.provider) == wanted
            and not row.is_withdrawn
            and row.version.training != but
        ),
        None,
    )


def _refuse_known(known: ListedProgram | None) -> None:
    if known:
        raise Refused(
            _("“%(title)s” by %(provider)s is entered already, by %(office)s. Change that one.")
            % {
                "title": known.title,
                "provider": known.provider,
                "office": known.version.training.owner.label,
            },
            code="known",
        )


def _found(training: Training) -> ListedProgram:
    """The program as it stands now; Refused where this training is none."""
    own = Organization.objects.filter(pk=training.owner_id)
    for row in office_programs(own):
        if row.version.training_id == training.pk:
            return row
    raise Refused(_("This training is no program of the state's list."), code="not_listed")


def _key(*names: str) -> Iterable[str]:
    return [_folded(name).casefold() for name in names]


def _folded(words: str) -> str:
    return " ".join(words.split())[:255]
