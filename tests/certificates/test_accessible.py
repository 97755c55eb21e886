"""The page of a certificate says all that its paper says: the PDF is not tagged."""

import io
import unicodedata
from html import unescape
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser
from pypdf import PdfReader

from lms.certificates import services
from lms.certificates.look_models import CertificateLook
from lms.certificates.look_services import choose_look
from lms.certificates.models import Certificate
from lms.trainings.models import Topic
from tests.browser import Reader
from tests.factories.completions import make_completion
from tests.factories.credit import NASW, NYSED, confirm_whole, credit_line
from tests.factories.people import make_office, make_person
from tests.factories.trainings import make_training, make_version

# Words of the paper that lead to the page, or stand for what it shows in other words.
LEADING = [
    "Certificate of completion", "This says that", "completed", "Topics:", "Certificate code",
    "Anyone can check these facts here:", "Sample from a trial of this site. It proves nothing.",
    "SAMPLE", "Issued on", "by",
]  # fmt: skip


def full_certificate(**completion: Any) -> Certificate:
    """One with everything that can stand on it."""
    Topic.objects.update_or_create(code="NY205-T1", defaults={"name": "What trafficking is"})
    office = make_office(name="City Office", contact_email="office@example.org")
    credit = [credit_line(NASW, hours="1.5"), credit_line(NYSED, "live", "1")]
    version = make_version(
        make_training(title="Database training", owner=office),
        minutes=90,
        topics=["NY205-T1", "X-1"],
        credits=credit,
    )
    for accreditor in (NASW, NYSED):
        confirm_whole(version.training, accreditor)
    look = CertificateLook(
        office=office, design="frame", signatory_name="Dana Doe", signatory_title="Director",
        wording="Paid by the County.",
    )  # fmt: skip
    choose_look(look=look, actor=make_person(is_superuser=True))
    made = make_completion(make_person(name="Ana Rivera"), version=version, **completion)
    return services.issue_certificate(completion=made)


def words(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


@pytest.mark.django_db
def test_every_word_of_the_paper_stands_on_the_page(client: Client) -> None:
    certificate = full_certificate()
    revision = services.draw(revision_id=certificate.revisions.get().pk)
    with revision.file.open() as file:
        pages = PdfReader(io.BytesIO(file.read())).pages
        lines = [line for one in pages for line in one.extract_text().splitlines()]
    html = client.get(f"/verify/{certificate.code_in_groups}/").content.decode()
    page = words(unescape(html.replace("<br>", " ")))
    text = words(" ".join(_without_tags(page)))
    paper = words(" ".join(lines))
    for lead in LEADING:
        paper = paper.replace(lead, " ")
    missing = set(paper.replace("(", " ").replace(")", " ").split()) - set(
        text.replace("(", " ").replace(")", " ").split()
    )
    # The address of the page itself, and punctuation that joins facts on one line.
    missing = {word.strip(".,;") for word in missing if "/verify/" not in word}
    assert missing - {word.strip(".,;") for word in text.split()} == set()


def _without_tags(html: str) -> list[str]:
    return [piece.partition(">")[2] for piece in html.split("<")]


@pytest.mark.django_db
def test_a_title_in_another_language_is_marked_as_that(client: Client) -> None:
    certificate = full_certificate(language="ar")
    html = client.get(f"/verify/{certificate.code_in_groups}/").content.decode()
    assert '<dd lang="ar"><bdi>Database training</bdi></dd>' in html
    assert '<p lang="ar" dir="auto">' in html
    assert '<html lang="en" dir="ltr"' in html


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_file_is_compared_without_scripts(chromium: Browser, live_server: Any) -> None:
    certificate = full_certificate()
    revision = services.draw(revision_id=certificate.revisions.get().pk)
    with revision.file.open() as file:
        content = file.read()
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/verify/")
    upload = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": content}
    page.get_by_label("Certificate as a PDF").set_input_files(upload)  # type: ignore[arg-type]
    page.get_by_role("button", name="Compare").click()
    assert page.get_by_text("This is the very document that we issued").is_visible()
    assert page.get_by_text("Ana Rivera").first.is_visible()
    context.close()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_page_and_the_form_are_accessible_and_print_without_their_frame(
    reader: Reader,
) -> None:
    certificate = full_certificate()
    reader.go("/verify/")
    reader.go(f"/verify/{certificate.code_in_groups}/")
    page = reader.page
    page.get_by_text("Compare the file").click()
    reader.check()
    page.emulate_media(media="print")
    assert page.get_by_text("Ana Rivera").first.is_visible()
    assert page.get_by_text("Paid by the County.").is_visible()
    for hidden in ["Check another certificate", "Compare the file"]:
        assert not page.get_by_text(hidden).first.is_visible()
