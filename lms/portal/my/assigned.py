"""What a person's agency asks of them, as My learning shows it: first of all, with its day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from courses.assignment_selectors import AssignmentStanding, open_for
from courses.enums import AssignmentState
from events.models import Registration
from events.wall_time import when
from lms.core.prepared import Prepared, any_given
from lms.core.time import new_york_date
from lms.people.models import Person
from lms.trainings.enums import TrainingKind
from lms.trainings.models import TrainingPage

_PILLS = {AssignmentState.OVERDUE: "overdue", AssignmentState.DUE_SOON: "soon"}


@dataclass(frozen=True)
class UnderWay:
    """A training that was begun: where it goes on and how far it is."""

    url: str
    action: str
    progress: str
    next_text: str


@dataclass(frozen=True)
class AssignedRow:
    """A training somebody is asked to take. `url` is empty while nothing can be done about it."""

    training_id: int
    title: str
    due: str
    pill: str
    agency: str
    url: str
    action: str
    text: str

    @property
    def asked_by(self) -> str:
        """Who asks."""
        return _("%(agency)s asks you to take this.") % {"agency": self.agency}


def assigned_rows(
    person: Person,
    now: datetime,
    *,
    begun: Mapping[int, UnderWay],
    seats: Iterable[Registration],
) -> list[AssignedRow]:
    """What is asked and not done, the most urgent first; at most three queries.

    `begun` is by training's id; `seats` are the coming ones, soonest first. What is begun goes on
    from there, and whoever has a seat only has to come.
    """
    lines = open_for(person, new_york_date(now))
    if not lines:
        return []
    booked: dict[int, Registration] = {}
    for seat in seats:
        booked.setdefault(seat.session.training_id, seat)
    # Where one goes on, or comes to, is known of what is begun or booked.
    asked = [line.assignment.training for line in lines]
    keys = {row.key for row in asked if row.pk not in begun and row.pk not in booked}
    found = _pages(keys=list(keys)) if keys else []
    pages = {page.translation_key: page.get_url() or "" for page in found}
    return [_row(line, begun, booked, pages) for line in lines]


_pages = Prepared(
    lambda: (
        TrainingPage.objects.live()
        .filter(translation_key=any_given("keys"))
        .only("translation_key", "url_path", "locale")
        .order_by("-pk")
    )
)


def _row(
    line: AssignmentStanding,
    begun: Mapping[int, UnderWay],
    booked: Mapping[int, Registration],
    pages: Mapping[UUID, str],
) -> AssignedRow:
    training = line.assignment.training
    text = ""
    url, action = pages.get(training.key, ""), _("See the dates")
    if training.pk in begun:
        way = begun[training.pk]
        url, action, text = way.url, way.action, f"{way.progress}. {way.next_text}"
    elif training.pk in booked:
        session = booked[training.pk].session
        url, action = reverse("events:session", args=[session.pk]), _("See the session")
        text = _("You are registered: %(when)s.") % {
            "when": when(session.starts_at, session.ends_at, session.zone_info)
        }
    elif training.kind == TrainingKind.COURSE and url:
        url, action = reverse("courses:start", args=[training.key]), _("Start")
    elif training.kind == TrainingKind.PLAN:
        url, action = reverse("courses:plan", args=[training.key]), _("See the plan")
    return AssignedRow(
        training_id=training.pk,
        title=training.title,
        due=line.words[:1].upper() + line.words[1:],
        pill=_PILLS.get(line.state, "neutral"),
        agency=line.assignment.organization.name,
        url=url,
        action=action,
        text=text,
    )
