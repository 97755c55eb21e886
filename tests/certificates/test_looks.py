"""How certificates look: chosen by those who edit for the office, frozen when one is issued."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from PIL import Image
from pypdf import PdfReader

from lms.certificates import services
from lms.certificates.designs import DESIGNS, SHEETS, contrast_with_white
from lms.certificates.drawing import draw_certificate
from lms.certificates.look_models import CertificateLook
from lms.certificates.look_services import choose_design, choose_look
from lms.certificates.models import CertificateRevision
from lms.core.exceptions import Refused
from lms.core.pdf import DrawingError
from lms.people.enums import Role
from lms.people.models import Organization, Person
from tests.factories.completions import make_completion
from tests.factories.credit import NASW, NYSED, confirm_whole, credit_line
from tests.factories.people import make_office, make_person, make_with_role
from tests.factories.trainings import make_training, make_version

pytestmark = pytest.mark.django_db


def picture(colour: str = "navy", kind: str = "PNG") -> SimpleUploadedFile:
    drawn = io.BytesIO()
    Image.new("RGB", (300, 120), colour).save(drawn, kind)
    return SimpleUploadedFile(f"logo.{kind.lower()}", drawn.getvalue())


def office_with_editor(name: str = "City Office") -> tuple[Organization, Person]:
    office = make_office(name=name, contact_email="office@example.org")
    return office, make_with_role(Role.EDITOR, office, name="Edith Editor")


def look_for(office: Organization, **said: Any) -> CertificateLook:
    return CertificateLook(office=office, **{"design": "frame", **said})


def issue(office: Organization, **version: Any) -> CertificateRevision:
    completion = make_completion(
        make_person(name="Ana Rivera"),
        version=make_version(make_training(title="Database training", owner=office), **version),
    )
    return services.issue_certificate(completion=completion).revisions.get()


def words(document: bytes) -> str:
    pages = PdfReader(io.BytesIO(document)).pages
    return " ".join("\n".join(page.extract_text() for page in pages).split())


def test_certificate_keeps_the_look_it_was_issued_with() -> None:
    office, editor = office_with_editor()
    choose_look(
        look=look_for(
            office,
            signatory_name="Dana Doe",
            signatory_title="Director",
            wording="Paid by the County.",
        ),
        logo=picture(),
        signature=picture("black"),
        actor=editor,
    )
    revision = issue(office)
    before = draw_certificate(revision)
    choose_look(
        look=look_for(office, design="side", colour="#7a1f1f", wording="Other"), actor=editor
    )
    assert draw_certificate(CertificateRevision.objects.get(pk=revision.pk)) != b""
    text = words(before)
    for part in ["Dana Doe", "Director", "Paid by the County.", "Ana Rivera", "City Office"]:
        assert part in text
    assert words(draw_certificate(CertificateRevision.objects.get())) == text
    assert revision.look["design"] == "frame"
    assert "Paid by the County." not in words(draw_certificate(issue(office)))


def test_pictures_are_kept_by_their_hash_drawn_anew() -> None:
    office, editor = office_with_editor()
    look = choose_look(look=look_for(office), logo=picture(kind="JPEG"), actor=editor)
    kept = Path(settings.PRIVATE_ROOT) / look.logo.name
    assert kept.read_bytes().startswith(b"\x89PNG")
    other = choose_look(
        look=look_for(office, colour="#333333"), logo=picture(kind="JPEG"), actor=editor
    )
    assert other.logo.name == look.logo.name


def test_changed_picture_is_not_printed() -> None:
    office, editor = office_with_editor()
    look = choose_look(look=look_for(office), logo=picture("teal"), actor=editor)
    revision = issue(office)
    kept = Path(settings.PRIVATE_ROOT) / look.logo.name
    kept.write_bytes(picture("red").read())
    with pytest.raises(DrawingError):
        draw_certificate(revision)
    kept.unlink()


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("sheet", SHEETS)
def test_each_design_states_all_that_an_accreditor_wants_on_one_sheet(
    design: str, sheet: str
) -> None:
    office, editor = office_with_editor()
    credit = [credit_line(NASW, hours="1.5"), credit_line(NYSED, "live", "1")]
    version = make_version(
        make_training(title="Database training", owner=office), minutes=90, credits=credit
    )
    confirm_whole(version.training, NASW)
    confirm_whole(version.training, NYSED)
    choose_look(
        look=look_for(
            office,
            design=design,
            sheet=sheet,
            signatory_name="Dana Doe",
            signatory_title="Director",
        ),
        logo=picture(),
        signature=picture(),
        actor=editor,
    )
    completion = make_completion(make_person(name="Ana Rivera"), version=version)
    revision = services.issue_certificate(completion=completion).revisions.get()
    document = draw_certificate(revision)
    pages = PdfReader(io.BytesIO(document)).pages
    assert len(pages) == 1
    assert round(float(pages[0].mediabox.width)) == SHEETS[sheet].width
    text = words(document)
    facts = revision.read_facts()
    for part in [*facts.credit_lines, *facts.credit_papers, facts.title, facts.name, facts.office]:
        assert " ".join(part.split()) in text
    assert revision.certificate.code_in_groups in text


@pytest.mark.parametrize("language", ["en", "es", "ar"])
@pytest.mark.parametrize("design", DESIGNS)
def test_each_design_is_drawn_in_each_direction(design: str, language: str) -> None:
    office, editor = office_with_editor()
    choose_look(look=look_for(office, design=design), actor=editor)
    completion = make_completion(
        version=make_version(make_training(owner=office)), language=language
    )
    revision = services.issue_certificate(completion=completion).revisions.get()
    assert len(PdfReader(io.BytesIO(draw_certificate(revision))).pages) == 1


def test_training_may_use_another_design_than_its_office() -> None:
    office, editor = office_with_editor()
    choose_look(look=look_for(office, signatory_name="Dana Doe"), actor=editor)
    first = issue(office)
    training = first.certificate.completion.training
    choose_design(training=training, design="side", actor=editor)
    again = make_completion(version=make_version(training))
    look = services.issue_certificate(completion=again).revisions.get().look
    assert (look["design"], look["signatory_name"]) == ("side", "Dana Doe")
    choose_design(training=training, design="", actor=editor)
    last = make_completion(version=make_version(training))
    assert services.issue_certificate(completion=last).revisions.get().look["design"] == "frame"


def test_same_look_again_is_the_same_row_and_rows_stay() -> None:
    office, editor = office_with_editor()
    first = choose_look(look=look_for(office), logo=picture(), actor=editor)
    again = choose_look(look=look_for(office, logo=first.logo.name), actor=editor)
    assert again == first
    with pytest.raises(DatabaseError), transaction.atomic():
        CertificateLook.objects.update(colour="#000000")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"design": "curly"}, "design"),
        ({"colour": "#ffee00"}, "colour"),
        ({"colour": "red"}, "colour"),
        ({"signature": "x.png"}, "signatory"),
    ],
)
def test_what_cannot_be_printed_well_is_refused(said: dict[str, str], code: str) -> None:
    office, editor = office_with_editor()
    with pytest.raises(Refused) as refusal:
        choose_look(look=look_for(office, **said), actor=editor)
    assert refusal.value.code == code


def test_other_offices_choose_nothing() -> None:
    office, _editor = office_with_editor()
    _other, stranger = office_with_editor("Other Office")
    with pytest.raises(Refused):
        choose_look(look=look_for(office), actor=stranger)


@pytest.mark.parametrize("content", [b"%PDF-1.7 not", b"<svg xmlns='http://www.w3.org/2000/svg'/>"])
def test_logo_that_is_no_picture_is_refused(content: bytes) -> None:
    office, editor = office_with_editor()
    with pytest.raises(Refused):
        choose_look(look=look_for(office), logo=SimpleUploadedFile("a.png", content), actor=editor)


def test_contrast_is_that_of_wcag() -> None:
    assert round(contrast_with_white("#000000"), 2) == 21
    assert round(contrast_with_white("#767676"), 2) == 4.54
    assert round(contrast_with_white("#ffffff"), 2) == 1


# --- the editors' pages


def kept_pictures() -> set[Path]:
    return set((Path(settings.PRIVATE_ROOT) / "certificates" / "looks").glob("*"))


def admin(client: Client, person: Person) -> Client:
    client.force_login(person)
    return client


def filled_in(**said: Any) -> dict[str, Any]:
    return {
        "design": "side", "sheet": "a4", "colour": "#1f3a7a", "signatory_name": "Dana Doe",
        "signatory_title": "Director", "wording": "", **said,
    }  # fmt: skip


def test_editor_looks_at_a_sample_before_choosing_and_nothing_is_kept(client: Client) -> None:
    office, editor = office_with_editor()
    admin(client, editor)
    before = kept_pictures()
    page = client.get(f"/admin/certificates/{office.key}/")
    assert "Look at a sample" in page.content.decode()
    response = client.post(
        f"/admin/certificates/{office.key}/sample/", filled_in(new_logo=picture("purple"))
    )
    assert response["Content-Type"] == "application/pdf"
    text = words(response.content)
    for part in ["SAMPLE", "Dana Doe", "XXXX-XXXX-XXXX", "City Office"]:
        assert part in text
    assert not CertificateLook.objects.exists()
    assert kept_pictures() == before


def test_editor_chooses_a_look(client: Client) -> None:
    office, editor = office_with_editor()
    admin(client, editor)
    response = client.post(f"/admin/certificates/{office.key}/", filled_in(new_logo=picture()))
    assert response.status_code == 302
    look = CertificateLook.objects.get()
    assert (look.design, look.sheet, look.colour, look.actor) == ("side", "a4", "#1f3a7a", editor)
    client.post(f"/admin/certificates/{office.key}/", filled_in(no_logo="on"))
    assert CertificateLook.objects.first().logo.name == ""  # type: ignore[union-attr]


def test_pale_colour_is_answered_in_words(client: Client) -> None:
    office, editor = office_with_editor()
    admin(client, editor)
    response = client.post(f"/admin/certificates/{office.key}/", filled_in(colour="#ffee00"))
    assert "could not be read on white" in response.content.decode()
    assert not CertificateLook.objects.exists()


def test_other_offices_look_does_not_exist(client: Client) -> None:
    office, _editor = office_with_editor()
    training = make_training(owner=office)
    _other, stranger = office_with_editor("Other Office")
    admin(client, stranger)
    place = f"/admin/certificates/{office.key}/"
    assert client.get(place).status_code == 404
    assert client.post(place, filled_in()).status_code == 404
    assert client.post(f"{place}sample/", filled_in()).status_code == 404
    assert client.post(f"{place}{training.key}/", {"design": "side"}).status_code == 404


def test_training_gets_its_design_from_the_list(client: Client) -> None:
    office, editor = office_with_editor()
    training = make_training(owner=office)
    admin(client, editor)
    client.post(f"/admin/certificates/{office.key}/{training.key}/", {"design": "side"})
    assert CertificateLook.objects.get().training == training
