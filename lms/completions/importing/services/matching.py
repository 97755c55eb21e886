"""Who and what a file's rows are about: by what an office said before, by address, by title."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from allauth.account.models import EmailAddress
from django.db.models import Q
from django.utils.translation import gettext as _

from lms.completions.import_models import (
    CompletionImport,
    ImportRow,
    PersonLink,
    RowState,
    TitleLink,
)
from lms.completions.models import Completion
from lms.people.fields import fold
from lms.people.models import Person
from lms.trainings.models import Training

Fact = tuple[int, int, date]


@dataclass(frozen=True)
class Known:
    """All that some rows can be matched with, in a constant number of queries."""

    people: dict[str, Person | None]
    addresses: dict[str, Person]
    titles: dict[str, Training | None]
    facts: set[Fact]
    earlier: set[tuple[str, str, str]]


def judge(batch: CompletionImport, rows: Sequence[ImportRow]) -> None:
    """Settle the state of rows that can be read; rows that are imported stay so. Saves them.

    Read problems and what is no completion stay as they are.
    """
    open_rows = [
        row
        for row in rows
        if row.state not in {RowState.IMPORTED, RowState.PROBLEM, RowState.NOT_DONE}
    ]
    known = _known(batch, open_rows)
    for row in open_rows:
        row.note = ""
        row.state = _state(batch, row, known)
    ImportRow.objects.bulk_update(open_rows, ["state", "note", "person", "training"])


def _state(batch: CompletionImport, row: ImportRow, known: Known) -> RowState:
    row.person, row.training = None, None
    if _left_out(known.titles, row.title_key) or _left_out(known.people, row.person_key):
        return RowState.LEFT_OUT
    row.training = known.titles.get(row.title_key)
    person = known.people.get(row.person_key) or known.addresses.get(row.values["email"])
    row.person = person.canonical if person else None
    if row.training is None:
        return RowState.NO_TRAINING
    day: str = row.values["day"]
    mark = (row.person_key, row.title_key, day)
    if mark in known.earlier:
        row.note = _("The same as a row above.")
        return RowState.KNOWN
    if row.person is None:
        if not (batch.makes_people and row.values["email"]):
            return RowState.NO_PERSON
        row.note = _("A record is made for this person.")
    elif (row.person.pk, row.training.pk, date.fromisoformat(day)) in known.facts:
        return RowState.KNOWN
    known.earlier.add(mark)
    return RowState.READY


def _left_out(said: Mapping[str, object | None], key: str) -> bool:
    """Whether the office said that it takes nothing over under this key."""
    return key in said and said[key] is None


def _known(batch: CompletionImport, rows: Sequence[ImportRow]) -> Known:
    office = batch.office_id
    people = {
        link.key: link.person
        for link in PersonLink.objects.filter(
            office=office, key__in={row.person_key for row in rows}
        ).select_related("person__canonical_person")
    }
    addresses = people_by_address(row.values["email"] for row in rows)
    titles: dict[str, Training | None] = {}
    for training in Training.objects.filter(owner=office).order_by("-pk"):
        titles[fold(training.title)[:200]] = training
    for link in TitleLink.objects.filter(office=office).select_related("training"):
        titles[link.key] = link.training
    found = {person.canonical.pk for person in [*people.values(), *addresses.values()] if person}
    return Known(people, addresses, titles, facts_of(found), _earlier(batch, rows))


def people_by_address(addresses: Iterable[str]) -> dict[str, Person]:
    """Whose each address is: who verified it, else whose record carries it."""
    asked = {address for address in addresses if address}
    records = Person.objects.filter(email__in=asked).select_related("canonical_person")
    found = {str(person.email): person for person in records}
    verified = EmailAddress.objects.filter(email__in=asked, verified=True)
    for row in verified.select_related("user__canonical_person"):
        found[row.email] = row.user
    return {address: person.canonical for address, person in found.items()}


def facts_of(people: Iterable[int]) -> set[Fact]:
    """What stands in the records of these canonical people, aliases included."""
    ids = list(people)
    # By the people's own rows: an "or" across the join would read every completion there ever was.
    rows_of_people = Person.objects.filter(Q(pk__in=ids) | Q(canonical_person__in=ids))
    rows = (
        Completion.objects.standing()
        .filter(person__in=list(rows_of_people.values_list("pk", flat=True)))
        .values_list("person_id", "person__canonical_person_id", "training_id", "occurred_on")
    )
    return {(canonical or person, training, day) for person, canonical, training, day in rows}


def _earlier(batch: CompletionImport, rows: Sequence[ImportRow]) -> set[tuple[str, str, str]]:
    """The same things said further up in the file."""
    if not rows:
        return set()
    above = batch.rows.filter(
        number__lt=rows[0].number,
        state__in=[RowState.READY, RowState.IMPORTED],
        person_key__in={row.person_key for row in rows},
    ).exclude(pk__in=[row.pk for row in rows])
    return set(above.values_list("person_key", "title_key", "values__day"))
