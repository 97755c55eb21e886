"""Every address against every role, on the demo's real rows.

The addresses come from the URL configuration, so that a new view cannot be forgotten: without a
line in TABLE this test fails. A view lets somebody in when it answers with a page or leads on; the
sign-in page and 404 keep them out.
"""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from courses.models import CoursePage, LessonFile, Question
from courses.services import enrol
from events.mailing_letters import stop_token
from events.mailing_models import MailingList, Subscription
from events.models import Session
from events.series_models import SeriesPage
from events.speaker_models import Presenting, SessionMaterial
from events.wish_models import TrainingWish
from lms.certificates.models import Certificate
from lms.compliance.packet_models import InspectionPacket
from lms.compliance.packets.signing import all_keys
from lms.compliance.rules import GBL_205
from lms.core.models import TrialMail
from lms.people.models import Employment, Person
from lms.portal.desk.people.reach import people_in_reach
from lms.trainings.models import Training
from tests.factories.courses import complete_course
from tests.factories.people import become_guest, become_worker
from tests.factories.plans import demo_part
from tests.journeys.views_of_everybody import OF_EVERYBODY
from tests.journeys.views_of_lodging import OF_LODGING
from tests.journeys.views_of_the_desk import OF_THE_DESK
from tests.journeys.views_of_wagtail import OF_WAGTAIL
from tests.journeys.views_roles import ROLES

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("demo")]

OURS = ("lms.", "courses.", "events.")
# Who gets in. Lower rows are rooms' own tests' business: right role, wrong row, each method.
TABLE = {**OF_EVERYBODY, **OF_LODGING, **OF_THE_DESK, **OF_WAGTAIL}


def addresses() -> Iterator[tuple[str, str]]:
    """Name and route of every view of ours that has a name."""

    def walk(resolver: URLResolver, namespace: str, route: str) -> Iterator[tuple[str, str]]:
        for part in resolver.url_patterns:
            if isinstance(part, URLResolver):
                inner = f"{namespace}{part.namespace}:" if part.namespace else namespace
                yield from walk(part, inner, route + str(part.pattern))
            elif isinstance(part, URLPattern) and part.name:
                view = getattr(part.callback, "view_class", part.callback)
                if view.__module__.startswith(OURS):
                    yield f"{namespace}{part.name}", route + str(part.pattern)

    yield from walk(get_resolver(), "", "")


OWN_AND_OUTSIDE = ("facilities:worksheet", "facilities:attest", "facilities:proof")


