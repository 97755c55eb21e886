"""Changes to worksheets: written, sent, corrected, attested or declined, renewed.

`permissions.writes_for` says who may write one; a trainer's link is its own permission.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.compliance.enums import Basis, WorksheetStatus
from lms.compliance.rules import Rule
from lms.compliance.worksheet_models import Worksheet, WorksheetAnswer, WorksheetTopic
from lms.compliance.worksheets import letters
from lms.compliance.worksheets.wording import mapping_of, statement
from lms.core import audit
from lms.core.canonical import digest
from lms.core.exceptions import Refused
from lms.core.file_contents import DOCUMENTS, look_into
from lms.core.locking import lock
from lms.core.time import months_on, new_york_date
from lms.people.models import Organization, Person
from lms.trainings.enums import TrainingKind
from lms.trainings.models import Training, TrainingVersion
from lms.trainings.services import freeze

PLACE_LENGTH = 200


@transaction.atomic
def write_worksheet(
    *,
    organization: Organization,
    rule: Rule,
    program: str,
    provider: str,
    language: str,
    trainer_name: str,
    trainer_email: str,
    places: Mapping[str, str],
    upload: "UploadedFile[bytes] | None" = None,
    template: Worksheet | None = None,
    renews: bool = False,
    actor: Person,
    now: datetime | None = None,
) -> Worksheet:
    """A draft; `places` has where the material covers a topic, by the topic's code.

    A draft written from a `template` has its material until other material is uploaded; with
    `renews` it takes the template's place once it is attested. Raises Refused for a file that
    cannot be taken and for a renewal of something that was never attested or is being renewed.
    """
    now = now or timezone.now()
    worksheet = Worksheet(
        organization=organization,
        rule=rule.id,
        program=program.strip(),
        provider=provider.strip(),
        language=language,
        trainer_name=trainer_name.strip(),
        trainer_email=trainer_email.strip().lower(),
        created_by=actor,
        created_at=now,
    )
    if template is not None:
        worksheet.replaces = _to_renew(template) if renews else None
        for field in ("material", "material_name", "material_kind", "material_size"):
            setattr(worksheet, field, getattr(template, field))
        worksheet.material_sha256 = template.material_sha256
    if upload is not None:
        _take_material(worksheet, upload)
    worksheet.save()
    _write_places(worksheet, rule, places)
    audit.record("worksheet.written", worksheet, actor=actor, now=now, rule=rule.id)
    return worksheet


def _to_renew(template: Worksheet) -> Worksheet:
    template = lock(template)
    if template.status != WorksheetStatus.ATTESTED:
        raise Refused(_("Only an attested worksheet can be renewed."), code="not_attested")
    under_way = [WorksheetStatus.DRAFT, WorksheetStatus.SENT]
    if template.renewals.filter(status__in=under_way).exists():
        raise Refused(
            _("A renewal of this worksheet is under way. Open that one."), code="being_renewed"
        )
    return template


@transaction.atomic
def change_worksheet(
    *,
    worksheet: Worksheet,
    program: str,
    provider: str,
    language: str,
    trainer_name: str,
    trainer_email: str,
    places: Mapping[str, str],
    upload: "UploadedFile[bytes] | None" = None,
    actor: Person,
    now: datetime | None = None,
) -> Worksheet:
    """Write a draft anew. Raises Refused for one that was sent, and for a file it cannot take."""
    worksheet = lock(worksheet)
    if not worksheet.is_draft:
        raise Refused(_("This worksheet was sent. Take it back to change it."), code="not_a_draft")
    worksheet.program, worksheet.provider = program.strip(), provider.strip()
    worksheet.language = language
    worksheet.trainer_name = trainer_name.strip()
    worksheet.trainer_email = trainer_email.strip().lower()
    if upload is not None:
        _take_material(worksheet, upload)
    worksheet.save()
    _write_places(worksheet, worksheet.rule_set, places)
    audit.record("worksheet.changed", worksheet, actor=actor, now=now)
    return worksheet


def _take_material(worksheet: Worksheet, upload: "UploadedFile[bytes]") -> None:
    """The uploaded file instead of what was there, under a name of our own."""
    found = look_into(upload, kinds=DOCUMENTS)
    if found.sha256 == worksheet.material_sha256:
        return
    worksheet.material_name = PurePath(upload.name or "").name[-200:]
    worksheet.material_kind, worksheet.material_size = found.kind, found.size
    worksheet.material_sha256 = found.sha256
    worksheet.material.save(f"{found.sha256[:24]}.{found.kind}", upload, save=False)


def _write_places(worksheet: Worksheet, rule: Rule, places: Mapping[str, str]) -> None:
    """The mapping as the facility proposes it; a topic the rule set does not have is left out."""
    worksheet.topics.all().delete()
    WorksheetTopic.objects.bulk_create(
        WorksheetTopic(
            worksheet=worksheet,
            position=number,
            code=topic.code,
            place=(place := _place(places.get(topic.code, ""))),
            proposed=place,
        )
        for number, topic in enumerate(rule.topics)
    )


def _place(text: str) -> str:
    return " ".join(text.split())[:PLACE_LENGTH]


@transaction.atomic
def drop_draft(*, worksheet: Worksheet, actor: Person, now: datetime | None = None) -> None:
    """A draft goes, with its mapping. Raises Refused for one that was ever sent."""
    worksheet = lock(worksheet)
    if not worksheet.is_draft or worksheet.sent_at:
        raise Refused(_("This worksheet was sent, so it stays."), code="not_a_draft")
    audit.record("worksheet.dropped", worksheet, actor=actor, now=now)
    shared = Worksheet.objects.filter(material=worksheet.material.name).exclude(pk=worksheet.pk)
    if worksheet.material and not shared.exists():
        name, storage = str(worksheet.material.name), worksheet.material.storage
        transaction.on_commit(lambda: storage.delete(name))
    worksheet.delete()


@transaction.atomic
def send_to_trainer(
    *, worksheet: Worksheet, actor: Person, now: datetime | None = None
) -> Worksheet:
    """Mail the trainer a link; an earlier one stops working. Sent again, the time begins anew.

    Raises Refused without material, without any place, and once it is answered.
    """
    now = now or timezone.now()
    worksheet = lock(worksheet)
    if worksheet.is_answered:
        raise Refused(_("This worksheet is answered. Renew it instead."), code="answered")
    if not worksheet.material_sha256:
        raise Refused(_("Upload the material first, so that it can be looked at."), code="bare")
    if not worksheet.topics.exclude(place="").exists():
        raise Refused(_("Say for at least one topic where it is covered."), code="no_place")
    worksheet.status = WorksheetStatus.SENT
    worksheet.sent_at = now
    worksheet.link_until = now + timedelta(days=worksheet.rule_set.worksheets.link_days)
    worksheet.links_made += 1
    worksheet.save(update_fields=["status", "sent_at", "link_until", "links_made"])
    letters.ask_trainer(worksheet)
    audit.record("worksheet.sent", worksheet, actor=actor, now=now, link=worksheet.links_made)
    return worksheet


@transaction.atomic
def take_back(*, worksheet: Worksheet, actor: Person, now: datetime | None = None) -> Worksheet:
    """A worksheet that waits for the trainer becomes a draft again; its link stops working."""
    worksheet = lock(worksheet)
    if worksheet.is_draft:
        return worksheet
    if worksheet.is_answered:
        raise Refused(_("This worksheet is answered. Renew it instead."), code="answered")
    worksheet.status = WorksheetStatus.DRAFT
    worksheet.save(update_fields=["status"])
    audit.record("worksheet.taken_back", worksheet, actor=actor, now=now)
    return worksheet


def _demand_open(worksheet: Worksheet, now: datetime) -> Worksheet:
    """The locked worksheet, as long as the trainer may answer it."""
    worksheet = lock(worksheet)
    if worksheet.is_answered:
        raise Refused(_("This worksheet is answered already."), code="answered")
    if worksheet.is_draft:
        raise Refused(_("This worksheet was taken back."), code="taken_back")
    if worksheet.link_is_over(now):
        raise Refused(_("The link has run out. Ask for a new one."), code="link_over")
    return worksheet


@transaction.atomic
def correct_places(
    *, worksheet: Worksheet, places: Mapping[str, str], now: datetime | None = None
) -> Worksheet:
    """The trainer's own places; an empty one names a gap. What the facility proposed is kept."""
    now = now or timezone.now()
    worksheet = _demand_open(worksheet, now)
    changed = []
    for topic in worksheet.topics.all():
        place = _place(places.get(topic.code, topic.place))
        if place != topic.place:
            topic.place = place
            topic.save(update_fields=["place"])
            changed.append(topic.code)
    if changed:
        audit.record("worksheet.corrected", worksheet, actor=None, now=now, topics=changed)
    return worksheet


