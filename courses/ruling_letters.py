"""What people are told by mail about decisions on their tests."""

from django.conf import settings
from django.urls import reverse

from courses.enums import RulingKind
from courses.models import AttemptRuling, Enrolment
from courses.selectors import where
from lms.core.mail import send_mail_later


def tell_ruling(ruling: AttemptRuling, enrolment: Enrolment, *, revoked: bool = False) -> None:
    """The decision with its reason, and how to go on; to whoever has an address, once.

    Nothing of the answers, and no result: what is forwarded says nothing about what was known.
    """
    person = enrolment.person.canonical
    if not person.email:
        return
    outline = where(Enrolment.objects.get(pk=enrolment.pk), now=ruling.ruled_at)
    step = outline.step(ruling.attempt.step_key)
    known = dict(settings.LANGUAGES)
    send_mail_later(
        key=f"courses.ruling:{ruling.pk}",
        to=person.email,
        template="attempt_ruled",
        language=person.preferred_language
        if person.preferred_language in known
        else settings.LANGUAGE_CODE,
        context={
            "person": person,
            "course": outline.title,
            "title": step.title if step else outline.title,
            "office": enrolment.training.owner,
            "ruling": ruling,
            "passed": ruling.kind == RulingKind.REGRADE,
            "more_time": ruling.minutes,
            "revoked": revoked,
            "completed": ruling.kind == RulingKind.REGRADE and not enrolment.is_active,
            "again": bool(step and not step.is_locked and not step.is_done),
            "path": reverse("courses:step", args=[enrolment.pk, ruling.attempt.step_key]),
        },
    )
