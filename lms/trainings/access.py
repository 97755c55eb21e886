"""Who may take a training: the one answer, for every page, feed, file and service.

An open training asks nothing of the database. For a restricted one, `reach_of` reads what lets a
person in, in a constant number of queries however many trainings are asked about.
"""

from dataclasses import dataclass
from datetime import date, datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.core.exceptions import Refused
from lms.core.time import long_date, new_york_date
from lms.people.enums import Role
from lms.people.models import Employment, Person
from lms.people.permissions import roles_of
from lms.trainings.access_models import AccessGrant, AccessInvitation, AccessOrganization
from lms.trainings.enums import Access
from lms.trainings.models import Training

# Anybody has an address at these, so it says nothing of where they work.
PRIVATE_MAIL = frozenset({
    *("aol.com", "att.net", "comcast.net", "fastmail.com", "gmail.com", "gmx.com", "hotmail.com"),
    *("googlemail.com", "icloud.com", "live.com", "mac.com", "mail.com", "me.com", "msn.com"),
    *("optonline.net", "outlook.com", "pm.me", "proton.me", "protonmail.com", "verizon.net"),
    *("yahoo.com", "ymail.com", "zoho.com"),
})  # fmt: skip
# Who looks after a training sees it as its learners do.
_OF_THE_OFFICE = (Role.COORDINATOR, Role.EDITOR, Role.TRAINER)


@dataclass(frozen=True)
class Reach:
    """The restricted trainings a person may take on a day, by their ids, and why."""

    everything: bool = False
    offices: frozenset[int] = frozenset()
    granted: frozenset[int] = frozenset()
    invited: frozenset[int] = frozenset()
    member: frozenset[int] = frozenset()

    def covers(self, training: Training) -> bool:
        """Whether the person may take `training`."""
        if not training.is_restricted or self.everything or training.owner_id in self.offices:
            return True
        if training.pk in self.granted or training.pk in self.invited:
            return True
        return training.access == Access.ORGANIZATION and training.pk in self.member


NOWHERE = Reach()


def reach_of(person: Person | AnonymousUser, now: datetime | None = None) -> Reach:
    """Where the person may go at `now`. A grant holds through its last New York day."""
    if not isinstance(person, Person) or not person.is_active:
        return NOWHERE
    if person.is_superuser:
        return Reach(everything=True)
    day = new_york_date(now or timezone.now())
    addresses = verified_addresses(person)
    return Reach(
        offices=frozenset(held for role, held in roles_of(person) if role in _OF_THE_OFFICE),
        granted=frozenset(
            AccessGrant.objects.of(person).current(day).values_list("training", flat=True)
        ),
        invited=frozenset(
            AccessInvitation.objects.open()
            .filter(address__in=addresses)
            .values_list("training", flat=True)
        ),
        member=_member_of(person, addresses, day),
    )


def may_take(
    person: Person | AnonymousUser, training: Training, now: datetime | None = None
) -> bool:
    """Whether `person` may take `training`; an open one asks nothing."""
    return not training.is_restricted or reach_of(person, now).covers(training)


def is_shown(training: Training, person: Person | AnonymousUser) -> bool:
    """Whether `person` may know that the training exists: everybody, unless it is hidden."""
    return not training.is_hidden or may_take(person, training)


def why_not(person: Person, training: Training, now: datetime | None = None) -> Refused | None:
    """Why `person` may not take `training`, with what to do ("not_in_audience"); None if they may.

    Somebody whose access ended learns when.
    """
    if may_take(person, training, now):
        return None
    return Refused(_reason(person, training, now or timezone.now()), code="not_in_audience")


def verified_addresses(person: Person) -> list[str]:
    """The addresses the person has proved to be theirs."""
    theirs = EmailAddress.objects.filter(user__in=Person.objects.one_with(person), verified=True)
    return list(theirs.values_list("email", flat=True))


def domains_of(address: str) -> list[str]:
    """An address's domain and those above it: a.agency.example.org, agency.example.org, ..."""
    labels = address.rpartition("@")[2].lower().split(".")
    return [".".join(labels[start:]) for start in range(len(labels) - 1)]


def _member_of(person: Person, addresses: list[str], day: date) -> frozenset[int]:
    """By employment today (a hotel's people are its company's too), or by a verified address."""
    employments = Employment.objects.on(day).filter(person__in=Person.objects.one_with(person))
    domains = [domain for address in addresses for domain in domains_of(address)]
    found = AccessOrganization.objects.filter(
        Q(organization__in=employments.values("organization"))
        | Q(organization__in=employments.values("organization__parent"))
        | Q(domains__overlap=domains)
    )
    return frozenset(found.values_list("training", flat=True))


def _reason(person: Person, training: Training, now: datetime) -> str:
    last = AccessGrant.objects.of(person).filter(training=training).first()
    over = last and (new_york_date(last.ended_at) if last.ended_at else last.expires_on)
    if over and over <= new_york_date(now):
        if training.is_hidden:
            return _(
                "Your access to this training ended on %(day)s. What you did is kept. To ask for"
                " access again, write to %(office)s."
            ) % {"day": long_date(over), "office": training.owner}
        return _(
            "Your access to this training ended on %(day)s. What you did is kept; its page says"
            " how to ask again."
        ) % {"day": long_date(over)}
    if training.is_hidden:
        # Its page is hidden from them too, so nothing may lead there.
        return _(
            "This training is for some people only. If it should be for you, write to %(office)s."
            " What you did is kept."
        ) % {"office": training.owner}
    sentences = {
        Access.ORGANIZATION: _(
            "This training is for people of certain organizations. Its page says which, and how to"
            " show that you work there. What you did is kept."
        ),
        Access.INVITATION: _(
            "This training is for invited people. Ask %(office)s, or sign in with the address that"
            " was invited. What you did is kept."
        )
        % {"office": training.owner},
    }
    approval = _(
        "This training is for people the office approves. Ask for access on its page. What you did"
        " is kept."
    )
    return sentences.get(Access(training.access), approval)
