"""A state's worth of rows: facilities with their employees, learners, a ledger of many years.

For measuring only: names are numbers, certificates have facts and codes but no documents. What is
written is what the services would have written, checked by the same constraints. Every choice
follows from the row's number, so that two loads are alike.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from lms.certificates import codes
from lms.certificates.facts import facts_of
from lms.certificates.models import Certificate, CertificateRevision
from lms.completions.enums import SourceKind
from lms.completions.models import Completion
from lms.compliance.models import ConditionAttestation, FacilityProfile
from lms.compliance.rules import get_rule
from lms.core.canonical import canonical_json, digest
from lms.core.time import NEW_YORK
from lms.people.enums import OrganizationKind, Post
from lms.people.models import Employment, EmploymentPeriod, Organization, Person
from lms.portal.demo.scale_rows import copy_rows, keys_checked_at_the_end, next_pk
from lms.trainings.models import TrainingVersion
from lms.trainings.selectors import version_in_force

KEY = "scale"
COUNTIES = (
    "New York", "Kings", "Queens", "Bronx", "Richmond", "Albany", "Erie", "Monroe", "Onondaga",
    "Suffolk", "Nassau", "Westchester", "Warren", "Saratoga", "Ulster", "Niagara",
)  # fmt: skip
FIRST = ("Ana", "Bo", "Carla", "Dmitri", "Ebele", "Farah", "Grace", "Hiro", "Ines", "Jamal")
LAST = ("Abreu", "Brown", "Chen", "Diaz", "Evans", "Farouk", "Garcia", "Hassan", "Ivanov", "Jones")
POSTS = (Post.HOUSEKEEPING, Post.HOUSEKEEPING, Post.FRONT_DESK, Post.FOOD_AND_BEVERAGE)
# Of the learners, so many work in a facility; the others are caseworkers and police.
IN_FACILITIES = 0.75
PER_COMPANY = 12
WRITTEN = (
    Organization, FacilityProfile, Person, Employment, EmploymentPeriod, Completion,
    ConditionAttestation, Certificate, CertificateRevision,
)  # fmt: skip


@dataclass(frozen=True)
class Size:
    """How much to load."""

    facilities: int
    learners: int
    completions: int


@dataclass(frozen=True)
class _Hired:
    """What the ledger must know of an employment."""

    pk: int
    person: int
    number: int
    started_on: date
    ended_on: date | None


def load_scale(size: Size, *, today: date, say: Any = None) -> dict[str, int]:
    """Write the rows once and return how many of each; a second load writes nothing.

    Needs the demo (its courses and people). LookupError where no course covers GBL 205.
    """
    if Organization.objects.filter(key__startswith=f"{KEY}-").exists():
        return {}
    say = say or (lambda _words: None)
    written: dict[str, int] = {}
    with transaction.atomic(), keys_checked_at_the_end(*WRITTEN):
        say(f"{size.facilities} facilities")
        places = _facilities(size, written)
        say(f"{size.learners} people and their employments")
        people = _people(size, written)
        hired = _employments(size, people, places, today, written)
        say(f"{size.completions} completions with their certificates")
        _ledger(size, people, hired, today, written)
    say("statistics for the planner")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return written


def _facilities(size: Size, written: dict[str, int]) -> range:
    """Companies of twelve, then the facilities, each with its profile."""
    start = next_pk(Organization)
    companies = size.facilities // PER_COMPANY
    first = start + companies
    kinds = {"kind": OrganizationKind.FACILITY}

    def rows() -> Iterator[dict[str, Any]]:
        for n in range(companies):
            name = f"Scale Lodging {n:03}"
            yield {"id": start + n, "key": f"{KEY}-company-{n}", "name": name,
                   "search_name": name.lower(), "kind": OrganizationKind.COMPANY}  # fmt: skip
        for n in range(size.facilities):
            name = f"Scale Hotel {n:05}"
            company = n // PER_COMPANY
            yield {
                "id": first + n,
                "key": f"{KEY}-{n}",
                "name": name,
                "search_name": name.lower(),
                # Every other run of twelve belongs to a company.
                "parent_id": start + company if company < companies and company % 2 else None,
                "county": COUNTIES[n % len(COUNTIES)],
                **kinds,
            }

    written["organizations"] = copy_rows(Organization(kind=OrganizationKind.FACILITY), rows())
    places = range(first, first + size.facilities)
    profile = FacilityProfile(rooms_for_hire=40, owner_lives_there=False, is_dwelling=False)
    begin = next_pk(FacilityProfile)
    written["profiles"] = copy_rows(
        profile, ({"id": begin + n, "organization_id": pk} for n, pk in enumerate(places))
    )
    return places


def _name(number: int) -> tuple[str, str]:
    return FIRST[number % 10], f"{LAST[number // 10 % 10]} {number:06}"


def _people(size: Size, written: dict[str, int]) -> range:
    """Learners; a third of them have an address."""
    start = next_pk(Person)

    def rows() -> Iterator[dict[str, Any]]:
        for n in range(size.learners):
            first, last = _name(n)
            yield {
                "id": start + n,
                "email": f"{KEY}{n}@example.org" if n % 3 == 0 else None,
                "first_name": first,
                "last_name": last,
                "sort_name": f"{last} {first}".lower(),
                "search_name": f"{first} {last}".lower(),
            }

    like = Person(email=None)
    like.set_unusable_password()
    written["people"] = copy_rows(like, rows())
    return range(start, start + size.learners)


def _employments(
    size: Size, people: range, places: range, today: date, written: dict[str, int]
) -> list[_Hired]:
    """One in five has left; hire days reach four years back, and a few weeks ahead."""
    chance = random.Random(205)  # noqa: S311 - the same each time, and nothing secret
    start = next_pk(Employment)
    hired = []
    for n in range(int(size.learners * IN_FACILITIES) if places else 0):
        begun = today - timedelta(days=chance.randint(-14, 4 * 365))
        stayed = chance.randint(20, 900)
        left = chance.random() < 0.2 and begun + timedelta(days=stayed) < today
        ended = begun + timedelta(days=stayed) if left else None
        hired.append(_Hired(start + n, people[n], n, begun, ended))
    written["employments"] = copy_rows(
        Employment(),
        (
            {
                "id": row.pk,
                "person_id": row.person,
                "organization_id": places[row.number % len(places)],
                "number": f"S-{row.number:06}",
                "started_on": row.started_on,
                "ended_on": row.ended_on,
                "recorded_at": _noon(row.started_on),
            }
            for row in hired
        ),
    )
    begin = next_pk(EmploymentPeriod)
    written["posts"] = copy_rows(
        EmploymentPeriod(guest_contact=True),
        (
            {
                "id": begin + row.number,
                "employment_id": row.pk,
                "post": POSTS[row.number % len(POSTS)],
                "starts_on": row.started_on,
                "ends_on": row.ended_on,
                "recorded_at": _noon(row.started_on),
            }
            for row in hired
        ),
    )
    return hired


def _noon(day: date) -> datetime:
    """When something of that day was recorded."""
    return datetime.combine(day, time(12), NEW_YORK)


@dataclass(frozen=True)
class _Done:
    """A completion to be written."""

    pk: UUID
    person: int
    version: int
    day: date
    employment: int = 0


def _versions() -> list[TrainingVersion]:
    """The course for GBL 205 first, then whatever else the demo can be completed in."""
    rule = get_rule()
    inforce = [
        version
        for version in TrainingVersion.objects.select_related("training__owner").order_by("pk")
        if version.spec.get("minutes") and version == version_in_force(version.training)
    ]
    covering = [version for version in inforce if rule.topic_codes <= set(version.topics)]
    if not covering:
        raise LookupError("Load the demo first: no course covers the topics of GBL 205.")
    return [covering[0], *(version for version in inforce if version not in covering)]


def _ledger(
    size: Size, people: range, hired: list[_Hired], today: date, written: dict[str, int]
) -> None:
    """Four in five employees have their law's training; the rest is years of others."""
    chance = random.Random(1_000_000)  # noqa: S311
    versions = _versions()
    done = []
    for row in hired:
        day = row.started_on + timedelta(days=chance.randint(1, 70))
        in_time = day <= (row.ended_on or today)
        if in_time and day <= today and chance.random() < 0.8 and len(done) < size.completions:
            done.append(_Done(_uuid(chance), row.person, 0, day, row.pk))
    while len(done) < size.completions:
        day = today - timedelta(days=chance.randint(0, 6 * 365))
        other = chance.randrange(1, len(versions)) if len(versions) > 1 else 0
        done.append(_Done(_uuid(chance), people[chance.randrange(len(people))], other, day))
    written["completions"] = _completions(done, versions)
    signed = ((n, one) for n, one in enumerate(row for row in done if row.employment))
    begin = next_pk(ConditionAttestation)
    written["signatures"] = copy_rows(
        ConditionAttestation(on_premises=True, paid_time=True),
        (
            {
                "id": begin + n,
                "employment_id": one.employment,
                "completion_id": one.pk,
                "attested_at": _noon(one.day),
            }
            for n, one in signed
        ),
    )
    written["certificates"] = _certificates(done, versions, people.start)


