"""Claims asked for, taken back, shown by a letter's code or a licence, granted and refused."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import PurePath
from secrets import compare_digest
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.compliance.claim_models import ClaimStatus, ClaimWay, FacilityClaim
from lms.compliance.claims import mails
from lms.compliance.claims.opening import open_for
from lms.compliance.claims.selectors import managers_of, open_at
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.file_contents import SCANS, look_into
from lms.core.locking import lock
from lms.core.time import new_york_today
from lms.people.devices import secrets
from lms.people.enums import OrganizationKind, Role
from lms.people.models import Organization, Person
from lms.people.permissions import has_role, manages_facility
from lms.people.places import Place
from lms.people.services import grant_role

CODE_VALID = timedelta(days=30)
# A picture of a license has done its work once there is an answer; some days for questions.
LICENCE_KEPT = timedelta(days=90)
# About 39 bits stand against ten tries; the eleventh needs a new letter.
CODE_TRIES = 10


@transaction.atomic
def claim_facility(
    *,
    place: Place,
    rooms_for_hire: int | None,
    owner_lives_there: bool | None,
    is_dwelling: bool | None,
    position: str,
    way: ClaimWay,
    licence_number: str = "",
    upload: "UploadedFile[bytes] | None" = None,
    facility: Organization | None = None,
    is_another: bool = False,
    company: Organization | None = None,
    actor: Person,
    now: datetime | None = None,
) -> FacilityClaim:
    """`actor` says they run this place and asks to manage it here.

    `facility` is the one that is here already; where it has managers, `way` must be MANAGERS, and
    they are asked by mail. `is_another` says that a facility at the same address is not this place.
    `company` is one the actor manages all facilities of. An open claim to the same address is
    returned as it is. Raises Refused without an address, for a file that cannot be taken, for a
    licence without number and file, and for somebody who manages the place already.
    """
    now = now or timezone.now()
    person = lock(actor.canonical)
    if not place.address_key:
        raise Refused(_("Give the street with its number, and the ZIP code."), code="no_address")
    open_one = FacilityClaim.objects.filter(
        person=person, address_key=place.address_key, status=ClaimStatus.PENDING
    ).first()
    if open_one:
        return open_one
    if company and not has_role(person, Role.COMPANY_MANAGER, company):
        raise Refused(_("You do not manage this company here."), code="not_your_company")
    _demand_sensible(person, facility, way)
    claim = FacilityClaim(
        person=person,
        facility=facility,
        company=company,
        name=place.name.strip(),
        street=place.street.strip(),
        city=place.city.strip(),
        county=place.county.strip(),
        postcode=place.postcode.strip(),
        address_key=place.address_key,
        is_another=is_another and facility is None,
        rooms_for_hire=rooms_for_hire,
        owner_lives_there=owner_lives_there,
        is_dwelling=is_dwelling,
        position=position.strip(),
        way=way,
        asked_at=now,
    )
    if way == ClaimWay.LICENCE:
        _take_licence(claim, licence_number, upload)
    claim.save()
    audit.record(
        "facility_claim.asked",
        claim,
        actor=person,
        now=now,
        way=way,
        facility=facility.pk if facility else None,
    )
    mails.asked(claim)
    if claim.asks_managers and facility:
        mails.ask_managers(claim, managers_of(facility))
    return claim


def _demand_sensible(person: Person, facility: Organization | None, way: ClaimWay) -> None:
    if facility is None:
        if way == ClaimWay.MANAGERS:
            raise Refused(_("This place is not here yet."), code="not_here")
        return
    if facility.kind != OrganizationKind.FACILITY:
        raise Refused(_("Only a lodging facility has a manager."), code="not_a_facility")
    if manages_facility(person, facility):
        raise Refused(_("You manage this place already."), code="manages_it")
    if bool(managers_of(facility)) != (way == ClaimWay.MANAGERS):
        raise Refused(
            _("Who manages this place has changed since you began. Please start again."),
            code="managers_changed",
        )


def _take_licence(claim: FacilityClaim, number: str, upload: "UploadedFile[bytes] | None") -> None:
    """The licence's number, its picture, or both."""
    number = " ".join(number.split())[:60]
    if not number and upload is None:
        raise Refused(
            _("Give the number of the license, or a photo or PDF of it."), code="no_licence"
        )
    claim.licence_number = number
    if upload is None:
        return
    found = look_into(upload, kinds=SCANS)
    claim.file_name = PurePath(upload.name or "").name[-200:]
    claim.file_kind, claim.file_sha256 = found.kind, found.sha256
    claim.file.save(f"{found.sha256[:24]}.{found.kind}", upload, save=False)


