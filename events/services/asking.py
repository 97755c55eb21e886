"""Questions at registration, answers to them, and what people need to take part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from events.asking_models import Arrangement, RegistrationAnswer, RegistrationQuestion
from events.enums import Need, QuestionKind, RegistrationStatus
from events.models import Registration, Session
from events.permissions import arranges
from events.selectors import questions_asked
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.core.prepared import Prepared, given
from lms.core.time import new_york_date
from lms.people.models import Person
from lms.trainings.models import Training

MOST_QUESTIONS = 10
# What people needed is nobody's business once the session is over; the form says so.
NEEDS_KEPT_DAYS = 30


@dataclass(frozen=True)
class Said:
    """What somebody said when registering: answers by question id, and what they need."""

    answers: Mapping[int, str] = field(default_factory=dict)
    needs: Sequence[str] = ()
    language: str = ""
    note: str = ""


@transaction.atomic
def add_question(
    *,
    training: Training,
    kind: str,
    text: str,
    choices: Sequence[str] = (),
    required: bool,
    others_may_answer: bool = False,
    session: Session | None = None,
    actor: Person,
    now: datetime | None = None,
) -> RegistrationQuestion:
    """Ask one more thing of everybody who registers, for all dates or for one `session`.

    The same question twice is one. Raises Refused for a choice of fewer than two, and beyond ten
    questions.
    """
    training = lock(training)
    standing = RegistrationQuestion.objects.filter(training=training, retired_at__isnull=True)
    text = " ".join(text.split())
    same = standing.filter(text=text, kind=kind, session=session).first()
    if same:
        return same
    choices = [" ".join(choice.split()) for choice in choices if choice.strip()]
    if kind == QuestionKind.CHOICE and len(set(choices)) < 2:
        raise Refused(_("Give at least two answers to choose from."), code="no_choices")
    if standing.count() >= MOST_QUESTIONS:
        raise Refused(
            _("Ten questions are enough for a tired person. Stop asking one of them first."),
            code="too_many",
        )
    question = RegistrationQuestion.objects.create(
        training=training,
        session=session,
        kind=kind,
        text=text,
        choices=list(dict.fromkeys(choices)) if kind == QuestionKind.CHOICE else [],
        required=required,
        others_may_answer=others_may_answer,
        created_by=actor,
        created_at=now or timezone.now(),
    )
    audit.record("registration_question.added", question, actor=actor, now=question.created_at)
    return question


@transaction.atomic
def retire_question(
    *, question: RegistrationQuestion, actor: Person, now: datetime | None = None
) -> RegistrationQuestion:
    """Stop asking; answers that were given stay. Doing it twice changes nothing."""
    now = now or timezone.now()
    if question.retired_at:
        return question
    question.retired_at = now
    question.save(update_fields=["retired_at"])
    audit.record("registration_question.retired", question, actor=actor, now=now)
    return question


@transaction.atomic
def say(
    *,
    registration: Registration,
    said: Said,
    actor: Person | None,
    now: datetime | None = None,
) -> None:
    """Write down answers and needs; the same again changes nothing, an empty one is taken away.

    Raises Refused "answer_missing" for a required question left open, "not_a_choice" for an answer
    that was not offered, and "started" from the session's beginning on.
    """
    now = now or timezone.now()
    if registration.session.starts_at <= now:
        raise Refused(_("The session has begun; nothing changes any more."), code="started")
    for question in questions_asked(registration.session):
        text = " ".join(said.answers.get(question.pk, "").split())[:300]
        check_answer(question, text)
        if not text:
            RegistrationAnswer.objects.filter(registration=registration, question=question).delete()
            continue
        _answer(registration, question, text, now=now)
    _need(registration, said, actor=actor, now=now)


@transaction.atomic
def answer_for(
    *, registration: Registration, answers: Mapping[int, str], now: datetime | None = None
) -> list[RegistrationQuestion]:
    """Write what somebody else answered who registers the person; returns what is still open.

    Only questions that others may answer are taken, never what the person needs, and never over an
    answer that stands. Raises Refused "not_a_choice" for an answer that was not offered.
    """
    now = now or timezone.now()
    asked = questions_asked(registration.session)
    if not asked:
        return []
    known = set(registration.answers.values_list("question_id", flat=True))
    still = []
    for question in asked:
        if question.pk in known:
            continue
        text = " ".join(answers.get(question.pk, "").split())[:300]
        if not text or not question.others_may_answer:
            still.append(question)
            continue
        check_answer(question, text)
        _answer(registration, question, text, now=now)
    return still


def _answer(
    registration: Registration, question: RegistrationQuestion, text: str, *, now: datetime
) -> None:
    RegistrationAnswer.objects.update_or_create(
        registration=registration, question=question, defaults={"text": text, "updated_at": now}
    )


def check_answer(question: RegistrationQuestion, text: str) -> None:
    """Refuse an answer that is missing, or that is none of those offered."""
    if not text:
        if question.required:
            raise Refused(
                _("Please answer “%(question)s”.") % {"question": question.text},
                code="answer_missing",
            )
        return
    offered = {
        QuestionKind.CHOICE: question.choices,
        QuestionKind.YES_NO: ["yes", "no"],
    }.get(QuestionKind(question.kind))
    if offered is not None and text not in offered:
        raise Refused(
            _("“%(answer)s” is none of the answers offered.") % {"answer": text},
            code="not_a_choice",
        )


_arrangement = Prepared(
    lambda: Arrangement.objects.filter(registration=given("registration")).order_by()
)


def _need(registration: Registration, said: Said, *, actor: Person | None, now: datetime) -> None:
    """What the person needs. A changed need has to be seen to anew."""
    needs = [need for need in Need.values if need in said.needs]
    wanted = (needs, " ".join(said.language.split())[:40], " ".join(said.note.split())[:300])
    there = _arrangement.first(registration=registration.pk)
    if there and (there.needs, there.language, there.note) == wanted:
        return
    if not any(wanted):
        if there:
            there.delete()
            audit.record("arrangement.taken_back", registration, actor=actor, now=now)
        return
    Arrangement.objects.update_or_create(
        registration=registration,
        defaults={
            "needs": needs,
            "language": wanted[1],
            "note": wanted[2],
            "updated_at": now,
            "arranged_at": None,
            "arranged_by": None,
        },
    )
    audit.record("arrangement.asked", registration, actor=actor, now=now)


@transaction.atomic
def arrange(*, arrangement: Arrangement, actor: Person, now: datetime | None = None) -> Arrangement:
    """Note that it is seen to; the person reads so on the session's page.

    Doing it twice changes nothing. Raises Refused "not_yours" for somebody who does not arrange.
    """
    now = now or timezone.now()
    if not arranges(actor, arrangement.registration.session):
        raise Refused(_("Only those who arrange it see what people need."), code="not_yours")
    arrangement = lock(arrangement)
    if arrangement.arranged_at:
        return arrangement
    arrangement.arranged_at = now
    arrangement.arranged_by = actor
    arrangement.save(update_fields=["arranged_at", "arranged_by"])
    audit.record("arrangement.made", arrangement.registration, actor=actor, now=now)
    return arrangement


@transaction.atomic
def forget_needs(now: datetime) -> int:
    """Remove what people needed: 30 days after the session (New York), or with the seat given back.

    Returns how many; again, it finds nothing. What the office arranged stays in the audit, without
    what it was.
    """
    over = Q(registration__session__day__lt=new_york_date(now) - timedelta(days=NEEDS_KEPT_DAYS))
    given_back = Q(registration__status=RegistrationStatus.CANCELLED)
    due = Arrangement.objects.filter(over | given_back)
    rows = list(due.order_by("pk").values_list("pk", "registration__session"))
    for session in Session.objects.filter(pk__in={session for _pk, session in rows}):
        number = sum(of == session.pk for _pk, of in rows)
        audit.record("arrangements.forgotten", session, actor=None, now=now, rows=number)
    return Arrangement.objects.filter(pk__in=[pk for pk, _session in rows]).delete()[0]