@pytest.fixture
def rows(demo: None) -> dict[str, Any]:
    """The rows the addresses ask for: the learner's, the hotel's, the office's."""
    Person.objects.create_user("stranger@example.org", first_name="Sam", last_name="Stone")
    learner = Person.objects.get(email="learner@example.org")
    coordinator = Person.objects.get(email="coordinator@example.org")
    course = CoursePage.objects.live().get(slug="ctdb-elearning")
    training = course.training()
    assert training is not None
    series = SeriesPage.objects.get(slug="prevention-conference")
    question = Question.objects.filter(course_key=training.key).earliest("pk")
    enrolment = enrol(person=learner, training=training, language="en", actor=learner)
    mail = TrialMail.objects.create(to="a@example.org", subject="Hello", text="Hello", source="")
    no_row = {"key": "hudson-house", "pk": 0, "person": 0, "token": "not-a-token"}
    employment = Employment.objects.filter(
        organization__key="hudson-house", ended_on__isnull=True
    ).earliest("pk")
    hotel_course = CoursePage.objects.live().get(slug="gbl205-lodging")
    done = complete_course(learner, hotel_course)
    packet = InspectionPacket.objects.create(
        facility=employment.organization,
        rule=GBL_205,
        as_of=employment.started_on,
        requested_by=learner,
    )
    film = LessonFile.objects.get(name="three-steps.webm")
    certificate = Certificate.objects.get(completion__person=learner)
    session = Session.objects.filter(training__title="CTDB training").latest("starts_at")
    presenting = Presenting.objects.get(session__title="Listening without judging")
    return {
        "access": {"key": training.key, "token": "not-a-token"},
        "desk_access": {"pk": 0},
        "courses": {"key": training.key, "pk": enrolment.pk},
        "courses:plan": {"key": Training.objects.get(kind="plan").key},
        "courses:plan_part": demo_part(),
        "courses_under_way": {"pk": course.pk},
        "courses:step": {"key": "pre-test", "pk": enrolment.pk},
        "courses:answers": {"key": "pre-test", "pk": enrolment.pk},
        "agency": {
            "key": "harbor-family",
            "pk": Employment.objects.filter(organization__key="harbor-family").earliest("pk").pk,
            "training": Training.objects.get(title="CTDB training").key,
            "ending": "csv",
        },
        "courses:file": {"key": "what-to-do", "pk": done.pk, "file": film.pk},
        "lesson_file": {"file": film.pk},
        "wagtailsnippets_courses_lessonfile": {"pk": film.pk},
        "facilities": {
            "key": "hudson-house",
            "pk": employment.pk,
            "row": 0,
            "packet": packet.pk,
            "period": 0,
        },
        "review": {
            "table": "counties",
            "key": "hudson-house",
            "pk": 0,
            "place": 1,
            "proof": 0,
            "worksheet": 0,
        },
        "inspection": {"token": "not-a-token", "key_id": all_keys()[0].key_id},
        "wagtailsnippetchoosers_courses_lessonfile": {"pk": film.pk},
        "wagtailsnippetchoosers_courses_question": {"pk": question.pk},
        "wagtailadmin_api": {"pk": course.pk, "action_name": "copy"},
        "facilities:company_roster": {"key": "empire-lodging"},
        "facilities:group": {"key": "hudson-house", "pk": 0},
        "facilities:hold_end": {"key": "hudson-house", "pk": 0},
        **{name: no_row for name in TABLE if name.startswith(OWN_AND_OUTSIDE)},
        "device": {"pk": 0},
        "my": {"completion": certificate.completion_id},
        "facilities:company": {"key": "empire-lodging"},
        "facilities:company_programs": {"key": "empire-lodging"},
        "facilities:company_house": {"key": "empire-lodging"},
        "desk_sources": {"subject": "ny-gbl-205"},
        "facilities:last_packet": {"pk": 0},
        "facilities:handover_answer": {"token": "not-a-token"},
        "events": {"pk": session.pk, "token": "not-a-token"},
        "desk_mail": {"pk": 0},
        "desk_mailing": {
            "pk": MailingList.objects.earliest("pk").pk,
            "ending": "csv",
            "imported": 0,
            "sent": 0,
        },
        "events:mailing_stop": {
            "token": stop_token(Subscription.objects.earliest("pk")),
        },
        "desk_sessions": {"comment": uuid4(), "pk": session.pk, "seat": 0, "question": 0},
        "desk_sessions:figures_file": {"table": "month", "ending": "csv"},
        "desk_sessions:series_copy": {"pk": series.pk},
        "desk_sessions:wish": {"pk": TrainingWish.objects.earliest("pk").pk},
        "desk_sessions:speaker": {
            "pk": presenting.session_id,
            "presenting": presenting.pk,
        },
        "events:material": {"pk": SessionMaterial.objects.get().pk},
        "events:speaker_photo": {"pk": presenting.pk},
        "events:speaking_about": {"pk": presenting.speaker_id},
        "events:speaking_photo": {"pk": presenting.speaker_id},
        "events:speaking_session": {"pk": presenting.pk},
        "events:speaking_leave": {"pk": presenting.pk},
        "events:speaking_consent": {"pk": presenting.pk, "kind": "name"},
        "events:speaking_material": {
            "pk": presenting.pk,
            "material": SessionMaterial.objects.get().pk,
        },
        "events:speaking_proof": {"pk": presenting.pk},
        "events:series_register": {"pk": series.pk},
        "events:series_paper": {"pk": series.pk},
        "calendars:series": {"slug": series.slug},
        "courses:proof": {"pk": 0},
        "courses:image": {"pk": enrolment.pk, "key": "pre-test", "attempt": 0, "position": 1},
        "desk_learning": {"pk": learner.pk, "enrolment": done.pk, "attempt": 0, "arranged": 0},
        "desk_proofs": {"pk": 0},
        "desk_facilities": {"pk": 0, "into": 0, "duplicate": 0},
        "facilities:claim": {"pk": 0},
        "facilities:claim_withdraw": {"pk": 0},
        "desk_documents": {"pk": 0},
        "desk_programs": {"pk": 0},
        "desk_records": {"pk": 0},
        "desk_credit": {
            "office": training.owner.key,
            "accreditor": "nasw",
            "training": training.key,
        },
        "desk_surveys": {"pk": training.key, "training": training.pk, "survey": training.key},
        "desk_redaction": {"place": "events.seat", "row": "0"},
        "desk_people": {
            "pk": learner.pk,
            "hold": 0,
            "completion": certificate.completion_id,
            "other": people_in_reach(coordinator).exclude(pk=learner.pk).earliest("pk").pk,
            "merge": 0,
        },
        "desk_attendance": {"pk": session.pk, "report": 0, "person": 0},
        "desk_certificates": {"training": training.key, "session": session.pk, "pk": 0},
        "certificate_looks": {"office": training.owner.key, "training": training.key},
        "certificates": {"code": certificate.code, "completion_id": certificate.completion_id},
        "notices": {"token": "not-a-token"},
        "calendars": {"token": "not-a-token", "slug": "ctdb-training"},
        "desk_reports": {
            "pk": training.pk,
            "table": "gain",
            "ending": "csv",
            "wording": question.versions.earliest("pk").pk,
        },
        "language": {"code": "es"},
        "media": {"path": "images/none.png"},
        "trial_mail": {"pk": mail.pk},
        "trial_mail_calendar": {"pk": mail.pk},
        "wagtailusers_users": {"pk": learner.pk},
        "wagtailsnippets_courses_question": {
            "pk": question.pk,
            "number": 1,
            "course": course.pk,
            "form": "gift",
        },
    }


def who_gets_in(path: str) -> str:
    """The roles to whom the address opens, in the order of ROLES."""
    inside = ""
    for letter, email in ROLES.items():
        client = Client()
        if email:
            client.force_login(Person.objects.get(email=email))
        if letter == "g":
            become_guest(client)
        if letter == "d":
            become_worker(client)
        answer = client.get(path)
        led_away = answer.status_code == 302 and (
            answer["Location"].startswith("/accounts/login/")
            or answer["Location"] in {"/admin/", "/device/"}
        )
        if answer.status_code in {200, 302, 405, 409} and not led_away:
            inside += letter
    return inside


def test_every_view_lets_in_whom_it_should(rows: dict[str, Any]) -> None:
    found = {}
    for name, route in addresses():
        known = rows.get(name, rows.get(name.partition(":")[0], {}))
        wanted = {key: value for key, value in known.items() if f":{key}>" in route}
        found[name] = who_gets_in(reverse(name, kwargs=wanted))
    print({name: who for name, who in found.items() if TABLE.get(name) != who})  # noqa: T201
    assert found == TABLE
