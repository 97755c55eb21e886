"""Parts of a plan that take place elsewhere: proofs of them, and whose credit counts."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from courses import services
from courses.enums import ProofStatus
from courses.models import OutsideProof, PlanEnrolment, PlanPage
from courses.plan_selectors import months_before
from courses.services import plans
from lms.certificates.models import Certificate
from lms.certificates.services import issue_certificate
from lms.completions.enums import SourceKind
from lms.completions.models import Completion
from lms.completions.services import record_completion, revoke_completion
from lms.core.exceptions import Refused
from lms.core.models import OutboxMessage
from lms.core.personal_data import export
from lms.core.time import new_york_today
from lms.people.enums import Role
from lms.people.models import Person
from lms.portal.my.hours import hours_by_year
from lms.portal.my.record import rows
from lms.trainings.enums import TrainingKind
from lms.trainings.models import Training
from lms.trainings.selectors import version_in_force
from tests.courses.reading import text
from tests.factories.completions import make_completion
from tests.factories.courses import complete_course, make_course, training_of
from tests.factories.credit import NYSED, confirm_whole, credit_line
from tests.factories.people import make_office, make_person, make_with_role
from tests.factories.plans import make_plan, part_elsewhere, send_part_proof, training_of_plan
from tests.factories.steps import pdf
from tests.factories.trainings import make_training, make_version

pytestmark = pytest.mark.django_db

TODAY = new_york_today()
BASICS = {
    "title": "Basics elsewhere",
    "text": "An hour on the basics.",
    "provider_approves": True,
    "approval_note": "It takes two days.",
}


@pytest.fixture(autouse=True)
def private_files(settings: Any, tmp_path: Any) -> None:
    settings.PRIVATE_ROOT = tmp_path


@pytest.fixture
def person() -> Person:
    return make_person(name="Ana Rivera")


@pytest.fixture
def plan() -> PlanPage:
    """A course, and basics that the State gives; both are required."""
    return make_plan([make_course(title="A course"), BASICS], title="The plan")


def join(person: Person, plan: PlanPage) -> PlanEnrolment:
    return plans.join_plan(person=person, training=training_of_plan(plan), actor=person)


def take_course(person: Person, plan: PlanPage) -> None:
    complete_course(person, plan.items[0].value["page"].specific)
    plans.follow_person(person=person)


def path_of(plan: PlanPage, part: Training | None = None) -> str:
    return reverse(
        "courses:plan_part", args=[plan.translation_key, (part or part_elsewhere(plan)).key]
    )


def fresh(enrolment: PlanEnrolment) -> PlanEnrolment:
    return PlanEnrolment.objects.get(pk=enrolment.pk)


# --- publishing ------------------------------------------------------------------------------


def test_part_of_its_own_is_made_once_for_the_plans_office(plan: PlanPage) -> None:
    plan.save_revision().publish()
    [part] = Training.objects.filter(kind=TrainingKind.OUTSIDE)
    assert (part.title, part.owner, part_elsewhere(plan)) == ("Basics elsewhere", plan.office, part)
    version = version_in_force(part)
    assert version is not None
    assert (version.number, version.spec["credits"], version.topics) == (1, [], [])


def test_known_training_keeps_what_it_is(person: Person) -> None:
    listed = make_version(make_training(TrainingKind.OUTSIDE), topics=["NY205-T1"])
    make_plan([make_course(), listed.training])
    assert version_in_force(listed.training) == listed


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"title": "Elsewhere", "provider": ""}, "Say who gives “Elsewhere” and at what address"),
        ({"title": "Elsewhere", "address": ""}, "Say who gives “Elsewhere” and at what address"),
        ({"title": " "}, "Choose a training for every part"),
        ({"title": "known already"}, "“known already” is known already: choose it in the list"),
    ],
)
def test_part_that_nobody_could_take_is_not_published(said: dict[str, Any], problem: str) -> None:
    office = make_office()
    make_training(TrainingKind.OUTSIDE, title="Known already", owner=office)
    with pytest.raises(Refused, match=problem):
        make_plan([make_course(), said], office=office)
    assert Training.objects.filter(kind=TrainingKind.OUTSIDE).count() == 1


def test_plan_and_catalogue_say_what_it_is_who_gives_it_and_who_approves(
    client: Client, plan: PlanPage
) -> None:
    page = text(client, plan.url)
    assert "Basics elsewhere" in page
    assert "An hour on the basics." in page
    assert "Given by The State. The State approves registrations separately." in page
    assert "The State approves registrations separately." in text(client, "/trainings/")


# --- sending and deciding --------------------------------------------------------------------


def test_required_part_keeps_the_plan_open_until_its_proof_is_accepted(
    person: Person, plan: PlanPage
) -> None:
    enrolment, office = join(person, plan), make_person(name="Cora Diaz")
    take_course(person, plan)
    proof = send_part_proof(enrolment, part_elsewhere(plan))
    assert fresh(enrolment).is_active
    services.accept_proof(proof=proof, actor=office)
    completion = fresh(enrolment).completion
    assert completion is not None
    assert completion.evidence["why"].startswith(
        "Completed the 2 trainings of the plan: A course ("
    )
    part = Completion.objects.get(source_kind=SourceKind.OUTSIDE_PROOF)
    assert (part.training, part.person, part.occurred_on) == (part_elsewhere(plan), person, TODAY)
    assert part.evidence["why"].startswith("Proved “Basics elsewhere” of ")
    assert part.evidence["why"].endswith("(accepted by Cora Diaz).")
    assert part.evidence["proof"]["sha256"] == proof.sha256
    letter = OutboxMessage.objects.get(key=f"proof-accepted-{proof.pk}").payload
    assert letter["subject"] == "Your proof is accepted: The plan"
    assert "You have completed the plan." in letter["text"]
    assert path_of(plan) in letter["text"]


def test_one_certificate_is_for_the_plan_and_none_for_what_others_gave(
    person: Person, plan: PlanPage
) -> None:
    enrolment = join(person, plan)
    proof = send_part_proof(enrolment, part_elsewhere(plan))
    services.accept_proof(proof=proof, actor=make_person())
    take_course(person, plan)
    plans_own = fresh(enrolment).completion
    assert plans_own is not None
    issue_certificate(completion=plans_own)
    of_part = Completion.objects.get(source_kind=SourceKind.OUTSIDE_PROOF)
    assert not Certificate.objects.filter(completion=of_part).exists()
    assert Certificate.objects.filter(completion=plans_own).count() == 1


def test_accepting_twice_records_once_and_a_day_that_is_known_is_not_repeated(
    person: Person, plan: PlanPage
) -> None:
    enrolment, part = join(person, plan), part_elsewhere(plan)
    proof, office = send_part_proof(enrolment, part), make_person()
    make_completion(person, version=version_in_force(part), occurred_on=TODAY)
    for _twice in range(2):
        services.accept_proof(proof=proof, actor=office)
    assert Completion.objects.filter(training=part).count() == 1


def test_refused_proof_says_why_and_another_can_be_sent(person: Person, plan: PlanPage) -> None:
    enrolment, part = join(person, plan), part_elsewhere(plan)
    proof = send_part_proof(enrolment, part)
    services.refuse_proof(proof=proof, reason="The name is cut off.", actor=make_person())
    assert not Completion.objects.filter(training=part).exists()
    letter = OutboxMessage.objects.get(key=f"proof-refused-{proof.pk}").payload["text"]
    assert "The name is cut off." in letter
    services.accept_proof(proof=send_part_proof(enrolment, part), actor=make_person())
    assert Completion.objects.filter(training=part).count() == 1


def test_what_waits_lets_the_others_come_first(person: Person) -> None:
    plan = make_plan([BASICS, make_course(title="A course")])
    enrolment = join(person, plan)
    assert plans.plan_standing(person, enrolment.version, TODAY).next_text == (
        "Next: Basics elsewhere."
    )
    send_part_proof(enrolment, part_elsewhere(plan))
    standing = plans.plan_standing(person, enrolment.version, TODAY)
    assert standing.next_text == "Next: A course."
    complete_course(person, plan.items[1].value["page"].specific)
    standing = plans.plan_standing(person, enrolment.version, TODAY)
    assert standing.next_text.startswith("Your proof of ")


def test_same_file_again_is_the_same_proof_and_another_takes_its_place(
    person: Person, plan: PlanPage
) -> None:
    enrolment, part = join(person, plan), part_elsewhere(plan)
    first = send_part_proof(enrolment, part, upload=pdf(content=b"same"))
    assert send_part_proof(enrolment, part, upload=pdf(content=b"same")) == first
    second = send_part_proof(enrolment, part)
    first.refresh_from_db()
    assert (first.status, second.status) == (ProofStatus.TAKEN_BACK, ProofStatus.WAITING)


def test_proof_for_one_plan_counts_in_another(person: Person) -> None:
    known = make_training(TrainingKind.OUTSIDE)
    make_version(known)
    first, other = (join(person, make_plan([make_course(), known])) for _plan in range(2))
    send_part_proof(first, known)
    standing = plans.plan_standing(person, other.version, TODAY).part(known)
    assert standing is not None
    assert standing.waits
    proof = send_part_proof(other, known)
    assert OutsideProof.objects.waiting().get() == proof
    services.accept_proof(proof=proof, actor=make_person())
    standing = plans.plan_standing(person, first.version, TODAY).part(known)
    assert standing is not None
    assert standing.is_done


def test_day_that_the_plan_no_longer_counts_is_refused(person: Person) -> None:
    plan = make_plan([make_course(), BASICS], valid_months=12)
    enrolment, part = join(person, plan), part_elsewhere(plan)
    first_day = months_before(TODAY, 12)
    with pytest.raises(Refused, match="counts for 12 months"):
        send_part_proof(enrolment, part, finished_on=first_day - timedelta(days=1))
    send_part_proof(enrolment, part, finished_on=first_day)


def test_proofs_that_nobody_asked_for_are_refused(person: Person, plan: PlanPage) -> None:
    enrolment, part = join(person, plan), part_elsewhere(plan)
    elsewhere = make_training(TrainingKind.OUTSIDE)
    course = plan.items[0].value["page"].specific.training()
    for training in (elsewhere, course):
        with pytest.raises(Refused, match="asks for no proof"):
            send_part_proof(enrolment, training)
    with pytest.raises(Refused, match="lies ahead"):
        send_part_proof(enrolment, part, finished_on=TODAY + timedelta(days=3))
    with pytest.raises(Refused, match="not what its name says"):
        send_part_proof(enrolment, part, upload=pdf("proof.png"))
    services.accept_proof(proof=send_part_proof(enrolment, part), actor=make_person())
    with pytest.raises(Refused, match="done already"):
        send_part_proof(enrolment, part)
    plans.leave_plan(enrolment=enrolment, actor=person)
    with pytest.raises(Refused, match="do not follow this plan"):
        send_part_proof(enrolment, part)


def test_nobody_decides_on_their_own_part(person: Person, plan: PlanPage) -> None:
    proof = send_part_proof(join(person, plan), part_elsewhere(plan))
    with pytest.raises(Refused, match="Somebody else"):
        services.accept_proof(proof=proof, actor=make_person(canonical_person=person))


def test_accepted_part_that_is_taken_back_reopens_the_plan(person: Person, plan: PlanPage) -> None:
    first = join(person, plan)
    take_course(person, plan)
    services.accept_proof(proof=send_part_proof(first, part_elsewhere(plan)), actor=make_person())
    part = Completion.objects.get(source_kind=SourceKind.OUTSIDE_PROOF)
    revoke_completion(completion=part, reason="Another person's", actor=None)
    plans.follow_person(person=person)
    again = PlanEnrolment.objects.active().get()
    services.accept_proof(proof=send_part_proof(again, part_elsewhere(plan)), actor=make_person())
    assert fresh(again).completion in Completion.objects.standing()


@pytest.mark.parametrize("more", [{"step_key": "x"}, {"training": None}, {"plan_enrolment": None}])
def test_database_takes_a_proof_for_a_step_or_for_a_part(
    person: Person, plan: PlanPage, more: dict[str, Any]
) -> None:
    row: dict[str, Any] = {
        "plan_enrolment": join(person, plan),
        "training": part_elsewhere(plan),
        "finished_on": date(2026, 11, 1),
        "sha256": "0" * 64,
    }
    with pytest.raises(IntegrityError, match="of_step_or_part"), transaction.atomic():
        OutsideProof.objects.create(**{**row, **more})


def test_database_keeps_what_was_decided_of_a_part(person: Person, plan: PlanPage) -> None:
    proof = send_part_proof(join(person, plan), part_elsewhere(plan))
    services.accept_proof(proof=proof, actor=make_person())
    with pytest.raises(DatabaseError, match="keeps facts"), transaction.atomic():
        OutsideProof.objects.update(finished_on=date(2020, 1, 1))


def test_proof_of_a_part_is_in_the_export(person: Person, plan: PlanPage) -> None:
    send_part_proof(join(person, plan), part_elsewhere(plan))
    [row] = export(person)["outside proofs"]
    assert (row["course"], row["taken_elsewhere"]) == ("The plan", "Basics elsewhere")


# --- the pages -------------------------------------------------------------------------------


def test_page_of_the_part_takes_the_proof_and_tells_how_it_stands(
    client: Client, person: Person, plan: PlanPage
) -> None:
    client.force_login(person)
    path, whole = path_of(plan), f"/learn/plan/{plan.translation_key}/"
    assert "Join the plan to send your proof" in text(client, path)
    client.post(whole, {"action": "join"})
    assert f'href="{path}"' in text(client, whole)
    page = text(client, path)
    assert 'href="https://example.org/course" target="_blank" rel="noopener noreferrer"' in page
    assert "The State approves each registration itself. It takes two days." in page
    assert "The certificate of completion, as a PDF or a picture." in page
    wrong = client.post(path, {"finished_on": TODAY.isoformat(), "proof": pdf("proof.exe")})
    assert "Choose a PDF or a picture" in wrong.content.decode()
    client.post(path, {"finished_on": TODAY.isoformat(), "proof": pdf()})
    for one in (path, whole):
        assert "waits for the office" in text(client, one)
    proof = OutsideProof.objects.get()
    file = client.get(f"/learn/proofs/{proof.pk}/")
    assert b"".join(file.streaming_content).startswith(b"%PDF-")
    services.refuse_proof(proof=proof, reason="The name is cut off.", actor=make_person())
    assert "The office says: “The name is cut off.” Send another one below." in text(client, path)
    assert "Your proof was not accepted" in text(client, whole)
    client.post(path, {"finished_on": TODAY.isoformat(), "proof": pdf()})
    services.accept_proof(proof=OutsideProof.objects.latest("pk"), actor=make_person())
    assert "This part is done" in text(client, path)
    assert 'type="file"' not in text(client, path)
    assert "1 of 2 done" in text(client, whole)
    late = client.post(path, {"finished_on": TODAY.isoformat(), "proof": pdf()}, follow=True)
    assert "No proof is needed for this part now." in late.content.decode()


def test_day_too_long_ago_is_said_at_its_field(client: Client, person: Person) -> None:
    plan = make_plan([make_course(), BASICS], valid_months=1)
    join(person, plan)
    client.force_login(person)
    response = client.post(path_of(plan), {"finished_on": "2020-01-01", "proof": pdf()})
    assert "counts for 1 month" in str(response.context["form"].errors["finished_on"])


def test_copied_plan_has_an_outside_part_of_its_own(plan: PlanPage) -> None:
    copied = plan.copy(update_attrs={"slug": "copied", "title": "Copied"}, keep_live=False)
    draft = copied.get_latest_revision_as_object()
    raw = list(draft.items.raw_data)
    raw[1]["value"]["title"] = "Something else entirely"
    draft.items = PlanPage._meta.get_field("items").to_python(raw)
    draft.save_revision().publish()
    ours = part_elsewhere(PlanPage.objects.get(pk=copied.pk))
    theirs = part_elsewhere(plan)
    assert ours != theirs
    assert ours.title == "Something else entirely" != theirs.title
    plan.refresh_from_db()
    plan.save_revision().publish()
    assert part_elsewhere(plan) == theirs


def test_address_that_changed_has_changed_for_those_under_way(
    client: Client, person: Person, plan: PlanPage
) -> None:
    join(person, plan)
    raw = list(plan.items.raw_data)
    raw[1]["value"]["address"] = "https://example.org/moved"
    plan.items = PlanPage._meta.get_field("items").to_python(raw)
    plan.save_revision().publish()
    client.force_login(person)
    assert 'href="https://example.org/moved"' in text(client, path_of(plan))
    plan.unpublish()
    assert "It takes place elsewhere." in text(client, path_of(plan))


def test_page_of_a_part_is_not_for_everybody(client: Client, person: Person) -> None:
    plan = make_plan([make_course(), BASICS], access="invitation")
    path = path_of(plan)
    assert client.get(path)["Location"].startswith("/accounts/login/")
    client.force_login(person)
    assert (client.get(path).status_code, client.post(path).status_code) == (404, 404)
    open_plan = make_plan([make_course(), {"title": "More elsewhere"}])
    for other in (part_elsewhere(plan), training_of_plan(open_plan)):
        assert client.get(path_of(open_plan, other)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_plan_with_parts_elsewhere_costs_one_query_more(
    client: Client, person: Person, django_assert_num_queries: Any, count: int
) -> None:
    more = [{"title": f"Elsewhere {number}"} for number in range(count)]
    plan = make_plan([make_course(), *more])
    client.force_login(person)
    path = f"/learn/plan/{plan.translation_key}/"
    client.post(path, {"action": "join"})
    client.get(path)
    with django_assert_num_queries(10):
        client.get(path)


# --- at the desk -----------------------------------------------------------------------------


def test_office_whose_training_it_is_decides(client: Client, person: Person) -> None:
    known = make_version(make_training(TrainingKind.OUTSIDE)).training
    plan = make_plan([make_course(), known])
    proof = send_part_proof(join(person, plan), known)
    page = f"/desk/proofs/{proof.pk}/"
    client.force_login(make_with_role(Role.COORDINATOR, plan.office))
    assert client.get(page).status_code == 404
    assert client.post(page, {"action": "accept"}).status_code == 404
    client.force_login(make_with_role(Role.COORDINATOR, known.owner))
    assert f'href="{page}"' in text(client, "/desk/proofs/")
    assert plan.title in text(client, page)
    file = client.get(f"{page}file/")
    assert b"".join(file.streaming_content).startswith(b"%PDF-")
    client.post(page, {"action": "accept"})
    assert Completion.objects.filter(training=known, person=person).count() == 1


def test_queue_costs_the_same_with_proofs_of_parts(
    client: Client, plan: PlanPage, django_assert_num_queries: Any
) -> None:
    for _number in range(3):
        send_part_proof(join(make_person(), plan), part_elsewhere(plan))
    client.force_login(make_with_role(Role.COORDINATOR, plan.office))
    with django_assert_num_queries(6):
        client.get("/desk/proofs/")


# --- credit ----------------------------------------------------------------------------------


def test_hours_of_a_part_count_once_however_the_plan_is_described(
    client: Client, person: Person
) -> None:
    office = make_office()
    lines = [{"type": "credit", "value": credit_line(NYSED)}]
    course = make_course(office=office, minutes=60, credit_lines=lines, title="With credit")
    confirm_whole(training_of(course), NYSED)
    plan = make_plan([course, BASICS], office=office, minutes=90, credit_lines=lines)
    assert len(plan.credit_lines) == 0
    page = text(client, plan.url)
    assert "With credit: 1 contact hour" in page
    assert "Each training gives its credit once, with its own certificate" in page
    enrolment = join(person, plan)
    take_course(person, plan)
    services.accept_proof(
        proof=send_part_proof(enrolment, part_elsewhere(plan)), actor=make_person()
    )
    for completion in Completion.objects.filter(source_kind__in=["enrolment", "plan"]):
        issue_certificate(completion=completion)
    assert Completion.objects.get(source_kind=SourceKind.PLAN).credits == []
    [row] = hours_by_year(rows(person))
    assert row.hours == 1


def test_version_from_before_gives_no_credit_for_the_plan_either(person: Person) -> None:
    version = make_version(make_training(TrainingKind.PLAN), credits=[credit_line(NYSED)])
    completion = record_completion(
        person=person,
        version=version,
        source_kind=SourceKind.PLAN,
        source_key="before",
        occurred_on=TODAY,
        evidence={"why": "Completed."},
    )
    assert completion.credits == []
    completion.pk, completion.source_key, completion.credits = None, "another", [{"hours": 1}]
    with pytest.raises(IntegrityError, match="gives_no_credit"), transaction.atomic():
        completion.save(force_insert=True)
