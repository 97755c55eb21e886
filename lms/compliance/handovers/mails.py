"""What people hear when a facility changes hands."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from lms.compliance.handover_models import FacilityHandover
from lms.compliance.handovers.selectors import token_of
from lms.core.mail import send_mail_later
from lms.core.time import long_date
from lms.people.models import Person


def offer(handover: FacilityHandover) -> None:
    """The address that is to take it over gets the link."""
    with override(settings.LANGUAGE_CODE):
        words = {
            "person": handover.offered_by,
            "owner": handover.from_company or handover.facility,
            "place": handover.facility,
            "day": long_date(handover.day),
        }
        send_mail_later(
            key=f"handover:{handover.pk}:offer",
            to=handover.to_email,
            template="lodging",
            context={
                "name": handover.to_email,
                "subject": _("Take over %(place)s") % words,
                "paragraphs": [
                    _("%(person)s of %(owner)s hands %(place)s over to you from %(day)s on.")
                    % words,
                    _(
                        "Its employees and their training record come with it. Open the page below "
                        "with this address; you can make an account there. Accept it or say no."
                    ),
                ],
                "path": reverse("facilities:handover_answer", args=[token_of(handover)]),
                "link_words": _("Look at it"),
            },
        )


def answered(handover: FacilityHandover) -> None:
    """Whoever offered it hears yes or no."""
    place = {"place": handover.facility, "day": long_date(handover.day)}
    with override(handover.offered_by.preferred_language or settings.LANGUAGE_CODE):
        if handover.is_open:
            subject = _("Accepted: %(place)s changes hands") % place
            text = _(
                "%(place)s is the new owner’s from %(day)s on. From that day you no longer see it."
            )
        else:
            subject = _("%(place)s was not taken over") % place
            text = _("The new owner said no. Nothing has changed.")
        _tell(handover, handover.offered_by, "answer", subject, [text % place])


def done(handover: FacilityHandover) -> None:
    """Both sides hear that it has happened; the former owner where the last packet is."""
    assert handover.done_on  # noqa: S101 - set by the service
    place = {"place": handover.facility, "day": long_date(handover.done_on)}
    with override(handover.offered_by.preferred_language or settings.LANGUAGE_CODE):
        _tell(
            handover,
            handover.offered_by,
            "done",
            _("%(place)s has changed hands") % place,
            [
                _("Since %(day)s you no longer see its employees.") % place,
                _("The record as of the day before is there for you to download and keep."),
            ],
            path=reverse("facilities:given_away"),
            link_words=_("Download the record"),
        )
    if handover.answered_by and handover.answered_by != handover.offered_by:
        with override(handover.answered_by.preferred_language or settings.LANGUAGE_CODE):
            _tell(
                handover,
                handover.answered_by,
                "done",
                _("%(place)s is yours now") % place,
                [_("Since %(day)s it is in your list, with its employees and history.") % place],
            )


def role_ended(handover: FacilityHandover, person: Person) -> None:
    """A manager the new owner does not keep; whoever gave it away hears so anyway."""
    if person == handover.offered_by:
        return
    place = {"place": handover.facility}
    with override(person.preferred_language or settings.LANGUAGE_CODE):
        _tell(
            handover,
            person,
            "ended",
            _("You no longer manage %(place)s") % place,
            [
                _("%(place)s has a new owner, and your role there has ended.") % place,
                _("You still work there? Ask the new owner for a role."),
            ],
        )


def _tell(
    handover: FacilityHandover,
    person: Person,
    what: str,
    subject: str,
    paragraphs: list[str],
    *,
    path: str = "",
    link_words: str = "",
) -> None:
    if not person.email:
        return
    send_mail_later(
        key=f"handover:{handover.pk}:{what}:{person.pk}",
        to=person.email,
        template="lodging",
        context={
            "name": person.get_short_name(),
            "subject": subject,
            "paragraphs": paragraphs,
            "path": path or reverse("facilities:home"),
            "link_words": link_words or _("Open your facilities"),
        },
        language=person.preferred_language,
    )