def _uuid(chance: random.Random) -> UUID:
    return UUID(int=chance.getrandbits(128), version=4)


def _completions(done: list[_Done], versions: list[TrainingVersion]) -> int:
    evidence = {"why": "Passed the test with 9 of 10."}
    likes = {
        "evidence": canonical_json(evidence),
        "evidence_hash": digest(evidence),
        "source_kind": SourceKind.ENROLMENT,
    }
    of_version: list[dict[str, Any]] = [
        {
            **likes,
            "training_id": version.training_id,
            "version_id": version.pk,
            "minutes": version.spec["minutes"],
            "topics": canonical_json(version.topics),
            "credits": canonical_json(version.spec.get("credits", [])),
        }
        for version in versions
    ]
    return copy_rows(
        Completion(evidence=evidence, minutes=0),
        (
            {
                "id": one.pk,
                "person_id": one.person,
                "source_key": f"{KEY}-{n}",
                "occurred_on": one.day,
                "recorded_at": _noon(one.day),
                **of_version[one.version],
            }
            for n, one in enumerate(done)
        ),
    )


def _certificates(done: list[_Done], versions: list[TrainingVersion], first: int) -> int:
    """A certificate for each, with the facts that would have been issued, and no document."""
    chance = random.Random(12)  # noqa: S311
    start = next_pk(Certificate)
    names: dict[int, str] = {}
    drawn = {"file": f"{KEY}/none.pdf", "file_hash": "0" * 64}

    def code() -> str:
        return "".join(chance.choices(codes.ALPHABET, k=codes.LENGTH))

    numbered = [(n, one, code()) for n, one in enumerate(done)]
    count = copy_rows(
        Certificate(),
        (
            {"id": start + n, "code": code, "completion_id": one.pk, "created_at": _noon(one.day)}
            for n, one, code in numbered
        ),
    )
    base = [_facts(version) for version in versions]
    begin = next_pk(CertificateRevision)

    def revisions() -> Iterator[dict[str, Any]]:
        for n, one, code in numbered:
            name = names.setdefault(one.person, " ".join(_name(one.person - first)))
            day = one.day.isoformat()
            facts = {
                **base[one.version],
                "code": code,
                "name": name,
                "occurred_on": day,
                "issued_on": day,
            }
            yield {
                "id": begin + n,
                "certificate_id": start + n,
                "facts": canonical_json(facts),
                "facts_hash": digest(facts),
                "issued_at": _noon(one.day),
                "drawn_at": _noon(one.day),
                **drawn,
            }

    copy_rows(CertificateRevision(facts={}), revisions())
    return count


def _facts(version: TrainingVersion) -> dict[str, Any]:
    """What a certificate of this version says, whoever's it is."""
    like = Completion(
        training=version.training,
        version=version,
        source_kind=SourceKind.ENROLMENT,
        occurred_on=version.created_at.date() if hasattr(version, "created_at") else date.min,
        minutes=version.spec["minutes"],
        topics=version.topics,
        credits=version.spec.get("credits", []),
        evidence={},
    )
    facts = facts_of(like, credit=[], papers=[], code="", name="", issued_on=like.occurred_on)
    return facts.dump()
