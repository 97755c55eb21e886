"""The demo hotel's programs: a worksheet attested with a gap, one that waits, a scan of an outside
program for two people. Made once, by the services people use; what is there is left alone.
"""

import io
from datetime import date, datetime, time, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from reportlab.pdfgen.canvas import Canvas

from lms.compliance.proof_models import FacilityProof
from lms.compliance.proofs.selectors import listed_programs
from lms.compliance.proofs.services import accept_proof
from lms.compliance.rules import get_rule
from lms.compliance.worksheet_models import Worksheet
from lms.compliance.worksheets import services
from lms.core.time import NEW_YORK
from lms.people.models import Employment, Organization, Person
from lms.portal.demo.load_facilities import OUTSIDE_TITLE

HOTEL = "hudson-house"
BRIEFING, FILM = "Morning briefing for the floors", "Night shift: what to look out for"


@transaction.atomic
def load_worksheets(*, today: date) -> None:
    """The hotel's own programs. Load organizations and people before."""
    hotel = Organization.objects.get(key=HOTEL)
    if Worksheet.objects.filter(organization=hotel).exists():
        return
    manager = Person.objects.get(email="manager@example.org")
    codes = [topic.code for topic in get_rule().topics]
    attested_at = datetime.combine(today - timedelta(days=45), time(10), tzinfo=NEW_YORK)
    briefing = _write(
        hotel,
        BRIEFING,
        trainer=("Lorraine Baptiste", "lorraine.baptiste@example.org"),
        covered=codes[:-1],
        actor=manager,
        now=attested_at,
    )
    services.send_to_trainer(worksheet=briefing, actor=manager, now=attested_at)
    services.attest(
        worksheet=briefing,
        name="Lorraine Baptiste",
        read=services.words_to_attest(briefing, attested_at),
        now=attested_at,
    )
    film = _write(
        hotel,
        FILM,
        trainer=("Tomás Ortega", "tomas.ortega@example.org"),
        covered=codes[:4],
        actor=manager,
        now=None,
    )
    services.send_to_trainer(worksheet=film, actor=manager)


@transaction.atomic
def load_proof(*, today: date) -> None:
    """One scan of the listed program for two who work at the hotel. Load its records before."""
    hotel = Organization.objects.get(key=HOTEL)
    program = next((row for row in listed_programs(get_rule()) if row.title == OUTSIDE_TITLE), None)
    if program is None or FacilityProof.objects.filter(facility=hotel).exists():
        return
    people = Employment.objects.filter(
        organization=hotel,
        ended_on__isnull=True,
        person__completions__training=program.version.training_id,
    )
    accept_proof(
        facility=hotel,
        program=program,
        held_on=today - timedelta(days=12),
        place="Conference room",
        on_premises=True,
        paid_time=True,
        language="en",
        employments=list(people.select_related("person").distinct()),
        upload=SimpleUploadedFile("attendance-list.pdf", _handout("Attendance list, sample")),
        actor=Person.objects.get(email="manager@example.org"),
    )


def _write(
    hotel: Organization,
    program: str,
    *,
    trainer: tuple[str, str],
    covered: list[str],
    actor: Person,
    now: datetime | None,
) -> Worksheet:
    return services.write_worksheet(
        organization=hotel,
        rule=get_rule(),
        program=program,
        provider=hotel.name,
        language="en",
        trainer_name=trainer[0],
        trainer_email=trainer[1],
        places={code: f"page {number}" for number, code in enumerate(covered, start=1)},
        upload=SimpleUploadedFile("briefing-handout.pdf", _handout(program)),
        actor=actor,
        now=now,
    )


def _handout(program: str) -> bytes:
    """A page for each topic, with its name and nothing more."""
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=(612, 792))
    for topic in get_rule().topics:
        canvas.setFont("Helvetica-Bold", 16)
        canvas.drawString(60, 700, program)
        canvas.setFont("Helvetica", 13)
        canvas.drawString(60, 660, topic.name)
        canvas.drawString(60, 630, "Sample page for the trial.")
        canvas.showPage()
    canvas.save()
    return written.getvalue()
