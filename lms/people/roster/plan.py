"""What each row of a roster comes to, beside what the record knows. Changes nothing.

A row is matched to somebody who works at the facility by employee number, else by address, else by
name. Where a match is not certain the row asks; nobody is joined to anybody by a guess.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Q
from django.db.models.functions import Coalesce

from lms.people.fields import fold
from lms.people.models import Employment, EmploymentPeriod, Organization, Person
from lms.people.roster.enums import RowKind
from lms.people.roster.rows import Problem, Read

SOME = 5_000


@dataclass
class Outcome:
    """What one row comes to."""

    kind: RowKind = RowKind.PROBLEM
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    changes: dict[str, Any] = field(default_factory=dict)
    facility: int | None = None
    person: int | None = None
    employment: int | None = None


@dataclass
class Facts:
    """What the record knows of the facilities' people; a constant number of queries."""

    open_ones: dict[int, list[Employment]]
    ended: dict[int, list[Employment]]
    periods: dict[int, EmploymentPeriod]
    by_email: dict[str, Person]
    signed_in: set[int]
    employed: set[int]

    @classmethod
    def load(cls, facilities: Iterable[Organization], emails: set[str]) -> "Facts":
        """The employments of these facilities, and who has the addresses of the list."""
        open_ones: dict[int, list[Employment]] = defaultdict(list)
        ended: dict[int, list[Employment]] = defaultdict(list)
        rows = Employment.objects.kept().filter(organization__in=list(facilities))
        rows = rows.select_related("person__canonical_person")
        for employment in rows.order_by("pk"):
            kind = ended if employment.ended_on else open_ones
            kind[employment.organization_id].append(employment)
        current = EmploymentPeriod.objects.filter(
            employment__in=[row.pk for rows in open_ones.values() for row in rows],
            ends_on__isnull=True,
        )
        by_email = _people_by_email(sorted(emails))
        people = {person.pk for person in by_email.values()}
        rows_of_people = Person.objects.filter(Q(pk__in=people) | Q(canonical_person__in=people))
        employed = Employment.objects.filter(person__in=rows_of_people.values("pk")).values_list(
            Coalesce("person__canonical_person", "person"), flat=True
        )
        return cls(
            open_ones=open_ones,
            ended=ended,
            periods={period.employment_id: period for period in current},
            by_email=by_email,
            signed_in={person.pk for person in by_email.values() if person.last_login},
            employed=set(employed),
        )


def _people_by_email(emails: list[str]) -> dict[str, Person]:
    """As `selectors.person_for_address`, for many: who verified it, else whose record has it."""
    found: dict[str, Person] = {}
    for start in range(0, len(emails), SOME):
        some = emails[start : start + SOME]
        for person in Person.objects.filter(email__in=some).select_related("canonical_person"):
            found[person.email or ""] = person.canonical
        verified = EmailAddress.objects.filter(email__in=some, verified=True)
        for row in verified.select_related("user__canonical_person"):
            found[row.email] = row.user.canonical
    return found