def valid_through(rule: Rule, day: date) -> date:
    """The last day on which a worksheet counts that is attested on `day`."""
    return months_on(day, rule.worksheets.valid_months)


def words_to_attest(worksheet: Worksheet, now: datetime | None = None) -> str:
    """What attesting now would say; the page shows it before."""
    until = valid_through(worksheet.rule_set, new_york_date(now or timezone.now()))
    mapping = mapping_of(worksheet, list(worksheet.topics.all()))
    return statement(worksheet, mapping, valid_until=until)


@transaction.atomic
def attest(
    *, worksheet: Worksheet, name: str, read: str, now: datetime | None = None
) -> WorksheetAnswer:
    """The trainer attests the words they read; the program's version is frozen and counts.

    Its approval basis names the trainer and the days it is good for; its topics are those with a
    place. A renewed worksheet is replaced. The facility is told, the trainer gets a receipt.
    Raises Refused when the worksheet is answered, taken back or late, when nothing is covered, and
    when `read` is not what would be attested now.
    """
    now = now or timezone.now()
    worksheet = _demand_open(worksheet, now)
    if not name.strip():
        raise Refused(_("Write your name."), code="no_name")
    mapping = mapping_of(worksheet, list(worksheet.topics.all()))
    if not any(row["place"] for row in mapping):
        raise Refused(
            _("No topic has a place, so there is nothing to attest. You can decline instead."),
            code="no_place",
        )
    text = words_to_attest(worksheet, now)
    if read != text:
        raise Refused(
            _("The worksheet has changed since you read it. Read it again, then attest it."),
            code="changed",
        )
    answer = _answer(worksheet, name, text, mapping, now=now)
    today = new_york_date(now)
    worksheet.valid_from, worksheet.valid_until = today, valid_through(worksheet.rule_set, today)
    worksheet.version = _freeze(worksheet, answer, now=now)
    worksheet.status = WorksheetStatus.ATTESTED
    worksheet.save(update_fields=["status", "valid_from", "valid_until", "version"])
    earlier = worksheet.replaces
    if earlier:
        replaced = Worksheet.objects.filter(pk=earlier.pk, status=WorksheetStatus.ATTESTED).update(
            status=WorksheetStatus.REPLACED
        )
        if replaced:
            audit.record("worksheet.replaced", earlier, actor=None, now=now)
    audit.record("worksheet.attested", worksheet, actor=None, now=now, gaps=len(answer.gaps))
    letters.tell_answer(worksheet, answer)
    return answer


