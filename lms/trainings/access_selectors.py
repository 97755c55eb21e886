"""How requests for access stand, in words: the clock that whoever asks and whoever answers see."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.people.models import Person
from lms.trainings.access_letters import moment
from lms.trainings.access_models import AccessGrant, AccessRequest
from lms.trainings.enums import Proof, RequestStatus
from lms.trainings.models import Training
from lms.trainings.querysets import AccessRequestQuerySet
from lms.trainings.working_days import counts_every_day, working_days_between


@dataclass(frozen=True)
class Clock:
    """How long a request waits, and until when it should be answered. New York time, in words."""

    asked: str
    due: str
    waiting: str
    late: bool
    escalated: str

    @property
    def text(self) -> str:
        """The clock as a sentence."""
        if self.late:
            return _("%(waiting)s. An answer was due by %(due)s.") % {
                "waiting": self.waiting,
                "due": self.due,
            }
        return _("%(waiting)s. An answer is due by %(due)s.") % {
            "waiting": self.waiting,
            "due": self.due,
        }


def clock(request: AccessRequest, now: datetime) -> Clock:
    """The request's clock at `now`; it stops with the answer."""
    end = request.answered_at or now
    return Clock(
        asked=moment(request.asked_at),
        due=moment(request.due_at),
        waiting=_waiting(request, end),
        late=end > request.due_at,
        escalated=_("The office's deputy was asked to answer on %(moment)s.")
        % {"moment": moment(request.escalated_at)}
        if request.escalated_at and request.escalated_to_id
        else "",
    )


def _waiting(request: AccessRequest, end: datetime) -> str:
    """How long, in the days by which the request's target was counted when it was made."""
    if counts_every_day(request.due_at):
        days = (end - request.asked_at).days
        if not days:
            return _("Waiting for less than a day")
        waiting = ngettext("Waiting for %(count)d day", "Waiting for %(count)d days", days)
        return waiting % {"count": days}
    days = working_days_between(request.asked_at, end)
    if not days:
        return _("Waiting for less than a working day")
    waiting = ngettext(
        "Waiting for %(count)d working day", "Waiting for %(count)d working days", days
    )
    return waiting % {"count": days}


def proof_in_words(request: AccessRequest) -> str:
    """What is proved so far, for those who answer and who ask."""
    address = request.proof_address
    if request.proof == Proof.AGENCY_EMAIL:
        if request.proved_at:
            return _("Reads mail at %(address)s: typed the code sent there.") % {"address": address}
        return _("A code was sent to %(address)s and not typed yet.") % {"address": address}
    if request.supervisor_said is None:
        return _("The supervisor (%(address)s) was asked and has not answered yet.") % {
            "address": address
        }
    if request.supervisor_said:
        return _("The supervisor (%(address)s) said yes.") % {"address": address}
    return _("The supervisor (%(address)s) said no.") % {"address": address}


@dataclass(frozen=True)
class Asked:
    """A request as the person who made it sees it."""

    request: AccessRequest
    clock: Clock
    state: str
    kind: str
    text: str

    @property
    def is_open(self) -> bool:
        return self.request.is_open


def asked(request: AccessRequest, now: datetime) -> Asked:
    """State, shape and sentence of one's own request."""
    ticking = clock(request, now)
    if request.status == RequestStatus.REFUSED:
        text = _("The office said: %(reason)s") % {"reason": request.reason}
        kind = "overdue"
    elif request.is_open:
        text, kind = ticking.text, "soon" if ticking.late else "neutral"
    elif request.status == RequestStatus.GRANTED:
        text, kind = _("The office let you in. You can start."), "ok"
    else:
        text, kind = "", "neutral"
    return Asked(
        request=request,
        clock=ticking,
        state=request.get_status_display(),
        kind=kind,
        text=text,
    )


def newest_request(person: Person, training: Training) -> AccessRequest | None:
    """The person's last request for the training."""
    return AccessRequest.objects.of(person).filter(training=training).order_by("-id").first()


def requests_of(person: Person, day: date) -> AccessRequestQuerySet:
    """The newest request of the person for each training: if it waits, was refused, or let them in.

    One that was granted is there while the access holds on `day`, a New York calendar day.
    """
    newest = (
        AccessRequest.objects.of(person)
        .order_by("training_id", "-id")
        .distinct("training_id")
        .values("pk")
    )
    held = AccessGrant.objects.of(person).current(day).values("training")
    return AccessRequest.objects.filter(
        Q(status__in=[RequestStatus.OPEN, RequestStatus.REFUSED])
        | Q(status=RequestStatus.GRANTED, training__in=held),
        pk__in=newest,
    ).select_related("training__owner")


def grants_of(training: Training) -> list[AccessGrant]:
    """Who was let in and has not been put out, by name."""
    return list(
        AccessGrant.objects.filter(training=training, ended_at__isnull=True)
        .select_related("person__canonical_person", "granted_by")
        .order_by("person__sort_name", "pk")
    )
