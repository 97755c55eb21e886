"""Asking for access and answering: the changes. A person decides, never a timer."""

import hmac
import secrets
from datetime import date, datetime, timedelta

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.core.pictures import NO_PICTURE, shows_picture
from lms.core.time import new_york_date
from lms.people.models import Person
from lms.people.selectors import has_address
from lms.trainings import access_letters
from lms.trainings.access import PRIVATE_MAIL, domains_of, may_take
from lms.trainings.access_models import AccessGrant, AccessRequest
from lms.trainings.enums import Access, GrantBasis, Proof, RequestStatus
from lms.trainings.models import Training
from lms.trainings.services.access import give, rule_of
from lms.trainings.working_days import due_at

CODE_LIVES = timedelta(hours=1)
CODE_TRIES = 5
WORD_LIVES = timedelta(days=7)
TOLD_BEFORE = timedelta(days=14)
_WORD = "trainings.access.word"


@transaction.atomic
def ask(
    *,
    person: Person,
    training: Training,
    workplace: str,
    proof: Proof,
    proof_address: str,
    actor: Person,
    now: datetime | None = None,
) -> AccessRequest:
    """Ask the owning office for access; the code or the supervisor's mail goes out at once.

    An open request of the same person is returned as it is. The office is told by mail, with the
    end of its target. Raises Refused: "not_asked_for" where access does not come by asking,
    "has_access", "workplace_missing", "picture", "not_an_address", "not_work_address" for private
    mail, and "own_address" for one's own as a supervisor's.
    """
    now = now or timezone.now()
    person, address = person.canonical, proof_address.strip().lower()
    if training.access != Access.APPROVAL:
        raise Refused(_("Access to this training is not given by asking."), code="not_asked_for")
    if may_take(person, training, now):
        raise Refused(_("You have access already."), code="has_access")
    if not workplace.strip():
        raise Refused(_("Say where you work."), code="workplace_missing")
    if shows_picture(workplace):
        raise Refused(str(NO_PICTURE), code="picture")
    _check_address(person, address, proof)
    lock(training)
    there = AccessRequest.objects.of(person).open().filter(training=training).first()
    if there:
        return there
    rule = rule_of(training)
    request = AccessRequest.objects.create(
        training=training,
        person=person,
        workplace=workplace.strip(),
        proof=proof,
        proof_address=address,
        asked_at=now,
        due_at=due_at(now, rule.target_days, every_day=rule.every_day),
    )
    audit.record("access.asked", request, actor=actor, now=now, training=training.pk, proof=proof)
    access_letters.tell_asked(request, deputy=rule.deputy)
    if proof == Proof.AGENCY_EMAIL:
        _send_code(request, now)
    else:
        access_letters.ask_supervisor(request, signing.dumps(request.pk, salt=_WORD))
    return request


def _check_address(person: Person, address: str, proof: Proof) -> None:
    try:
        validate_email(address)
    except ValidationError as error:
        raise Refused(
            _("“%(email)s” is not an e-mail address.") % {"email": address}, code="not_an_address"
        ) from error
    if PRIVATE_MAIL.intersection(domains_of(address)):
        raise Refused(
            _("This is a private address. Type one of your agency, such as name@agency.gov."),
            code="not_work_address",
        )
    if proof == Proof.SUPERVISOR and has_address(person, address):
        raise Refused(_("This is your own address. Type your supervisor's."), code="own_address")


def _send_code(request: AccessRequest, now: datetime) -> None:
    code = f"{secrets.randbelow(10**4):04}-{secrets.randbelow(10**4):04}"
    request.code_hash, request.code_sent_at, request.code_tries = _hash(request, code), now, 0
    request.save(update_fields=["code_hash", "code_sent_at", "code_tries"])
    access_letters.send_code(request, code)


def _hash(request: AccessRequest, code: str) -> str:
    digits = "".join(letter for letter in code if letter.isdigit())
    return salted_hmac(f"access:{request.pk}", digits, algorithm="sha256").hexdigest()


