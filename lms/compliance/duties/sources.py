"""Laws change. What we say they ask for is looked at again within a year of the last look.

Rule sets and checklists are files, and outside programs are on the state's list; each says when
somebody last checked it. The coordinators of the office that speaks for the state are reminded.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.compliance.checklist import Checklist, load_checklists
from lms.compliance.duty_models import SourceCheck
from lms.compliance.enums import SourceFound
from lms.compliance.proofs.selectors import office_programs
from lms.compliance.rules import Rule, load_rules
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.core.mail import send_mail_later
from lms.core.time import long_date, new_york_date, years_on
from lms.people.models import Organization, Person
from lms.people.selectors import coordinators_of
from lms.people.state_office import coordinated_state_offices

YEARS = 1


@dataclass(frozen=True)
class Watched:
    """Something that rests on a source: a law as a file, or an outside program."""

    name: str
    checked_on: date
    law: Rule | Checklist | None = None
    program: int | None = None  # its training
    newest: SourceCheck | None = None

    @property
    def subject(self) -> str:
        """The file's id; empty for a program."""
        return self.law.id if self.law else ""

    @property
    def due_on(self) -> date:
        """From this day on somebody is to look again."""
        return years_on(self.checked_on, YEARS)

    @property
    def changed(self) -> bool:
        """Somebody found that the source says something else; the file is to follow."""
        return bool(
            self.newest
            and self.newest.found == SourceFound.CHANGED
            and self.law
            and self.newest.checked_on >= self.law.authority.checked_on
        )

    def is_due(self, today: date) -> bool:
        """Whether it needs a hand on a New York day."""
        return self.changed or self.due_on <= today


def watched_laws() -> list[Watched]:
    """All rule sets and checklists with the last look at their sources; one query."""
    newest = {
        row.subject: row
        for row in SourceCheck.objects.order_by("subject", "-id")
        .distinct("subject")
        .select_related("checked_by")
    }
    laws: list[Rule | Checklist] = [*load_rules().values(), *load_checklists().values()]
    return [_watched(law, newest.get(law.id)) for law in laws]


def _watched(law: Rule | Checklist, newest: SourceCheck | None) -> Watched:
    """A look that found the same counts as the file's own; one that found a change does not."""
    day = law.authority.checked_on
    if newest and newest.found == SourceFound.SAME:
        day = max(day, newest.checked_on)
    return Watched(law.short_title, day, law=law, newest=newest)


def watched_programs() -> list[Watched]:
    """The outside programs that count, with the day somebody looked; two queries."""
    return [
        Watched(row.title, row.approval.checked_on, program=row.version.training_id)
        for row in office_programs(Organization.objects.offices())
        if row.approval.checked_on and not row.is_withdrawn
    ]


def due_for_a_look(today: date) -> list[Watched]:
    """What nobody has looked at for a year, or what was found changed, the oldest first."""
    found = [one for one in (*watched_laws(), *watched_programs()) if one.is_due(today)]
    return sorted(found, key=lambda one: (one.checked_on, one.name))


def keeps_sources(person: Person) -> bool:
    """Whether it is this person's to say that a source was looked at."""
    return coordinated_state_offices(person).exists()


@transaction.atomic
def record_look(
    *, subject: str, found: SourceFound, actor: Person, now: datetime | None = None
) -> SourceCheck:
    """Somebody read the sources of a rule set or checklist today, and what they found.

    The same again on the same day changes nothing. Raises Refused for whoever keeps no sources, and
    for what is neither.
    """
    now = now or timezone.now()
    if not keeps_sources(actor):
        raise Refused(_("The office that speaks for the state looks after this."), code="not_yours")
    if subject not in load_rules() and subject not in load_checklists():
        raise Refused(_("There is no such rule here."), code="unknown")
    lock(actor)
    today = new_york_date(now)
    newest = SourceCheck.objects.filter(subject=subject).first()
    said = (found, today, actor.pk)
    if newest and (newest.found, newest.checked_on, newest.checked_by_id) == said:
        return newest
    row = SourceCheck.objects.create(
        subject=subject, found=found, checked_on=today, checked_by=actor, recorded_at=now
    )
    audit.record("source.looked_at", row, actor=actor, now=now, subject=subject, found=found)
    return row


@transaction.atomic
def tell_of_old_sources(*, now: datetime | None = None) -> int:
    """Write once to each coordinator of the state's offices about what came due; how many letters.

    What came due on one day is in one letter, whenever this runs and however often.
    """
    now = now or timezone.now()
    groups: dict[date, list[Watched]] = defaultdict(list)
    today = new_york_date(now)
    for one in due_for_a_look(today):
        if one.due_on <= today:
            groups[one.due_on].append(one)
    letters = 0
    for office, person in _readers():
        for day, rows in groups.items():
            _write(office, person, day, rows)
            letters += 1
    return letters


def _readers() -> Iterator[tuple[Organization, Person]]:
    """Each coordinator once, with an office of theirs that speaks for the state."""
    known = set()
    for office in Organization.objects.offices().speaking_for_state().order_by("pk"):
        for person in coordinators_of(office):
            if person.pk not in known:
                known.add(person.pk)
                yield office, person


def _write(office: Organization, person: Person, day: date, rows: list[Watched]) -> None:
    """One letter; its key is told once."""
    title = ngettext(
        "%(count)s source to look at again", "%(count)s sources to look at again", len(rows)
    ) % {"count": len(rows)}
    names = [
        _("%(name)s, last checked on %(day)s")
        % {"name": row.name, "day": long_date(row.checked_on)}
        for row in rows
    ]
    send_mail_later(
        key=f"sources-due:{person.pk}:{day.isoformat()}",
        to=person.email or "",
        template="note",
        context={
            "subject": title,
            "paragraphs": [
                _(
                    "Nobody has looked at this for a year. Please read the source again, and say "
                    "on the page whether it still says the same."
                ),
                *names,
            ],
            "url": settings.SITE_ORIGIN + reverse("desk_sources:list"),
            "office": office,
        },
    )
