"""What was recorded about an employee after a day: why a line reads otherwise now than then."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from lms.compliance.known import Known
from lms.core.time import new_york_date, short_date
from lms.people.correction_models import EmploymentCorrection
from lms.people.enums import Corrected
from lms.people.models import Employment

# When something was recorded, if it was, and what in words.
Told = tuple[datetime | None, str]


@dataclass(frozen=True)
class Since:
    """Something recorded later: on which New York day, and what in words."""

    on: date
    words: str


def recorded_since(
    known: Known, employment: Employment, as_of: date, end: datetime
) -> tuple[Since, ...]:
    """What was recorded after `end` and bears on the day `as_of`, old to new; no names in it.

    `known` comes with its history (`Known.with_history`).
    """
    told = [
        *_about_employment(known, employment, as_of),
        *_about_trainings(known, employment, as_of),
        *((row.recorded_at, _("An exemption was recorded."))
          for row in known.exemptions.get(employment.pk, [])),
    ]  # fmt: skip
    found = [Since(new_york_date(at), words) for at, words in told if at and at > end]
    return tuple(sorted(dict.fromkeys(found), key=lambda one: one.on))


def _about_employment(known: Known, employment: Employment, as_of: date) -> Iterator[Told]:
    yield employment.recorded_at, _("The employment was recorded.")
    for period in known.posts(employment)[1:]:
        if period.starts_on <= as_of:
            yield period.recorded_at, _("A change of post was recorded.")
    for at, day in known.ends.get(employment.pk, []):
        if day is None:
            yield at, _("A last day of work was taken back.")
        elif day <= as_of:
            words = _("The last day of work was recorded: %(day)s.") % {"day": short_date(day)}
            yield at, words

    for fixed in known.corrections.get(employment.pk, []):
        if words := _correction(fixed, as_of):
            yield fixed.corrected_at, words


def _correction(fixed: EmploymentCorrection, as_of: date) -> str:
    """What was corrected, if it bears on the day; the reason stays with the facility."""
    if fixed.kind == Corrected.HIRED:
        return _("The hire date was corrected from %(was)s to %(became)s.") % {
            "was": _short(fixed.was["started_on"]),
            "became": _short(fixed.became["started_on"]),
        }
    if fixed.kind == Corrected.NUMBER:
        return _("The employee number was corrected.")
    if fixed.kind == Corrected.POST:
        first = min(fixed.was["starts_on"], fixed.became["starts_on"])
        if first <= as_of.isoformat():
            return _("The post since %(day)s was corrected.") % {
                "day": _short(fixed.became["starts_on"])
            }
    return ""


def _short(day: str) -> str:
    return short_date(date.fromisoformat(day))


def _about_trainings(known: Known, employment: Employment, as_of: date) -> Iterator[Told]:
    person = employment.person.canonical_person_id or employment.person_id
    for row in known.completions.get(person, []):
        if row["occurred_on"] > as_of:
            continue
        day = {"day": short_date(row["occurred_on"])}
        yield row["recorded_at"], _("The training of %(day)s was recorded.") % day
        yield row["revoked_at"], _("The training of %(day)s was revoked.") % day
        words = _("Place and pay of the training of %(day)s were signed for.") % day
        for signed in known.attestations.get((employment.pk, str(row["id"])), []):
            yield signed.attested_at, words
        words = _("The approval of the program of %(day)s was recorded.") % day
        for approval in known.approvals.get(row["training_id"], []):
            if approval.version_id in (None, row["version_id"]):
                yield approval.recorded_at, words
