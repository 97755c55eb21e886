"""The demo's organizations, people and hotel records, from organizations.yaml and people.yaml.

Every row is made once and then left alone, so that what somebody tried in the trial stays. Days are
counted back from the day of the first load; facts carry the moment they would have been recorded.
"""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from lms.completions.enums import SourceKind
from lms.completions.models import Completion
from lms.completions.services import record_completion
from lms.compliance.clock import clock_for
from lms.compliance.enums import Basis
from lms.compliance.models import FacilityProfile, ProgramApproval
from lms.compliance.rules import Rule, get_rule
from lms.compliance.services import approve_program, attest_conditions, describe_facility
from lms.core.time import NEW_YORK
from lms.people.demo import open_demo_pin, open_demo_sign_in
from lms.people.enums import OrganizationKind, Post, Role
from lms.people.models import Employment, Organization, Person
from lms.people.services import employ, end_employment, ensure_person, grant_role
from lms.people.state_office import let_speak_for_state
from lms.trainings.enums import TrainingKind
from lms.trainings.models import Training, TrainingVersion, VersionInForce
from lms.trainings.selectors import version_in_force
from lms.trainings.services import freeze

PLACE = ("street", "city", "county", "postcode", "contact_email", "contact_phone", "privacy_notice")
OUTSIDE_TITLE = "Recognize the signs: awareness for lodging employees"
NOT_ROLES = {"learner", "admin"}


def load_organizations_and_people(folder: Path, *, today: date) -> None:
    """Offices, agency, company, hotels; staff with their roles and sign-ins; everyone's employment.

    Trial only: staff get the published demo password.
    """
    _load_organizations(yaml.safe_load((folder / "organizations.yaml").read_text("utf-8")))
    people = yaml.safe_load((folder / "people.yaml").read_text("utf-8"))
    for record in people["staff"]:
        _load_staff(record, today)
    for record in [*people["agency_staff"], *people["employees"]]:
        _load_employee(record, today)


def load_facilities(folder: Path, *, today: date, version: TrainingVersion | None = None) -> None:
    """The hotels' training records, as `gbl205` of each employee in people.yaml says.

    `version` is the course they took; without it the course published last that covers every
    topic of GBL 205. Load organizations, people and courses before; LookupError where no course is
    there.
    """
    rule = get_rule()
    version = version or _newest_course(rule)
    if version is None:
        raise LookupError("Load the courses first: none covers the topics of GBL 205.")
    _approve_for_the_demo(version, today)
    outside = _outside_program(rule, today)
    people = yaml.safe_load((folder / "people.yaml").read_text("utf-8"))
    for record in people["employees"]:
        program = outside if record["gbl205"] == "outside_listed" else version
        if record["gbl205"] != "none":
            _load_history(record, program, rule, today)


@transaction.atomic
def _load_organizations(records: list[dict[str, Any]]) -> None:
    """Companies before their hotels, as the file has them."""
    for record in records:
        parent = record.get("parent")
        organization, _created = Organization.objects.get_or_create(
            key=record["key"],
            defaults={
                "kind": record["kind"],
                "name": record["name"],
                "short_name": record.get("short_name", ""),
                "parent": Organization.objects.get(key=parent) if parent else None,
                **{name: record.get(name, "") for name in PLACE},
            },
        )
        if record.get("speaks_for_state"):
            let_speak_for_state(office=organization, actor=None)
        is_facility = organization.kind == OrganizationKind.FACILITY
        known = FacilityProfile.objects.filter(organization=organization).exists()
        if is_facility and not known:
            describe_facility(
                facility=organization,
                rooms_for_hire=record["rooms_for_hire"],
                owner_lives_there=record["owner_lives_there"],
                is_dwelling=False,
                actor=None,
            )


@transaction.atomic
def _load_staff(record: dict[str, Any], today: date) -> None:
    """Somebody who signs in to try the site. "learner" and "admin" are no roles of ours."""
    person = ensure_person(
        email=record["email"],
        first_name=record["first_name"],
        last_name=record["last_name"],
        actor=None,
    )
    open_demo_sign_in(person)
    for held in record["roles"]:
        if held["role"] == "admin" and not person.is_superuser:
            person.is_superuser = True
            person.save(update_fields=["is_superuser"])
        if held["role"] not in NOT_ROLES:
            grant_role(
                person=person,
                role=Role(held["role"]),
                organization=Organization.objects.get(key=held["organization"]),
                actor=None,
            )
        if held["role"] in {"learner", "liaison"}:
            _employ_once(person, held["organization"], today - timedelta(days=420))


def _employ_once(person: Person, organization: str, started_on: date) -> None:
    """An employment of somebody with an address, who can be found again by it."""
    place = Organization.objects.get(key=organization)
    if not Employment.objects.filter(person=person.canonical, organization=place).exists():
        employ(
            person=person,
            organization=place,
            started_on=started_on,
            actor=None,
            now=_at(started_on),
        )