@transaction.atomic
def change_way(
    *,
    claim: FacilityClaim,
    way: ClaimWay,
    licence_number: str = "",
    upload: "UploadedFile[bytes] | None" = None,
    actor: Person,
    now: datetime | None = None,
) -> FacilityClaim:
    """The person shows it another way, say because no letter comes; the same changes nothing.

    A code that was sent works on. Raises Refused once it is answered, and for a claim that the
    place's managers answer.
    """
    claim = _demand_open(claim)
    if ClaimWay.MANAGERS in {claim.way, way}:
        raise Refused(_("The managers of this place decide."), code="managers_decide")
    if way == ClaimWay.LICENCE:
        _take_licence(claim, licence_number, upload)
    elif way == claim.way:
        return claim
    claim.way = way
    claim.save()
    audit.record("facility_claim.way_changed", claim, actor=actor, now=now, way=way)
    return claim


@transaction.atomic
def withdraw(*, claim: FacilityClaim, actor: Person, now: datetime | None = None) -> FacilityClaim:
    """The person takes it back; twice is once. Raises Refused once it is answered."""
    claim = lock(claim)
    if claim.status == ClaimStatus.WITHDRAWN:
        return claim
    claim = _demand_open(claim)
    return _decide(claim, ClaimStatus.WITHDRAWN, actor=actor, now=now)


@transaction.atomic
def write_letters(
    *, claims: Iterable[FacilityClaim], actor: Person, now: datetime | None = None
) -> list[tuple[FacilityClaim, str]]:
    """A new code for each claim, to be printed at once: it is kept nowhere but on the letter.

    An earlier letter's code stops working. Codes work for 30 days, from sending once that is noted.
    Raises Refused for a claim that is answered or wants no letter.
    """
    now = now or timezone.now()
    written = []
    for row in sorted(claims, key=lambda claim: claim.pk):
        claim = _demand_open(row)
        if claim.asks_managers:
            raise Refused(_("The managers of this place decide."), code="managers_decide")
        code = secrets.new_code()
        claim.code_hash, claim.code_until = secrets.code_hash(code), now + CODE_VALID
        claim.code_tries, claim.letter_sent_on = 0, None
        claim.letters_made += 1
        claim.way = ClaimWay.LETTER
        claim.save()
        audit.record(
            "facility_claim.letter_made", claim, actor=actor, now=now, letter=claim.letters_made
        )
        written.append((claim, secrets.grouped(code)))
    return written


@transaction.atomic
def note_letter_sent(
    *, claim: FacilityClaim, sent_on: date, actor: Person, now: datetime | None = None
) -> FacilityClaim:
    """The letter went out on a New York day: the person is told; the same day again is nothing.

    Raises Refused without a letter, and for a day to come.
    """
    now = now or timezone.now()
    claim = _demand_open(claim)
    if not claim.code_hash:
        raise Refused(_("Print the letter first."), code="no_letter")
    if sent_on > new_york_today(now):
        raise Refused(_("Choose today or an earlier day."), code="in_future")
    if claim.letter_sent_on == sent_on:
        return claim
    claim.letter_sent_on = sent_on
    claim.code_until = now + CODE_VALID
    claim.save(update_fields=["letter_sent_on", "code_until"])
    audit.record(
        "facility_claim.letter_sent", claim, actor=actor, now=now, sent_on=sent_on.isoformat()
    )
    mails.letter_sent(claim)
    return claim


def verify_by_code(
    *, claim: FacilityClaim, typed: str, actor: Person, now: datetime | None = None
) -> FacilityClaim:
    """The code from the letter makes the person the facility's manager.

    A wrong one is counted before it is refused. Raises Refused "wrong", "no_code" (none was sent,
    it ran out, or was tried too often) and what `open_for` refuses.
    """
    now = now or timezone.now()
    with transaction.atomic():
        locked = _lock_with_rivals(claim)
        if locked.is_verified:
            return locked
        refusal = _about_code(locked, typed, now)
        if refusal is None:
            return _verify(locked, actor=actor, reason="", now=now)
        if refusal.code == "wrong":
            locked.code_tries += 1
            locked.save(update_fields=["code_tries"])
            audit.record("facility_claim.wrong_code", locked, actor=actor, now=now)
    raise refusal


def _about_code(claim: FacilityClaim, typed: str, now: datetime) -> Refused | None:
    """Why this code does not do; None where it does."""
    if not claim.is_pending:
        return Refused(_("This is answered already."), code="answered")
    if not claim.code_works(now):
        return Refused(
            _("There is no code that works. Ask the office for a letter."), code="no_code"
        )
    if claim.code_tries >= CODE_TRIES:
        return Refused(
            _("This code was mistyped too often. Ask the office for a new letter."), code="no_code"
        )
    if not compare_digest(secrets.code_hash(typed), claim.code_hash):
        return Refused(
            _("This is not the code of the newest letter. Look at each letter again."),
            code="wrong",
        )
    return None