class Planner:
    """Goes through a list's rows in their order and says what each comes to."""

    def __init__(
        self,
        facts: Facts,
        *,
        facility: Organization | None,
        places: dict[str, int],
        today: date,
        past_since: date,
    ) -> None:
        self.facts, self.facility, self.places = facts, facility, places
        self.today, self.past_since = today, past_since
        self.lines_by_number: dict[tuple[int, str], tuple[int, Read]] = {}
        self.lines_by_email: dict[str, tuple[int, Read]] = {}
        self.lines_by_name: dict[tuple[int, str], tuple[int, Read]] = {}
        self.seen: set[int] = set()
        self.here_by_number = _index(facts.open_ones, lambda row: fold(row.number))
        self.here_by_email = _index(facts.open_ones, lambda row: row.person.canonical.email or "")
        self.here_by_name = _index(facts.open_ones, lambda row: row.person.search_name)
        self.gone_by_number = _index(facts.ended, lambda row: fold(row.number))
        self.gone_by_name = _index(facts.ended, lambda row: row.person.search_name)
        self.gone_by_email = _index(facts.ended, lambda row: row.person.canonical.email or "")

    def look(self, line: int, read: Read | None) -> Outcome:
        """What the row comes to. Rows are to be given in the order of the file."""
        if read is None:
            return Outcome(RowKind.SKIPPED, notes=[{"code": "nobody"}])
        out = Outcome(problems=list(read.problems), notes=list(read.notes))
        if read.skip:
            return Outcome(RowKind.SKIPPED, notes=[{"code": "left_out"}])
        out.facility = self._facility(read, out)
        if out.facility is None:
            return out
        ended = read.day("ended_on")
        long_ago = ended is not None and ended < self.past_since
        if not long_ago:
            self._within_file(line, read, out)
        if out.kind == RowKind.SKIPPED:
            return out
        here = self._match(read, out)
        if here is None and long_ago:
            left = {"code": "left_long_ago", "day": read.ended_on}
            return Outcome(RowKind.SKIPPED, notes=[left], facility=out.facility)
        if here is not None:
            self._known(here, read, out)
        elif not out.problems:
            self._unknown(read, out)
        if out.problems:
            out.kind, out.changes = RowKind.PROBLEM, {}
        return out

    def absent(self) -> list[Employment]:
        """Who works at the facilities and is in no row; ask after all rows."""
        facilities = [self.facility.pk] if self.facility else sorted(set(self.places.values()))
        return [
            row
            for pk in facilities
            for row in self.facts.open_ones.get(pk, [])
            if row.pk not in self.seen
        ]

    def _facility(self, read: Read, out: Outcome) -> int | None:
        if self.facility is not None:
            elsewhere = self.places.get(fold(read.place)) if read.place else self.facility.pk
            if read.place and self.places and elsewhere != self.facility.pk:
                out.kind = RowKind.SKIPPED
                out.notes.append({"code": "other_place", "text": read.place})
                return None
            return self.facility.pk
        found = self.places.get(fold(read.place))
        if found is None:
            code = "place_unknown" if read.place else "no_place"
            out.problems.append({"code": code, "on": "place", "text": read.place})
        return found

    def _within_file(self, line: int, read: Read, out: Outcome) -> None:
        """The same person twice, or one number or address for two."""
        assert out.facility is not None  # noqa: S101 - asked before
        twin = self.lines_by_name.setdefault((out.facility, read.folded_name), (line, read))
        if twin[0] != line and _same_row(twin[1], read):
            out.kind = RowKind.SKIPPED
            out.notes.append({"code": "twice", "line": twin[0]})
            return
        if read.number and not read.ended_on:
            first = self.lines_by_number.setdefault((out.facility, fold(read.number)), (line, read))
            if first[0] != line:
                out.problems.append(
                    {"code": "number_twice", "on": "number", "number": read.number,
                     "line": first[0], "name": f"{first[1].first_name} {first[1].last_name}"}
                )  # fmt: skip
        if read.email:
            first = self.lines_by_email.setdefault(read.email, (line, read))
            other_one = first[1].folded_name != read.folded_name or first[1].place == read.place
            one_after_the_other = _one_after_the_other(first[1], read)
            if first[0] != line and other_one and not one_after_the_other:
                out.problems.append({"code": "email_twice", "on": "email", "line": first[0]})

    def _match(self, read: Read, out: Outcome) -> Employment | None:
        """Who of those working at the facility the row is about; None: nobody, or a question."""
        place = out.facility
        assert place is not None  # noqa: S101 - asked before
        if read.number and (held := self.here_by_number.get((place, fold(read.number)))):
            return self._match_by_number(held[0], read, out)
        if read.email and (held := self.here_by_email.get((place, read.email))):
            return held[0] if _is_named(held[0], read) else None
        return self._match_by_name(place, read, out)

    def _match_by_number(self, holder: Employment, read: Read, out: Outcome) -> Employment | None:
        if _is_named(holder, read) or read.same_as == "here":
            return holder
        if read.ended_on:
            return None
        if not any(problem["on"] == "number" for problem in out.problems):
            out.problems.append(
                {"code": "number_taken", "on": "number", "number": read.number,
                 "name": str(holder.person)}
            )  # fmt: skip
        # The number is spoken of, so its holder is not missing from the list.
        self.seen.add(holder.pk)
        return None

    def _match_by_name(self, place: int, read: Read, out: Outcome) -> Employment | None:
        named = [
            row
            for row in self.here_by_name.get((place, read.folded_name), [])
            if row.pk not in self.seen
        ]
        if not named or read.same_as == "other":
            return None
        sure = [row for row in named if row.started_on == read.day("started_on")]
        if len(sure) == 1 or (len(named) == 1 and read.same_as == "here"):
            return (sure or named)[0]
        self.seen.update(row.pk for row in named)
        out.problems.append(
            {"code": "same_name", "on": "same_as", "name": str(named[0].person),
             "day": named[0].started_on.isoformat()}
        )  # fmt: skip
        return None

    def _known(self, here: Employment, read: Read, out: Outcome) -> None:
        """Somebody who works here: left, changed or the same."""
        if here.pk in self.seen:
            out.problems.append({"code": "person_twice", "on": "skip", "name": str(here.person)})
            return
        self.seen.add(here.pk)
        out.employment, out.person = here.pk, here.person_id
        ended = read.day("ended_on")
        if ended:
            if ended < here.started_on:
                out.problems.append(
                    {"code": "left_before_hired", "on": "ended_on", "left": read.ended_on,
                     "day": here.started_on.isoformat()}
                )  # fmt: skip
            out.kind, out.changes = RowKind.LEAVER, {"ended_on": read.ended_on}
            return
        out.changes = self._changes(here, read, out)
        out.kind = RowKind.CHANGE if out.changes else RowKind.SAME
        if here.started_on != read.day("started_on") and read.started_on:
            out.notes.append(
                {"code": "hired_otherwise", "day": here.started_on.isoformat(),
                 "other": read.started_on}
            )  # fmt: skip
        if here.person.search_name != read.folded_name:
            out.notes.append({"code": "named_otherwise", "name": str(here.person)})

    def _changes(self, here: Employment, read: Read, out: Outcome) -> dict[str, Any]:
        changes: dict[str, Any] = {}
        period = self.facts.periods.get(here.pk)
        if period:
            post = read.post if read.title else period.post
            assumed = any(note["code"] == "contact_assumed" for note in read.notes)
            contact = period.guest_contact if assumed else read.contact
            reason = read.reason if not contact else ""
            if contact == period.guest_contact:
                reason = period.no_contact_reason
            if (post, contact) != (period.post, period.guest_contact):
                if period.starts_on < self.today:
                    changes["post"] = {"post": post, "contact": contact, "reason": reason,
                                       "was": period.post}  # fmt: skip
                else:
                    out.notes.append({"code": "post_too_new"})
        if read.number and read.number != here.number:
            changes["number"] = {"was": here.number, "number": read.number}
        if read.email and not here.person.canonical.email:
            if read.email in self.facts.by_email:
                out.problems.append({"code": "other_name", "on": "email", "text": read.email})
            else:
                changes["email"] = read.email
        if read.sent_by and read.sent_by != here.sent_by:
            changes["sent_by"] = {"was": here.sent_by, "sent_by": read.sent_by}
        return changes

    def _unknown(self, read: Read, out: Outcome) -> None:
        """Somebody who does not work here: new, back again, or gone already."""
        place = out.facility
        assert place is not None  # noqa: S101 - asked before
        before = self._before(place, read, out)
        if out.problems:
            return
        started, ended = read.day("started_on"), read.day("ended_on")
        assert started is not None  # noqa: S101 - a row without one is a problem
        known = next((row for row in before if row.started_on == started), None)
        if known and ended:
            out.kind, out.employment, out.person = RowKind.SAME, known.pk, known.person_id
            return
        person = before[-1].person.canonical if before else self._person(read, out)
        if out.problems:
            return
        out.person = person.pk if person else None
        last = before[-1].ended_on if before else None
        if last and started <= last:
            out.problems.append(
                {"code": "left_here", "on": "started_on", "name": str(before[-1].person),
                 "left": last.isoformat(), "day": read.started_on}
            )  # fmt: skip
            return
        if ended and ended < self.today:
            out.kind = RowKind.PAST
        else:
            out.kind = RowKind.REHIRE if before else RowKind.JOINER

    def _before(self, place: int, read: Read, out: Outcome) -> list[Employment]:
        """Earlier employments of the same person at the facility, the latest last."""
        number, email = fold(read.number), read.email
        sure = [row for row in self.gone_by_number.get((place, number), []) if number]
        sure += [row for row in self.gone_by_email.get((place, email), []) if email]
        found = [row for row in sure if _is_named(row, read)]
        if not found and read.same_as != "other":
            named = self.gone_by_name.get((place, read.folded_name), [])
            exact = [row for row in named if row.started_on == read.day("started_on")]
            if exact or (named and read.same_as == "here"):
                found = exact or named
            elif named:
                out.problems.append(
                    {"code": "worked_here", "on": "same_as", "name": str(named[-1].person),
                     "left": str(named[-1].ended_on)}
                )  # fmt: skip
        people = {row.person.canonical.pk for row in found}
        ended = self.facts.ended.get(place, [])
        return sorted(
            (row for row in ended if row.person.canonical.pk in people),
            key=lambda row: row.ended_on or date.min,
        )

    def _person(self, read: Read, out: Outcome) -> Person | None:
        """Whose address it is; somebody known elsewhere only under the same name (as `hire`)."""
        person = self.facts.by_email.get(read.email) if read.email else None
        if person is None:
            return self._elsewhere_in_company(read, out)
        known = person.pk in self.facts.signed_in or person.pk in self.facts.employed
        if fold(person.last_name) != fold(read.last_name) or (
            known and fold(person.first_name) != fold(read.first_name)
        ):
            out.problems.append({"code": "other_name", "on": "email", "text": read.email})
            return None
        return person

    def _elsewhere_in_company(self, read: Read, out: Outcome) -> Person | None:
        """In a company's list: the one with this number and name in another of its facilities."""
        if self.facility is not None or not read.number:
            return None
        for place, rows in self.facts.open_ones.items():
            if place == out.facility:
                continue
            for row in self.here_by_number.get((place, fold(read.number)), []):
                if _is_named(row, read) and row in rows:
                    out.notes.append({"code": "moved", "place": row.organization_id})
                    return row.person.canonical
        return None


def _index(rows: dict[int, list[Employment]], key: Any) -> dict[tuple[int, str], list[Employment]]:
    found: dict[tuple[int, str], list[Employment]] = defaultdict(list)
    for place, employments in rows.items():
        for employment in employments:
            if value := key(employment):
                found[place, value].append(employment)
    return found


def _is_named(employment: Employment, read: Read) -> bool:
    """The same name, accents and case aside, in either order of its parts."""
    return sorted(employment.person.search_name.split()) == sorted(read.folded_name.split())


def _same_row(one: Read, other: Read) -> bool:
    return (
        one.number == other.number
        and one.started_on == other.started_on
        and one.ended_on == other.ended_on
        and one.email == other.email
    )


def _one_after_the_other(one: Read, other: Read) -> bool:
    """Two employments of one person that do not overlap: a leaving and a return."""
    first, second = sorted([one, other], key=lambda row: row.started_on)
    return bool(
        one.folded_name == other.folded_name
        and first.ended_on
        and second.started_on
        and first.ended_on < second.started_on
    )