@transaction.atomic
def decline(
    *, worksheet: Worksheet, name: str, reason: str, now: datetime | None = None
) -> WorksheetAnswer:
    """The trainer will not attest it, and says why; the facility is told.

    Raises Refused without a reason or a name, and as `attest` does.
    """
    now = now or timezone.now()
    worksheet = _demand_open(worksheet, now)
    reason = " ".join(reason.split())[:400]
    if not name.strip():
        raise Refused(_("Write your name."), code="no_name")
    if not reason:
        raise Refused(_("Say why, so that the facility knows what to do."), code="no_reason")
    mapping = mapping_of(worksheet, list(worksheet.topics.all()))
    text = _("I do not attest the worksheet on “%(program)s” of %(place)s.") % {
        "program": worksheet.program,
        "place": worksheet.organization.name,
    }
    answer = _answer(worksheet, name, text, mapping, reason=reason, now=now)
    worksheet.status = WorksheetStatus.DECLINED
    worksheet.save(update_fields=["status"])
    audit.record("worksheet.declined", worksheet, actor=None, now=now)
    letters.tell_answer(worksheet, answer)
    return answer


def _answer(
    worksheet: Worksheet,
    name: str,
    text: str,
    mapping: list[dict[str, str]],
    *,
    reason: str = "",
    now: datetime,
) -> WorksheetAnswer:
    return WorksheetAnswer.objects.create(
        worksheet=worksheet,
        attested=not reason,
        name=name.strip()[:150],
        email=worksheet.trainer_email,
        text=text,
        reason=reason,
        material_sha256=worksheet.material_sha256,
        mapping=mapping,
        mapping_sha256=digest(mapping),
        answered_at=now,
    )


def _said_by(worksheet: Worksheet, answer: WorksheetAnswer) -> str:
    """Whose word it is; where that is also the word of who wrote it, that too."""
    if not worksheet.own_word:
        return answer.name
    return _("%(name)s, who also wrote it") % {"name": answer.name}


def _freeze(worksheet: Worksheet, answer: WorksheetAnswer, *, now: datetime) -> TrainingVersion:
    """The program as attested: a version of the training that the replaced one was of, or anew."""
    earlier = worksheet.replaces
    training = earlier.version.training if earlier and earlier.version else None
    if training is None:
        training = Training.objects.create(
            kind=TrainingKind.FACILITY,
            title=worksheet.program,
            owner=worksheet.organization,
            created_at=now,
        )
        audit.record("training.created", training, actor=None, now=now)
    assert worksheet.valid_from  # noqa: S101 - set just before, as the next
    assert worksheet.valid_until  # noqa: S101
    spec = {
        "title": worksheet.program,
        "kind": TrainingKind.FACILITY,
        "minutes": 0,
        "topics": [row["code"] for row in answer.mapping if row["place"]],
        "credits": [],
        "language": worksheet.language,
        "approval": {
            "basis": Basis.OWN_WITH_WORKSHEET,
            "by": _said_by(worksheet, answer),
            "link": "",
            "checked_on": worksheet.valid_from.isoformat(),
            "valid_until": worksheet.valid_until.isoformat(),
            "gaps": [row["code"] for row in answer.gaps],
        },
        "provider": worksheet.provider,
        "worksheet": {
            "id": worksheet.pk,
            "material_sha256": answer.material_sha256,
            "mapping": answer.mapping,
            "mapping_sha256": answer.mapping_sha256,
        },
    }
    return freeze(training=training, spec=spec, actor=None, now=now)