@transaction.atomic
def verify_at_desk(
    *, claim: FacilityClaim, reason: str, actor: Person, now: datetime | None = None
) -> FacilityClaim:
    """The office vouches for the person, having seen the licence or called the place, and says why.

    Raises Refused without a reason and what `open_for` refuses. Twice is once.
    """
    claim = _lock_with_rivals(claim)
    if claim.is_verified:
        return claim
    claim = _demand_open(claim)
    reason = _words(reason, _("Say what shows that they run the place."))
    if claim.asks_managers:
        raise Refused(_("The managers of this place decide."), code="managers_decide")
    return _verify(claim, actor=actor, reason=reason, now=now or timezone.now())


@transaction.atomic
def grant_by_manager(
    *, claim: FacilityClaim, actor: Person, now: datetime | None = None
) -> FacilityClaim:
    """A manager of the facility makes the person one more. Twice is once.

    Raises Refused for an answered claim, and for somebody who does not manage the place.
    """
    now = now or timezone.now()
    claim = lock(claim)
    if claim.is_verified:
        return claim
    claim = _demand_open(claim)
    facility = _facility_asked(claim, actor)
    grant_role(
        person=claim.person.canonical,
        role=Role.MANAGER,
        organization=facility,
        actor=actor,
        now=now,
    )
    claim = _decide(claim, ClaimStatus.VERIFIED, actor=actor, now=now)
    mails.granted(claim)
    return claim


@transaction.atomic
def refuse(
    *, claim: FacilityClaim, reason: str, actor: Person, now: datetime | None = None
) -> FacilityClaim:
    """No, with the reason the person reads in a mail. Raises Refused without one."""
    claim = _demand_open(claim)
    if claim.asks_managers:
        _facility_asked(claim, actor)
    reason = _words(reason, _("Say why, so that the person knows what to do."))
    claim = _decide(claim, ClaimStatus.REFUSED, actor=actor, reason=reason, now=now)
    mails.refused(claim)
    return claim


def forget_licences(now: datetime) -> int:
    """Remove pictures of licenses some time after the answer; how many went."""
    gone = 0
    old = FacilityClaim.objects.filter(decided_at__lt=now - LICENCE_KEPT).exclude(file="")
    for row in old:
        with transaction.atomic():
            claim = lock(row)
            name, storage = str(claim.file.name), claim.file.storage
            claim.file, claim.file_name = "", ""
            claim.save(update_fields=["file", "file_name"])
            audit.record("facility_claim.licence_removed", claim, actor=None, now=now)
            transaction.on_commit(partial(storage.delete, name))
        gone += 1
    return gone


def _facility_asked(claim: FacilityClaim, actor: Person) -> Organization:
    facility = claim.facility
    if not claim.asks_managers or facility is None:
        raise Refused(_("The office decides about this one."), code="office_decides")
    if not manages_facility(actor, facility):
        raise Refused(_("You do not manage this place."), code="not_yours")
    return facility


def _verify(claim: FacilityClaim, *, actor: Person, reason: str, now: datetime) -> FacilityClaim:
    """Open the facility's page for its first manager, in the caller's transaction."""
    claim.facility = open_for(claim, actor=actor, now=now)
    claim = _decide(claim, ClaimStatus.VERIFIED, actor=actor, reason=reason, now=now)
    mails.verified(claim)
    return claim


def _lock_with_rivals(claim: FacilityClaim) -> FacilityClaim:
    """The claim, locked with all open ones to its address, always in one order.

    Of two people who are verified at once, the second finds the place taken.
    """
    for row in open_at(claim.address_key):
        lock(row)
    return lock(claim)


def _demand_open(claim: FacilityClaim) -> FacilityClaim:
    claim = lock(claim)
    if not claim.is_pending:
        raise Refused(_("This is answered already."), code="answered")
    return claim


def _words(text: str, otherwise: str) -> str:
    said = " ".join(text.split())[:400]
    if not said:
        raise Refused(otherwise, code="reason_missing")
    return said


def _decide(
    claim: FacilityClaim,
    status: ClaimStatus,
    *,
    actor: Person,
    reason: str = "",
    now: datetime | None = None,
) -> FacilityClaim:
    """The answer; the code works no longer."""
    now = now or timezone.now()
    said: dict[str, Any] = {
        "status": status,
        "decided_at": now,
        "decided_by": actor,
        "reason": reason,
        "code_hash": "",
        "code_until": None,
    }
    for name, value in said.items():
        setattr(claim, name, value)
    claim.save(update_fields=[*said, "facility"])
    audit.record(
        f"facility_claim.{status.value}",
        claim,
        actor=actor,
        now=now,
        way=claim.way,
        facility=claim.facility_id,
    )
    return claim
