"""Every address against every role, on the demo's real rows.

The addresses come from the URL configuration, so that a new view cannot be forgotten: without a
line in TABLE this test fails. A view lets somebody in when it answers with a page or leads on; the
sign-in page and 404 keep them out.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from courses.models import CoursePage, LessonFile, Question
from courses.services import enrol
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
from lms.trainings.models import Training
from tests.factories.courses import complete_course
from tests.factories.people import become_guest, become_worker
from tests.factories.plans import demo_part
from tests.journeys.views_of_wagtail import OF_WAGTAIL

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("demo")]

OURS = ("lms.", "courses.", "events.")
ROLES = {
    "A": None,  # nobody signed in
    "s": "stranger@example.org",  # signed in, no role, no row of their own
    "l": "learner@example.org",  # owns the enrolment asked for
    "c": "coordinator@example.org",  # of the office that owns the session and the course
    "m": "manager@example.org",  # of the hotel asked for
    "x": "lakeside@example.org",  # manager of another hotel
    "o": "company@example.org",  # of the company the hotel belongs to
    "i": "liaison@example.org",  # of the agency asked for
    "a": "admin@example.org",
    "d": None,  # a worker at a shared device of that hotel, who has one course and no more
    "g": None,  # a guest, who takes a course without an account: signed out everywhere else
}
ALL = "Aslcmxoiag"
SIGNED_IN = "slcmxoia"
AND_WORKERS = "Aslcmxoiadg"
# Who gets in. Lower rows are rooms' own tests' business: right role, wrong row, each method.
TABLE = {
    "healthz": ALL,
    "media": "",  # no picture lies at the address asked for
    "readyz": ALL,
    "language": AND_WORKERS,
    "device:home": AND_WORKERS,
    "device:start": "",  # without a device, or signed in on it: led to where one signs in
    "device:begin": AND_WORKERS,  # only takes a POST
    "device:switch": AND_WORKERS,  # only takes a POST
    "device:confirm": AND_WORKERS,  # only takes a POST
    "facilities:proofs": "moa",
    "facilities:proof_new": "moa",
    "facilities:proof": "",  # no such proof
    "facilities:proof_file": "",
    "facilities:proof_out": ALL,  # only takes a POST
    "facilities:programs": "moa",
    "facilities:worksheet_new": "moa",
    "facilities:worksheet": "",  # no such worksheet
    "facilities:worksheet_edit": "",
    "facilities:worksheet_send": ALL,  # only takes a POST
    "facilities:worksheet_back": ALL,  # only takes a POST
    "facilities:worksheet_drop": ALL,  # only takes a POST
    "facilities:worksheet_material": "",
    "facilities:worksheet_paper": "",
    "facilities:attest": "",  # a forged link
    "facilities:attest_words": "",
    "facilities:attest_decline": "",
    "facilities:attest_material": "",
    "facilities:attest_paper": "",
    "facilities:groups": "moa",
    "facilities:group_new": "moa",
    "facilities:group": "",  # no such training
    "facilities:devices": "moa",
    "facilities:device_remove": ALL,  # only takes a POST
    "facilities:start_codes": "moa",
    "facilities:start_code": "moa",
    "account_profile": SIGNED_IN,
    "account_login": ALL,
    "account_login_password": ALL,
    "account_login_passkey": ALL,
    "account_confirm_login_code": SIGNED_IN,  # led on: already signed in
    "account_signup": ALL,
    "calendars:personal": "",
    "calendars:training": ALL,
    "calendars:series": ALL,
    "certificates:verify": ALL,
    "certificates:verified": ALL,
    "certificates:document": "l",
    "certificates:document_of_completion": "l",
    "my:learning": SIGNED_IN,
    "my:transcript": SIGNED_IN,
    "notices:reminders": SIGNED_IN,
    "notices:by_link": "",  # a forged link
    "my:transcript_pdf": SIGNED_IN,
    "my:transcript_csv": SIGNED_IN,
    "my:hours_csv": SIGNED_IN,
    "wagtailusers_users:index": "a",
    "wagtailusers_users:index_results": "a",
    "wagtailusers_users:add": "a",
    "wagtailusers_users:edit": "a",
    "wagtailusers_users:delete": "ca",  # both are led back: nobody is deleted
    "trial_mails": ALL,
    "trial_mail": ALL,
    "trial_mail_calendar": "",  # the mail asked for carries no calendar
    "styleguide": ALL,
    "facilities:home": ALL,
    "facilities:company": "oa",
    "facilities:facility": "moa",
    "facilities:about": "moa",
    "facilities:today": "moa",
    "facilities:record": "moa",
    "facilities:record_csv": "moa",
    "facilities:packets": "moa",
    "facilities:packet": "moa",
    "facilities:packet_file": "moa",  # led to its page: it is not made yet
    "facilities:link_end": ALL,  # only takes a POST
    "facilities:sign": "moa",
    "facilities:sign_confirm": "moa",
    "facilities:add": "moa",
    "facilities:employee": "moa",
    "facilities:post": "moa",
    "facilities:leaving": "moa",
    "facilities:undo": ALL,  # only takes a POST, and says so to everybody
    "inspection:check": ALL,
    "inspection:keys": ALL,
    "inspection:key": ALL,
    "inspection:link": "",  # no such link
    "inspection:link_packet": "",
    "facilities:roster": "moa",
    "facilities:roster_list": "",  # no such list
    "facilities:roster_columns": "",
    "facilities:roster_titles": "",
    "facilities:roster_answers": ALL,  # only takes a POST
    "facilities:roster_row": "",
    "facilities:roster_confirm": ALL,  # only takes a POST
    "facilities:roster_undo": ALL,  # only takes a POST
    "facilities:roster_drop": ALL,  # only takes a POST
    "facilities:company_roster": "oa",
    "facilities:company_roster_list": "",
    "facilities:company_roster_columns": "",
    "facilities:company_roster_titles": "",
    "facilities:company_roster_answers": ALL,  # only takes a POST
    "facilities:company_roster_row": "",
    "facilities:company_roster_confirm": ALL,  # only takes a POST
    "facilities:company_roster_undo": ALL,  # only takes a POST
    "facilities:company_roster_drop": ALL,  # only takes a POST
    "agency:home": "ia",
    "agency:overview": "ia",
    "agency:everything": "ia",
    "agency:assign": "ia",
    "agency:people": "ia",
    "agency:add": "ia",
    "agency:person": "ia",
    "agency:leaving": "ia",
    "agency:undo": ALL,  # only takes a POST
    "agency:training": "ia",
    "agency:table": "ia",
    "agency:withdraw": ALL,  # only takes a POST
    "agency:again": ALL,  # only takes a POST
    "agency:enrol": ALL,  # only takes a POST
    "agency:dates": "ia",
    "desk:overview": "ca",
    "desk:disagreements": "ca",
    "desk:outage": "ca",
    "desk:undelivered": "a",
    "desk_reports:courses": "ca",
    "desk_reports:course": "ca",
    "desk_reports:questions": "ca",
    "desk_reports:question": "ca",
    "desk_reports:table": "ca",
    "desk_sessions:list": "ca",
    "desk_sessions:new": "ca",
    "desk_sessions:many": "ca",
    "desk_sessions:requests": "ca",
    "desk_sessions:series": "ca",
    "desk_sessions:wishes": "ca",
    "desk_sessions:door": "ca",
    "desk_sessions:walk_in": "ca",
    "desk_sessions:sheet": "ca",
    "desk_sessions:figures": "ca",
    "desk_sessions:figures_file": "ca",
    "desk_sessions:message": "ca",
    "desk_sessions:roster_xlsx": "ca",
    "desk_sessions:roster_pdf": "ca",
    "desk_sessions:poster": "ca",
    "desk_sessions:wish": "ca",
    "desk_sessions:series_copy": "ca",
    "desk_sessions:questions": "ca",
    "desk_sessions:retire": ALL,  # only takes a POST
    "desk_sessions:answers": "ca",
    "desk_sessions:needs": "c",  # not even the administrator: nothing is arranged there
    "desk_sessions:session": "ca",
    "desk_sessions:roster_csv": "ca",
    "desk_sessions:time": "ca",
    "desk_sessions:details": "ca",
    "desk_sessions:cancel": "ca",
    "desk_sessions:webex": ALL,  # only takes a POST
    "desk_sessions:webex_remove": "ca",
    "desk_sessions:register_people": "ca",
    "desk_sessions:speakers": "ca",
    "desk_sessions:recording": ALL,  # only takes a POST
    "desk_sessions:speaker": "ca",
    "desk_sessions:offer": "",  # nobody waits here
    "desk_sessions:remove": "",
    "desk_people:search": "ca",
    "desk_people:person": "ca",
    "desk_people:enter": "ca",
    "desk_people:take_back": "",  # that certificate was not entered by hand
    "desk_learning:course": "a",  # the state's course; the city's coordinator is no business of it
    "desk_learning:void": "",  # no such try
    "desk_learning:outage": "",
    "desk_learning:extra_time": "ca",
    "desk_learning:end_extra_time": ALL,  # only takes a POST
    "desk_proofs:queue": "ca",
    "desk_proofs:proof": "",  # no such proof
    "desk_proofs:file": "",  # no such proof
    "desk_surveys:list": "ca",
    "desk_surveys:survey": "",  # nobody has answered one
    "desk_surveys:csv": "",
    "desk_surveys:remove": ALL,  # only takes a POST
    "desk_records:overview": "ca",
    "desk_records:upload": "ca",
    "desk_records:batch": "",  # no such file
    "desk_records:columns": "",
    "desk_records:start": ALL,  # only takes a POST
    "desk_records:again": ALL,  # only takes a POST
    "desk_records:undo": "",  # no such file
    "desk_records:rows_csv": "",
    "desk_records:people": "",
    "desk_records:titles": "",
    "desk_records:export": "ca",
    "desk_records:file": "",  # nothing was sent
    "desk_credit:overview": "ca",
    "desk_credit:provider": "ca",
    "desk_credit:training": "ca",
    "desk_credit:provider_back": "",  # nothing is confirmed here
    "desk_credit:training_back": "",
    "desk_programs:list": "ca",
    "desk_programs:new": "ca",
    "desk_programs:program": "",  # no such program
    "desk_programs:withdraw": "",
    "desk_documents:list": "ca",
    "desk_documents:document": "",  # no such document
    "desk_documents:csv": "",  # no such document
    "access:door": SIGNED_IN,
    "access:ask": ALL,  # only takes a POST
    "access:code": ALL,  # only takes a POST
    "access:take_back": ALL,  # only takes a POST
    "access:word": "",  # nobody signed this link
    "desk_access:queue": "ca",
    "desk_access:request": "",  # no such request
    "desk_access:training": "",  # open to everybody
    "courses:start": SIGNED_IN,  # this course needs an account
    "courses:claim": SIGNED_IN + "g",  # who is signed in is led on
    "courses:take_along": SIGNED_IN,
    "courses:start_over": ALL,  # without a guest's work: led to the trainings
    "courses:proof": "",  # nobody here has sent one
    "courses:plan": SIGNED_IN,
    "courses:plan_part": SIGNED_IN,
    "courses:outline": "l",
    "courses:step": "l",
    "courses:answers": ALL,  # only takes a POST
    "courses_under_way": "ca",
    "courses:time": ALL,  # only takes a POST
    "courses:own_word": SIGNED_IN + "g",  # only takes a POST
    "courses:file": "l",
    "lesson_file": "a",  # of the state's office, whose course it is
    "events:session": ALL,
    "events:register": ALL,
    "events:after_code": SIGNED_IN,  # without a code: led to the session
    "events:registered": SIGNED_IN,  # without a seat: led to the session
    "events:series_register": SIGNED_IN,
    "events:series_paper": ALL,
    "events:poster": "",  # a forged link
    "events:door": "",  # a forged link
    "events:check_in": "",  # nobody here has a seat
    "events:wish": ALL,
    "events:wished": ALL,
    "events:answers": "l",  # asked for a seat
    "events:cancel": "l",
    "events:join": "",  # nobody here has a seat
    "events:session_file": ALL,
    "events:offer": "l",  # led to the session: nothing is offered
    "events:seat_offer": "",
    "events:seat_cancel": "",
    **OF_WAGTAIL,
    "calendars:webex_hook": ALL,  # only takes a POST
    "events:my_calendar": SIGNED_IN,
    "events:recording": "",  # that session is to come
    "events:material": "lcia",  # those with a seat in that session, and its office
    "events:speaker_photo": ALL,  # allowed
    "events:speaking_invitation": "",  # a forged link
    "events:speaking": SIGNED_IN,
    "events:speaking_about": "",  # the trainer's alone, as the rest of these
    "events:speaking_photo": "",
    "events:speaking_session": "",
    "events:speaking_leave": "",
    "events:speaking_consent": "",
    "events:speaking_material": "",
    "events:speaking_proof": "",
    "courses:image": "",  # no try at a test here
    "desk_attendance:overview": "ca",
    "desk_attendance:upload": "ca",
    "desk_attendance:apply": "ca",
    "desk_attendance:rows": "ca",
    "desk_attendance:fetch": ALL,  # only takes a POST
    "desk_attendance:file": "",  # no report has the number asked for
    "desk_attendance:read_again": ALL,  # only takes a POST
    "desk_attendance:remove": "",  # no such report
    "desk_attendance:person": "",  # no such report
    "help": AND_WORKERS,
    "faq": ALL,
    "resources": ALL,
}


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
        "facilities": {"key": "hudson-house", "pk": employment.pk, "row": 0, "packet": packet.pk},
        "inspection": {"token": "not-a-token", "key_id": all_keys()[0].key_id},
        "wagtailsnippetchoosers_courses_lessonfile": {"pk": film.pk},
        "wagtailsnippetchoosers_courses_question": {"pk": question.pk},
        "wagtailadmin_api": {"pk": course.pk, "action_name": "copy"},
        "facilities:company_roster": {"key": "empire-lodging"},
        "facilities:group": {"key": "hudson-house", "pk": 0},
        **{name: no_row for name in TABLE if name.startswith(OWN_AND_OUTSIDE)},
        "device": {"pk": 0},
        "facilities:company": {"key": "empire-lodging"},
        "events": {"pk": session.pk, "token": "not-a-token"},
        "desk_sessions": {"pk": session.pk, "seat": 0, "question": 0},
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
        "desk_documents": {"pk": 0},
        "desk_programs": {"pk": 0},
        "desk_records": {"pk": 0},
        "desk_credit": {
            "office": training.owner.key,
            "accreditor": "nasw",
            "training": training.key,
        },
        "desk_surveys": {"pk": training.key, "training": training.pk, "survey": training.key},
        "desk_people": {"pk": learner.pk, "completion": certificate.completion_id},
        "desk_attendance": {"pk": session.pk, "report": 0, "person": 0},
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