@transaction.atomic
def send_new_code(
    *, request: AccessRequest, actor: Person, now: datetime | None = None
) -> AccessRequest:
    """Another code to the same work address. Raises Refused "too_soon" within two minutes."""
    now = now or timezone.now()
    request = lock(request)
    if not request.is_open or request.proved_at or request.proof != Proof.AGENCY_EMAIL:
        return request
    if request.code_sent_at and now - request.code_sent_at < timedelta(minutes=2):
        raise Refused(
            _("A code was sent a moment ago. Look for it, also among spam."), code="too_soon"
        )
    _send_code(request, now)
    return request


def prove_by_code(
    *, request: AccessRequest, code: str, actor: Person, now: datetime | None = None
) -> AccessRequest:
    """The code from the work address was typed: the address is proved. The office still answers.

    Not atomic as a whole, since a wrong try must count though it is refused. Raises Refused
    "code_over" for an old code or after too many tries, "wrong_code".
    """
    now = now or timezone.now()
    with transaction.atomic():
        request = lock(request)
        if request.proved_at:
            return request
        old = request.code_sent_at is None or now - request.code_sent_at > CODE_LIVES
        over = not request.is_open or old or request.code_tries >= CODE_TRIES
        right = not over and hmac.compare_digest(request.code_hash, _hash(request, code))
        if right:
            request.proved_at, request.code_hash = now, ""
            request.save(update_fields=["proved_at", "code_hash"])
            audit.record("access.proved", request, actor=actor, now=now, proof=request.proof)
        elif not over:
            request.code_tries += 1
            request.save(update_fields=["code_tries"])
    if over:
        raise Refused(_("This code works no longer. Ask for a new one."), code="code_over")
    if not right:
        raise Refused(
            _("This is not the code we sent. Look at the newest mail."), code="wrong_code"
        )
    return request


def request_of_word(token: str) -> AccessRequest | None:
    """The request a supervisor's link is about; None for a link we did not sign or an old one."""
    try:
        pk = signing.loads(token, salt=_WORD, max_age=WORD_LIVES)
    except signing.BadSignature:
        return None
    found = AccessRequest.objects.filter(pk=pk, proof=Proof.SUPERVISOR)
    return found.select_related("training__owner", "person__canonical_person").first()


@transaction.atomic
def give_word(*, request: AccessRequest, yes: bool, now: datetime | None = None) -> AccessRequest:
    """The supervisor said yes or no, once; a second answer changes nothing. The office answers."""
    now = now or timezone.now()
    request = lock(request)
    if request.supervisor_said is not None or not request.is_open:
        return request
    request.supervisor_said, request.supervisor_said_at = yes, now
    request.proved_at = now if yes else None
    request.save(update_fields=["supervisor_said", "supervisor_said_at", "proved_at"])
    audit.record("access.word_given", request, actor=None, now=now, yes=yes)
    return request


@transaction.atomic
def take_back(
    *, request: AccessRequest, actor: Person, now: datetime | None = None
) -> AccessRequest:
    """The person no longer asks. Twice is once."""
    changed = AccessRequest.objects.open().filter(pk=request.pk)
    if changed.update(status=RequestStatus.WITHDRAWN):
        audit.record("access.taken_back", request, actor=actor, now=now)
    request.refresh_from_db(fields=["status"])
    return request


