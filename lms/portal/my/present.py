"""Of which rare things somebody has any, asked in one query: most people have none of them.

My learning shows documents to sign again, what was asked for, plans, what was handed out, and the
way to a speaker's pages. Each is a query of its own, which is asked only where this says yes.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from courses.models import DocumentSignature, PlanEnrolment
from events.models import Registration
from events.speaker_models import SessionMaterial, SessionRecording
from events.speaker_selectors import rows_of_speaker
from lms.core.prepared import Prepared, given, given_person
from lms.people.models import Person
from lms.trainings.access_models import AccessRequest


@dataclass(frozen=True)
class Present:
    """Whether there is anything of each; what is there is decided where it is read."""

    signed: bool
    asked: bool
    plans: bool
    handed_out: bool
    speaks: bool


@Prepared
def _present() -> "QuerySet[Person, dict[str, Any]]":
    person = given_person("person", is_guest=False)
    with_something = Exists(
        SessionMaterial.objects.filter(presenting__session=OuterRef("session"))
    ) | Exists(SessionRecording.objects.filter(session=OuterRef("session")))
    return (
        Person.objects.filter(pk=given("person"))
        .annotate(
            signed=Exists(DocumentSignature.objects.visible_to(person)),
            asked=Exists(AccessRequest.objects.of(person)),
            plans=Exists(PlanEnrolment.objects.visible_to(person).active()),
            handed_out=Exists(Registration.objects.of(person).live().filter(with_something)),
            speaks=Exists(rows_of_speaker(person, given("email"))),
        )
        .values("signed", "asked", "plans", "handed_out", "speaks")
    )


def present(person: Person) -> Present:
    """What the person has any of; one query."""
    found = _present.first(person=person, email=person.email or "nobody")
    return Present(**found) if found else Present(*[False] * 5)