@transaction.atomic
def _load_employee(record: dict[str, Any], today: date) -> None:
    """A colleague at the agency, or an employee of a hotel with number and post."""
    place = Organization.objects.get(key=record["organization"])
    started_on = today - timedelta(days=record["hired_days_ago"])
    number = record.get("number", "")
    if number and Employment.objects.filter(organization=place, number=number).exists():
        return
    person = ensure_person(
        email=record["email"],
        first_name=record["first_name"],
        last_name=record["last_name"],
        language=record["language"],
        actor=None,
    )
    if not number:
        _employ_once(person, record["organization"], started_on)
        return
    employment = employ(
        person=person,
        organization=place,
        started_on=started_on,
        number=number,
        post=Post(record["post"]),
        guest_contact=record["guest_contact"],
        no_contact_reason=record.get("guest_contact_reason", ""),
        actor=None,
        now=_at(started_on),
    )
    if not record["email"] and record["left_days_ago"] is None and record["gbl205"] == "none":
        open_demo_pin(employment)
    if record["left_days_ago"] is not None:
        ended_on = today - timedelta(days=record["left_days_ago"])
        end_employment(employment=employment, ended_on=ended_on, actor=None, now=_at(ended_on))


def _newest_course(rule: Rule) -> TrainingVersion | None:
    """The course published last whose version in force covers every topic of the rule."""
    covering = VersionInForce.objects.filter(
        training__kind=TrainingKind.COURSE,
        version__spec__topics__contains=sorted(rule.topic_codes),
    )
    for row in covering.select_related("training", "version").order_by("-since", "-id"):
        if version_in_force(row.training) == row.version:
            return row.version
    return None


def _approve_for_the_demo(version: TrainingVersion, today: date) -> None:
    """The sample course counts as the state office's in the demo, and says that it is a sample.

    Recorded long ago, so that the record of an earlier day knows it.
    """
    if not ProgramApproval.objects.filter(training=version.training).exists():
        approve_program(
            training=version.training,
            basis=Basis.STATE_MADE,
            approved_by="State office, sample approval for the demonstration",
            actor=None,
            now=_at(today - timedelta(days=1500)),
        )


@transaction.atomic
def _outside_program(rule: Rule, today: date) -> TrainingVersion:
    """A program from elsewhere that stands on the (made-up) state list."""
    training, _created = Training.objects.get_or_create(
        title=OUTSIDE_TITLE,
        kind=TrainingKind.OUTSIDE,
        owner=Organization.objects.get(key="state-office"),
    )
    return version_in_force(training) or freeze(
        training=training,
        spec={
            "title": OUTSIDE_TITLE,
            "provider": "Sample lodging association",
            "kind": TrainingKind.OUTSIDE,
            "minutes": 30,
            "topics": sorted(rule.topic_codes),
            "credits": [],
            "language": "en",
            "languages": ["en", "es"],
            "approval": {
                "basis": Basis.STATE_LISTED,
                "by": "",
                "link": "https://www.example.org/list-of-programs",
                "checked_on": (today - timedelta(days=20)).isoformat(),
            },
        },
        actor=None,
    )


@transaction.atomic
def _load_history(
    record: dict[str, Any], program: TrainingVersion, rule: Rule, today: date
) -> None:
    """One training and, unless only the topics are to be shown, the manager's signature."""
    key = f"demo-{record['number']}"
    kind = SourceKind.OUTSIDE_PROOF if record["gbl205"] == "outside_listed" else SourceKind.IMPORT
    if Completion.objects.filter(source_kind=kind, source_key=key).exists():
        return
    employment = Employment.objects.select_related("person", "organization").get(
        organization__key=record["organization"], number=record["number"]
    )
    day = _trained_on(employment, rule, late=record["gbl205"] == "late")
    why = (
        "The employee brought the certificate of a listed program."
        if kind == SourceKind.OUTSIDE_PROOF
        else "Taken over from the hotel's earlier training records."
    )
    completion = record_completion(
        person=employment.person,
        version=program,
        source_kind=kind,
        source_key=key,
        occurred_on=day,
        evidence={"why": why},
        language="en",
        now=_at(day),
    )
    if record["gbl205"] != "topics_only":
        signed_late = record["gbl205"] == "signed_late"
        signed_on = today - timedelta(days=12) if signed_late else day + timedelta(days=1)
        attest_conditions(
            employment=employment,
            completion=completion,
            on_premises=True,
            paid_time=True,
            actor=_manager_of(employment.organization),
            now=_at(signed_on),
        )


def _trained_on(employment: Employment, rule: Rule, *, late: bool) -> date:
    """A day between hire and due date, or some days after; the same for the same employee."""
    clock = clock_for(rule, employment.started_on, employment.started_on)
    spread = int(employment.number.rpartition("-")[2]) * 7 % 35
    if late:
        return clock.last_day + timedelta(days=3 + spread)
    return clock.due_on - timedelta(days=5 + spread)


def _manager_of(facility: Organization) -> Person | None:
    """Who would have signed: the hotel's manager, else the company's."""
    places = [facility.pk, facility.parent_id]
    roles = [Role.MANAGER, Role.COMPANY_MANAGER]
    return (
        Person.objects.filter(
            roles__organization__in=places, roles__role__in=roles, roles__ended_at__isnull=True
        )
        .order_by("roles__started_at", "pk")
        .first()
    )


def _at(day: date) -> datetime:
    """Nine in the morning in New York."""
    return datetime.combine(day, time(9), tzinfo=NEW_YORK)
