"""A learner confirms having done the course in person."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.enums import RequirementKind
from courses.models import Enrolment, OwnWord
from courses.requirements import statement
from courses.selectors import where
from courses.services.enrolments import evaluate
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.people.models import Person


@transaction.atomic
def give_own_word(*, enrolment: Enrolment, actor: Person, now: datetime | None = None) -> Enrolment:
    """Keep the learner's statement, in the words shown; completes the course if all else is done.

    Giving it twice is giving it once. Raises Refused from anybody else, before everything above it
    is done, and where the version does not ask for it.
    """
    now = now or timezone.now()
    locked = lock(enrolment)
    if actor.canonical.pk != locked.person_id:
        raise Refused(_("Only the learner can confirm this."), code="not_the_learner")
    if hasattr(locked, "own_word"):
        return locked
    stands = where(locked)
    asked = next((r for r in stands.requirements if r.kind == RequirementKind.OWN_WORD), None)
    if asked is None:
        raise Refused(_("This course does not ask you to confirm anything."), code="not_asked")
    if stands.next_requirement != asked:
        raise Refused(stands.not_yet or asked.reason, code="too_early")
    given = OwnWord.objects.create(enrolment=locked, statement=statement(), given_at=now)
    locked.own_word = given
    audit.record("enrolment.own_word", locked, actor=actor, now=now)
    return evaluate(enrolment=locked, actor=actor, now=now)
