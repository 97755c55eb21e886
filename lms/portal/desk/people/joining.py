"""Two records side by side: what each has with the reader's offices, and what joining them does."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.models import Registration
from lms.core import personal_data
from lms.core.time import new_york_date, short_date
from lms.people.merge_models import PersonMerge
from lms.people.merging.duplicates import Pair
from lms.people.merging.services import may_be_named, why_not
from lms.people.models import Employment, Person
from lms.portal.desk.people.reach import courses_of, offices_of, record_of


@dataclass(frozen=True)
class Side:
    """One of two records, in words."""

    person: Person
    facts: list[dict[str, str]]


def side(actor: Person, person: Person) -> Side:
    """What tells the record apart, and how much there is of it; six queries."""
    rows = Person.objects.one_with(person)
    addresses = EmailAddress.objects.filter(user__in=rows, verified=True).order_by("email")
    confirmed = ", ".join(addresses.values_list("email", flat=True))
    seats = Registration.objects.of(person).current().filter(
        session__training__owner__in=offices_of(actor)
    )  # fmt: skip
    places = Employment.objects.filter(person__in=rows, ended_on__isnull=True)
    seen = person.last_login
    done, begun = record_of(actor, person).count(), courses_of(actor, person).count()
    return Side(
        person,
        [
            {"term": _("Name"), "text": person.get_full_name() or _("None")},
            {"term": _("E-mail address"), "text": person.email or _("None")},
            {"term": _("Confirmed by a code"), "text": confirmed or _("None")},
            {"term": _("Record made"), "text": short_date(new_york_date(person.date_joined))},
            {
                "term": _("Signed in last"),
                "text": short_date(new_york_date(seen)) if seen else _("Never"),
            },
            {"term": _("Completions with your office"), "text": str(done)},
            {"term": _("Online courses with your office"), "text": str(begun)},
            {"term": _("Places in your sessions"), "text": str(seats.count())},
            {"term": _("Works at"), "text": _places(places.count())},
        ],
    )  # fmt: skip


def _places(count: int) -> str:
    return ngettext("%(count)d place", "%(count)d places", count) % {"count": count}


@dataclass(frozen=True)
class Outlook:
    """What merging two records would do, or why it cannot be done."""

    follows: list[str]
    refusal: str
    collisions: list[str]


def outlook(actor: Person, duplicate: Person, into: Person) -> Outlook:
    """What follows from merging `duplicate` into `into`, before anybody agrees."""
    offices = may_be_named(actor, duplicate, into)
    refusal = why_not(duplicate, into, actor)
    follows = [
        _("Everything of both is in one record: courses, seats, completions, certificates, work."),
        _("Certificates of both stand as they were issued, each with its own code."),
        _("The confirmed addresses of both sign in. Mails go to %(address)s.")
        % {"address": into.email or duplicate.email or _("nobody: there is no address")},
        _("The name is %(name)s from now on.") % {"name": into},
        _("Whoever is signed in under the other record is signed out; its password rests."),
        *personal_data.settled_by_merging(duplicate, into, offices=offices),
        _("Both addresses are told by mail. It can be undone at any time."),
    ]
    collisions = personal_data.collisions(duplicate, into, offices=offices)
    return Outlook(follows, str(refusal) if refusal else "", collisions)


def keeps_first(one: Person, other: Person) -> tuple[Person, Person]:
    """The record to keep unless somebody says otherwise: who signed in last, else the older one."""

    def weight(person: Person) -> tuple[bool, float, bool, int]:
        seen = person.last_login
        return (
            seen is not None,
            seen.timestamp() if seen else 0,
            person.email is not None,
            -person.pk,
        )

    first, second = sorted((one, other), key=weight, reverse=True)
    return first, second


def likeness(pair: Pair) -> list[str]:
    """What is alike in the two, in words."""
    said = []
    if pair.same_mailbox:
        said.append(_("One mailbox, written in two ways"))
    if pair.same_employer:
        said.append(_("Same name, one employer"))
    if pair.similar_address:
        said.append(_("Same name, addresses begin alike"))
    if pair.without_address and not pair.same_employer:
        said.append(_("Same name, one without an address"))
    return said


def joined_into(person: Person) -> "QuerySet[PersonMerge]":
    """The merges that stand and made this record what it is, the newest first."""
    return (
        PersonMerge.objects.filter(duplicate__canonical_person=person, split__isnull=True)
        .select_related("duplicate", "actor")
        .order_by("-merged_at", "-pk")
    )
