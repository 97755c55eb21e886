"""Worksheets and the files that come with them, made by the real services."""

import io
import zipfile
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from lms.compliance.worksheet_models import Worksheet, WorksheetAnswer
from lms.compliance.worksheets import services
from lms.people.models import Organization, Person
from tests.factories.compliance import gbl205

TRAINER = "lorraine@trainers.example.org"
GAP = "NY205-T4A"


def pdf(*, script: str = "", words: str = "material", password: str = "") -> bytes:
    """A PDF of one empty page; with a script in it, locked, or with its own words."""
    writer = PdfWriter()
    writer.add_blank_page(width=200, height=200)
    writer.add_metadata({"/Title": words})
    if script:
        action = DictionaryObject(
            {
                NameObject("/S"): NameObject("/JavaScript"),
                NameObject("/JS"): TextStringObject(script),
            }
        )
        writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): action})
    if password:
        writer.encrypt(password)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def packed(**parts: str) -> bytes:
    """An Office file with these parts; "__" in a name is a slash."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        for name, text in parts.items():
            file.writestr(name.replace("__", "/") + ".xml", text)
    return written.getvalue()


def upload(name: str = "briefing.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    """An uploaded file."""
    return SimpleUploadedFile(name, pdf() if content is None else content)


def places(*, without: tuple[str, ...] = ()) -> dict[str, str]:
    """Every topic of GBL 205 on a page of its own, but those left out."""
    return {
        topic.code: f"page {number}"
        for number, topic in enumerate(gbl205().topics, start=1)
        if topic.code not in without
    }


def make_worksheet(
    organization: Organization, manager: Person, *, gaps: tuple[str, ...] = (), **fields: Any
) -> Worksheet:
    """A draft with material; without arguments it covers everything."""
    given: dict[str, Any] = {
        "program": "Our morning briefing",
        "provider": "Baptiste Training",
        "language": "en",
        "trainer_name": "Lorraine Baptiste",
        "trainer_email": TRAINER,
        "upload": upload(),
        **fields,
    }
    return services.write_worksheet(
        organization=organization,
        rule=gbl205(),
        places=places(without=gaps),
        actor=manager,
        **given,
    )


def send(worksheet: Worksheet, **fields: Any) -> Worksheet:
    """It waits for the trainer."""
    return services.send_to_trainer(worksheet=worksheet, actor=worksheet.created_by, **fields)


def attest(worksheet: Worksheet, **fields: Any) -> WorksheetAnswer:
    """The trainer attests what the page shows them."""
    read = services.words_to_attest(worksheet, fields.get("now"))
    return services.attest(worksheet=worksheet, name="Lorraine Baptiste", read=read, **fields)


def attested(organization: Organization, manager: Person, **fields: Any) -> Worksheet:
    """A worksheet that was sent and attested; `now` says when."""
    moment = {"now": fields.pop("now")} if "now" in fields else {}
    worksheet = send(make_worksheet(organization, manager, **fields), **moment)
    attest(worksheet, **moment)
    worksheet.refresh_from_db()
    return worksheet
