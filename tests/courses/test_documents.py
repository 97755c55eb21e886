"""Documents to read and sign: a new version asks again, and who signed what stays."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from courses import services
from courses.enums import EnrolmentStatus, StepState
from courses.models import (
    CoursePage,
    DocumentEdition,
    DocumentPage,
    DocumentSignature,
    DocumentText,
    Enrolment,
)
from courses.selectors import newest_for, where
from courses.services.document_news import tell_new_versions
from courses.shown import documents_due, files_of
from lms.completions.models import Completion
from lms.core.exceptions import Refused
from lms.core.models import OutboxMessage
from lms.core.personal_data import export
from lms.people.models import Person
from lms.trainings.models import StepContent, Training
from tests.courses.reading import text
from tests.factories.access import make_grant
from tests.factories.courses import make_enrolment, stream, take_test, training_of
from tests.factories.people import make_person
from tests.factories.steps import make_document_course, new_edition, sign

pytestmark = pytest.mark.django_db


def fresh(enrolment: Enrolment) -> Enrolment:
    return Enrolment.objects.get(pk=enrolment.pk)


def state(enrolment: Enrolment) -> StepState:
    step = where(fresh(enrolment)).step("policy")
    assert step is not None
    return step.state


def completed(person: Person) -> Enrolment:
    enrolment = make_enrolment(person, make_document_course())
    take_test(enrolment, "post-test")
    sign(enrolment)
    return fresh(enrolment)


def test_signing_completes_the_course_and_stands_in_the_evidence() -> None:
    enrolment = completed(make_person())
    assert enrolment.status == EnrolmentStatus.COMPLETED
    evidence = Completion.objects.get().evidence
    assert evidence["why"].startswith(
        "Signed version 1 of “Policy” and passed the test with 3 of 3 on "
    )
    signed = next(step for step in evidence["steps"] if step["key"] == "policy")["signed"]
    assert (signed["version"], signed["name"]) == (1, "Sam Stone")


def test_document_waits_for_what_comes_before() -> None:
    enrolment = make_enrolment(make_person(), make_document_course())
    with pytest.raises(Refused, match="First pass “Post-test”"):
        sign(enrolment)
    assert DocumentSignature.objects.count() == 0


def test_signing_twice_is_signing_once() -> None:
    enrolment = completed(make_person())
    assert sign(enrolment) == DocumentSignature.objects.get()


def test_signing_needs_a_name() -> None:
    enrolment = make_enrolment(make_person(), make_document_course())
    take_test(enrolment, "post-test")
    with pytest.raises(Refused, match="Write your name"):
        sign(enrolment, name="  ")


def test_spelling_fix_asks_nobody_and_keeps_what_was_signed() -> None:
    enrolment = completed(make_person())
    new_edition(number=1, text="First wording, spelled well.")
    assert DocumentEdition.objects.count() == 1
    assert state(enrolment) == StepState.DONE
    first, second = DocumentText.objects.order_by("pk")
    assert DocumentSignature.objects.get().text == first
    assert "spelled well" in str(second.revision.content["body"])


def test_new_version_asks_those_under_way_again() -> None:
    enrolment = make_enrolment(make_person(), make_document_course(pass_percent=None))
    take_test(enrolment, "post-test")
    course = Enrolment.objects.get().training
    assert course.document_editions.get().number == 1
    new_edition(number=2, text="Second wording.")
    sign(enrolment)
    assert DocumentSignature.objects.get().edition.number == 2


def test_new_version_asks_those_who_completed_again_and_keeps_their_completion() -> None:
    person = make_person()
    enrolment = completed(person)
    assert not documents_due(person)
    new_edition(number=2, changed="Section 4 is new.")
    assert state(enrolment) == StepState.OPEN
    [due] = documents_due(person)
    assert (due.number, due.signed_number, due.enrolment_id) == (2, 1, enrolment.pk)
    sign(enrolment)
    assert state(enrolment) == StepState.DONE
    assert not documents_due(person)
    assert Completion.objects.count() == 1
    assert [row.edition.number for row in DocumentSignature.objects.all()] == [1, 2]


def test_new_version_asks_nobody_who_left_or_never_signed() -> None:
    person, other = make_person(), make_person()
    enrolment = completed(person)
    beginner = make_enrolment(other, training_page(enrolment))
    new_edition(number=2)
    assert not documents_due(other)
    services.withdraw(enrolment=beginner, actor=other)
    assert state(beginner) == StepState.LOCKED


def training_page(enrolment: Enrolment) -> Any:
    return DocumentPage.objects.get().get_parent().specific


def test_old_version_cannot_be_signed_once_a_newer_one_is_there() -> None:
    enrolment = make_enrolment(make_person(), make_document_course())
    take_test(enrolment, "post-test")
    old = DocumentEdition.objects.get()
    new_edition(number=2)
    with pytest.raises(Refused, match="newer version has been published meanwhile"):
        services.sign_document(
            enrolment=enrolment, step_key="policy", edition=old.pk, name="Sam", actor=None
        )


def test_version_number_never_goes_down() -> None:
    make_document_course()
    page = new_edition(number=3)
    page.number = 2
    with pytest.raises(ValidationError, match="Version 3 is published already"):
        page.full_clean()


def test_document_draft_asks_nobody() -> None:
    enrolment = completed(make_person())
    page = DocumentPage.objects.get()
    page.number = 2
    page.save_revision()
    assert state(enrolment) == StepState.DONE


def test_files_are_those_of_the_version_in_force_for_all() -> None:
    enrolment = completed(make_person())
    # Somebody pinned to an older version of the course: only the document brings the file.
    course = CoursePage.objects.get()
    course.minutes += 5
    course.save_revision().publish()
    page = DocumentPage.objects.get()
    page.number = 2
    page.body = stream(page, "body", [{"type": "download", "value": {"file": 7}}])
    page.save_revision().publish()
    assert StepContent.objects.filter(version=enrolment.version, step_key="policy").count() == 1
    step = where(fresh(enrolment)).step("policy")
    assert step is not None
    assert files_of(enrolment, step) == {7}


@pytest.mark.parametrize("model", [DocumentEdition, DocumentText, DocumentSignature])
def test_database_keeps_what_was_published_and_signed(model: Any) -> None:
    completed(make_person())
    table = model._meta.db_table
    for change in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id + 1"):  # noqa: S608
        with (
            pytest.raises(DatabaseError, match="keeps facts"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(change)


def test_document_people_signed_cannot_be_deleted(admin_client: Client) -> None:
    completed(make_person())
    page = DocumentPage.objects.get()
    admin_client.post(f"/admin/pages/{page.pk}/delete/")
    assert DocumentPage.objects.exists()


def test_editor_sees_a_preview(rf: Any) -> None:
    make_document_course()
    page = DocumentPage.objects.get()
    response = page.make_preview_request(rf.get("/", SERVER_NAME="testserver"))
    shown = response.content.decode()
    assert "First wording." in shown
    assert "I will follow it." in shown


def test_player_shows_the_document_and_takes_the_signature(client: Client, learner: Person) -> None:
    enrolment = make_enrolment(learner, make_document_course())
    take_test(enrolment, "post-test")
    path = f"/learn/{enrolment.pk}/policy/"
    page = text(client, path)
    assert "First wording." in page
    edition = DocumentEdition.objects.get().pk
    unsigned = client.post(path, {"name": "Sam Stone", "edition": edition})
    assert "Tick the sentence if you agree" in unsigned.content.decode()
    answer = client.post(path, {"agree": "on", "name": "Sam Stone", "edition": edition})
    assert answer["Location"] == f"/learn/{enrolment.pk}/"
    assert fresh(enrolment).status == EnrolmentStatus.COMPLETED
    assert "You signed version 1 on" in text(client, path)


def test_player_asks_again_after_completion(client: Client, learner: Person) -> None:
    enrolment = completed(learner)
    new_edition(number=2, changed="Section 4 is new.")
    assert "Version 2 is new" in text(client, f"/learn/{enrolment.pk}/")
    path = f"/learn/{enrolment.pk}/policy/"
    page = text(client, path)
    assert "You signed version 1." in page
    assert "Section 4 is new." in page
    assert "Second wording." in page
    edition = DocumentEdition.objects.get(number=2).pk
    client.post(path, {"agree": "on", "name": "Sam Stone", "edition": edition})
    assert state(enrolment) == StepState.DONE


def test_player_shows_what_came_meanwhile_instead_of_signing_the_old(
    client: Client, learner: Person
) -> None:
    enrolment = make_enrolment(learner, make_document_course())
    take_test(enrolment, "post-test")
    old = DocumentEdition.objects.get().pk
    new_edition(number=2)
    path = f"/learn/{enrolment.pk}/policy/"
    answer = client.post(path, {"agree": "on", "name": "Sam", "edition": old}, follow=True)
    assert "newer version has been published meanwhile" in answer.content.decode()
    assert DocumentSignature.objects.count() == 0


def test_outsider_meets_nothing(client: Client, learner: Person) -> None:
    enrolment = completed(make_person())
    assert client.get(f"/learn/{enrolment.pk}/policy/").status_code == 404


def test_my_learning_puts_the_new_version_first(client: Client, learner: Person) -> None:
    enrolment = completed(learner)
    new_edition(number=2, changed="Section 4 is new.")
    page = text(client, "/my/")
    assert "Version 2 is new; you signed version 1." in page
    assert f'href="/learn/{enrolment.pk}/policy/"' in page
    sign(enrolment)
    assert "Version 2 is new" not in text(client, "/my/")


@pytest.mark.parametrize("count", [1, 3])
def test_lists_of_courses_with_documents_cost_the_same(
    count: int, django_assert_num_queries: Any
) -> None:
    person = make_person()
    course = make_document_course()
    for _number in range(count):
        enrolment = make_enrolment(person, course, again=True)
        take_test(enrolment, "post-test")
        sign(enrolment)
    training = training_of(course).pk
    assert where(enrolment).steps  # what the version says is parsed once in a process
    with django_assert_num_queries(5):
        found = newest_for(person.pk, [training])
        assert all(where(enrolment).steps[-1].document for enrolment in found.values())


def test_signatures_are_in_the_export() -> None:
    person = make_person()
    completed(person)
    rows = export(person)["signatures"]
    assert [(row["document"], row["version"], row["name"]) for row in rows] == [
        ("Policy", 1, "Sam Stone")
    ]


def letters_to(person: Person) -> list[str]:
    found = OutboxMessage.objects.filter(
        key__startswith="courses.document_new:", payload__to=person.email
    )
    return [message.payload["text"] for message in found.order_by("pk")]


def test_new_version_is_told_once_by_mail_when_it_has_settled() -> None:
    signed = completed(make_person())
    beginner = make_enrolment(make_person(), CoursePage.objects.get())
    nameless = make_enrolment(make_person(None), CoursePage.objects.get())
    take_test(nameless, "post-test")
    sign(nameless)
    now = timezone.now()
    new_edition(number=2, changed="Interpreters are new.")
    assert tell_new_versions(now=now + timedelta(minutes=30)) == 0, "it may be mended still"
    later = now + timedelta(hours=2)
    assert [tell_new_versions(now=later) for _run in range(2)] == [1, 0]
    [letter] = letters_to(signed.person)
    assert "Policy has a new version, number 2. You signed number 1." in letter
    assert "Interpreters are new." in letter
    assert f"/learn/{signed.pk}/policy/" in letter
    assert letters_to(beginner.person) == [], "who has not signed is not asked again"

    # Another version: told once more. Who has signed it meanwhile is left alone, and who left.
    new_edition(number=3, text="Third wording.")
    assert tell_new_versions(now=later + timedelta(days=20)) == 0, "too old to be news"
    sign(signed)
    assert tell_new_versions(now=later) == 0


def test_new_version_is_kept_from_whom_the_course_is_no_longer_for() -> None:
    out = completed(make_person())
    stays = make_enrolment(make_person(), CoursePage.objects.get())
    take_test(stays, "post-test")
    sign(stays)
    new_edition(number=2)
    Training.objects.update(access="approval")
    make_grant(stays.person, stays.training)
    assert (documents_due(out.person), len(documents_due(stays.person))) == ([], 1)
    assert tell_new_versions(now=timezone.now() + timedelta(hours=2)) == 1
    assert (letters_to(out.person), len(letters_to(stays.person))) == ([], 1)
    client = Client()
    client.force_login(out.person)
    assert "Policy" not in text(client, "/my/") + text(client, f"/learn/{out.pk}/")


def test_new_version_is_not_told_to_who_left() -> None:
    course = make_document_course()
    stays, left = (make_enrolment(make_person(), course) for _person in range(2))
    for enrolment in (stays, left):
        take_test(enrolment, "post-test")
        sign(enrolment)
    Enrolment.objects.filter(pk=left.pk).update(
        status=EnrolmentStatus.WITHDRAWN, completion=None, completed_at=None
    )
    new_edition(number=2)
    assert tell_new_versions(now=timezone.now() + timedelta(hours=2)) == 1
    assert len(letters_to(stays.person)) == 1
