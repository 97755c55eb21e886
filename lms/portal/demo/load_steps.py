"""What people did in the demo's courses besides lessons and tests, so that the desk can show it.

Requests for a restricted course, proofs of what was taken elsewhere, signatures under a document
that has a new version since, and answers to a survey. Made once, at the first load, through the
real services.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from courses.models import CoursePage, DocumentPage, Enrolment, SurveyPage
from courses.selectors import where
from courses.services import (
    accept_proof,
    enrol,
    finish_lesson,
    give_survey,
    refuse_proof,
    send_part_proof,
    send_proof,
    sign_document,
)
from courses.services.plans import join_plan
from courses.survey_results import options
from lms.core.time import NEW_YORK
from lms.people.models import Person
from lms.portal.demo.load_plans import ELSEWHERE
from lms.trainings.access_models import AccessRequest
from lms.trainings.enums import Proof, TrainingKind
from lms.trainings.models import Training
from lms.trainings.services import access, requests

PROOF = Path(__file__).parent / "media" / "numbers-to-keep.pdf"
# Of nine made-up people, the first seven came to the end; the others wait for the office.
FINISHED, PEOPLE = 7, 9
# How each of them rated the survey's two questions, and what they took the course on.
RATINGS = (("5", "4"), ("4", "5"), ("4", "4"), ("3", "5"), ("5", "5"), ("2", "3"), ("4", "4"))
DEVICES = ((0,), (0,), (1,), (0, 1), (1,), (0,), (2,))
COMMENTS = {2: "A page to print would help in the field.", 5: "Too long for one sitting."}
NEW_WORDING = (
    "<h2>Newly added: interpreters</h2><p>Nobody of the family interprets. Ask for a professional"
    " interpreter before the talk begins, also on the telephone.</p>"
)


@transaction.atomic
def load_steps(*, today: date) -> None:
    """Requests for access, and the histories in the policy course."""
    if AccessRequest.objects.exists():
        return
    coordinator = Person.objects.get(email="coordinator@example.org")
    _ask_for_access(_training("casework-practice"), coordinator, today)
    policy = _training("policy-2020-05")
    people = [*_made_up(), Person.objects.get(email="trainer@example.org")]
    for number, person in enumerate(people):
        _take_policy(person, number, policy, coordinator, today)
    _publish_new_version(coordinator)
    _follow_plan(people[-2], today)


def _training(slug: str) -> Training:
    training = CoursePage.objects.get(slug=slug, locale__language_code="en").training()
    assert training is not None  # noqa: S101 - publishing made it
    return training


def _at(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), NEW_YORK)


def _ask_for_access(training: Training, coordinator: Person, today: date) -> None:
    """One waits too long, one has not typed the code yet, one was refused, one was let in.

    The office answers within a day, weekends included; the administrator is its deputy.
    """
    access.set_rule(
        training=training,
        target_days=1,
        every_day=True,
        deputy=Person.objects.get(email="admin@example.org"),
        grant_days=365,
        actor=coordinator,
        now=_at(today - timedelta(days=13)),
    )

    def ask(name: str, days: int, **given: Any) -> AccessRequest:
        person = Person.objects.get(email=f"{name}@example.org")
        asked = _at(today - timedelta(days=days))
        common: dict[str, Any] = {"proof": Proof.SUPERVISOR, "actor": person, "now": asked}
        return requests.ask(person=person, training=training, **{**common, **given})

    agency = "Harbor Family Services"
    boss = {"proof_address": "rebecca.stern@example.org"}
    late = ask("wei.zhang", 9, workplace=f"{agency}, foster care", **boss)
    requests.give_word(request=late, yes=True, now=_at(today - timedelta(days=8)))
    code = {"proof": Proof.AGENCY_EMAIL, "proof_address": "sofia.delacruz@example.org"}
    ask("sofia.delacruz", 1, workplace=f"{agency}, intake", **code)
    refused = ask("marcus.bell", 12, workplace="Agency", **boss)
    reason = "Please say in which unit you work, and ask again."
    requests.refuse(
        request=refused, reason=reason, actor=coordinator, now=_at(today - timedelta(days=11))
    )
    granted = ask("learner", 6, workplace=f"{agency}, preventive services", **boss)
    then = _at(today - timedelta(days=5))
    requests.give_word(request=granted, yes=True, now=then)
    until = today + timedelta(days=360)
    requests.grant(request=granted, expires_on=until, actor=coordinator, now=then)


def _made_up() -> Iterator[Person]:
    """People without an address, so that nobody is written to."""
    for number in range(1, PEOPLE + 1):
        person = Person(first_name="Made-up", last_name=f"Signer {number:02}")
        person.set_unusable_password()
        person.save()
        yield person


def _take_policy(
    person: Person, number: int, training: Training, coordinator: Person, today: date
) -> None:
    """The lesson, the proof and its answer, the signature, the survey; or as far as one came."""
    began = _at(today - timedelta(days=40 - 2 * number))
    enrolment = enrol(person=person, training=training, actor=person, now=began)
    finish_lesson(enrolment=enrolment, step_key="in-short", actor=person, now=began)
    proof = send_proof(
        enrolment=enrolment,
        step_key="basics-elsewhere",
        upload=SimpleUploadedFile("certificate.pdf", PROOF.read_bytes()),
        finished_on=began.date() - timedelta(days=30),
        actor=person,
        now=began,
    )
    answered = began + timedelta(days=1)
    if number == FINISHED:
        reason = "The file shows no date. Please send the certificate with its date."
        refuse_proof(proof=proof, reason=reason, actor=coordinator, now=answered)
    if FINISHED <= number < PEOPLE:
        return
    accept_proof(proof=proof, actor=coordinator, now=answered)
    _sign(enrolment, answered)
    _answer_survey(enrolment, number if number < FINISHED else 0, answered)


def _follow_plan(person: Person, today: date) -> None:
    """Joined, and the proof of the part that takes place elsewhere waits for the office."""
    training = Training.objects.get(kind=TrainingKind.PLAN)
    began = _at(today - timedelta(days=3))
    enrolment = join_plan(person=person, training=training, actor=person, now=began)
    send_part_proof(
        enrolment=enrolment,
        training=Training.objects.get(title=ELSEWHERE["title"]),
        upload=SimpleUploadedFile("certificate.pdf", PROOF.read_bytes()),
        finished_on=began.date() - timedelta(days=4),
        actor=person,
        now=began,
    )


def _sign(enrolment: Enrolment, now: datetime) -> None:
    step = where(Enrolment.objects.get(pk=enrolment.pk)).step("the-policy")
    assert step is not None  # noqa: S101 - the demo's course has it
    assert step.document is not None  # noqa: S101
    sign_document(
        enrolment=enrolment,
        step_key="the-policy",
        edition=step.document.edition,
        name=enrolment.person.get_full_name(),
        actor=enrolment.person,
        now=now,
    )


def _answer_survey(enrolment: Enrolment, number: int, now: datetime) -> None:
    first, second, devices = SurveyPage.objects.get(slug="how-was-it").questions
    shown = [key for key, _text in options(devices)]
    give_survey(
        enrolment=enrolment,
        step_key="how-was-it",
        answers={
            first.id: [RATINGS[number][0]],
            second.id: [RATINGS[number][1]],
            devices.id: [shown[place] for place in DEVICES[number]],
        },
        comment=COMMENTS.get(number, ""),
        actor=enrolment.person,
        now=now,
    )


def _publish_new_version(coordinator: Person) -> None:
    """The policy changes: who has signed it is asked again."""
    page = DocumentPage.objects.get(slug="the-policy")
    page.number = 2
    page.what_changed = "New: professional interpreters, never somebody of the family."
    page.body.append(("text", NEW_WORDING))
    page.save_revision(user=coordinator).publish(user=coordinator)