@transaction.atomic
def grant(
    *,
    request: AccessRequest,
    expires_on: date,
    actor: Person,
    now: datetime | None = None,
) -> AccessGrant:
    """The office says yes: a grant through `expires_on`, and the person is told.

    Granting twice is once. Raises Refused "answered" for one refused or taken back, "past" for a
    day that is over, "not_proved" while nobody has proved anything, and "own_request".
    """
    now = now or timezone.now()
    request = _answerable(request, actor, RequestStatus.GRANTED)
    if request.status == RequestStatus.GRANTED:
        return AccessGrant.objects.get(request=request)
    if expires_on < new_york_date(now):
        raise Refused(_("Choose a day that is not over."), code="past")
    if request.proved_at is None:
        raise Refused(
            _(
                "Nothing is proved yet. Wait for the code or the supervisor's word, or refuse and"
                " say what is missing."
            ),
            code="not_proved",
        )
    _answer(request, RequestStatus.GRANTED, actor=actor, now=now)
    given = give(
        person=request.person,
        training=request.training,
        basis=GrantBasis.REQUEST,
        granted_by=actor,
        expires_on=expires_on,
        request=request,
        actor=actor,
        now=now,
    )
    access_letters.tell_granted(given)
    return given


@transaction.atomic
def refuse(
    *, request: AccessRequest, reason: str, actor: Person, now: datetime | None = None
) -> AccessRequest:
    """The office says no, with a reason that the person reads; they may ask again.

    Refusing twice is once. Raises Refused "answered", "reason_missing" and "own_request".
    """
    now = now or timezone.now()
    request = _answerable(request, actor, RequestStatus.REFUSED)
    if request.status == RequestStatus.REFUSED:
        return request
    if not reason.strip():
        raise Refused(_("Say why, so that the person knows what to do."), code="reason_missing")
    request.reason = reason.strip()[:300]
    _answer(request, RequestStatus.REFUSED, actor=actor, now=now)
    access_letters.tell_refused(request)
    return request


def _answerable(request: AccessRequest, actor: Person, wanted: RequestStatus) -> AccessRequest:
    request = lock(request)
    if request.person.canonical.pk == actor.canonical.pk:
        raise Refused(_("Somebody else must answer your own request."), code="own_request")
    if request.status not in (RequestStatus.OPEN, wanted):
        raise Refused(_("This request was answered or taken back already."), code="answered")
    return request


def _answer(request: AccessRequest, status: RequestStatus, *, actor: Person, now: datetime) -> None:
    request.status, request.answered_at, request.answered_by = status, now, actor
    request.save(update_fields=["status", "answered_at", "answered_by", "reason"])
    audit.record(f"access.{status}", request, actor=actor, now=now)


@transaction.atomic
def escalate(*, request: AccessRequest, now: datetime | None = None) -> bool:
    """Tell the deputy of a request over its target, once; decides nothing. Whether it did.

    Where no deputy is set the office is told once more instead, and a deputy set later still is.
    The target ends on a working day, or on any where the training's rule counts every day: then the
    deputy is told on a weekend too.
    """
    now = now or timezone.now()
    deputy = rule_of(request.training).deputy
    waiting = AccessRequest.objects.open().filter(
        pk=request.pk, escalated_to__isnull=True, due_at__lte=now
    )
    if deputy is None:
        waiting = waiting.filter(escalated_at__isnull=True)
    if not waiting.update(escalated_at=now, escalated_to=deputy):
        return False
    audit.record("access.escalated", request, actor=None, now=now, deputy=deputy and deputy.pk)
    access_letters.tell_asked(request, deputy=deputy, late=True)
    return True


def escalate_late(*, now: datetime | None = None) -> int:
    """Every request over its target is told as `escalate` says; how many now. Safe to repeat."""
    now = now or timezone.now()
    late = AccessRequest.objects.open().filter(escalated_to__isnull=True, due_at__lte=now)
    return sum(escalate(request=each, now=now) for each in late.select_related("training__owner"))


def tell_endings(*, now: datetime | None = None) -> int:
    """Tell everybody whose access ends within two weeks, once each; how many letters there are."""
    today = new_york_date(now or timezone.now())
    ending = (
        AccessGrant.objects.current(today)
        .filter(expires_on__lte=today + TOLD_BEFORE)
        .select_related("training__owner", "person__canonical_person")
    )
    for each in ending:
        with transaction.atomic():
            access_letters.tell_ending(each)
    return len(ending)
