"""What people hear about claims: those who asked, and the managers who are asked."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from lms.compliance.claim_models import ClaimWay, FacilityClaim
from lms.core.mail import send_mail_later
from lms.core.time import long_date
from lms.people.models import Person


def asked(claim: FacilityClaim) -> None:
    """What was asked, and what comes next."""
    nexts = {
        ClaimWay.LETTER: _(
            "The office sends a letter with a code to this address. When it is there, open the "
            "page below and type the code in."
        ),
        ClaimWay.LICENCE: _("The office looks at the license and tells you by mail."),
        ClaimWay.OFFICE: _("The office finds out whether you run the place and tells you by mail."),
        ClaimWay.MANAGERS: _("Those who manage this place here were asked. You hear by mail."),
    }
    with _language_of(claim.person):
        _tell(
            claim,
            "asked",
            _("You asked to manage %(place)s") % {"place": claim.name},
            [
                _("You asked to manage %(place)s, %(street)s, %(city)s.")
                % {"place": claim.name, "street": claim.street, "city": claim.city},
                nexts[ClaimWay(claim.way)],
                _("It was not you? Open the page and take it back."),
            ],
        )


def letter_sent(claim: FacilityClaim) -> None:
    """The letter is on its way."""
    assert claim.letter_sent_on  # noqa: S101 - set by the service
    with _language_of(claim.person):
        _tell(
            claim,
            f"letter:{claim.letters_made}:{claim.letter_sent_on}",
            _("A letter is on its way to %(place)s") % {"place": claim.name},
            [
                _("It was sent on %(day)s to %(street)s, %(city)s, with your name on it.")
                % {
                    "day": long_date(claim.letter_sent_on),
                    "street": claim.street,
                    "city": claim.city,
                },
                _("It has a code. Open the page below and type it in; it works for 30 days."),
            ],
        )


def verified(claim: FacilityClaim) -> None:
    """The claimant is the facility's manager."""
    with _language_of(claim.person):
        _tell(
            claim,
            "verified",
            _("You manage %(place)s now") % {"place": claim.name},
            [
                _("It is shown that you run %(place)s, so its page is yours.")
                % {"place": claim.name},
                _(
                    "Begin with your employees: upload the list you keep, or add them one by one. "
                    "The page then says who is due, and when."
                ),
            ],
            path=_facility_path(claim),
            link_words=_("Open the page of your facility"),
        )


def granted(claim: FacilityClaim) -> None:
    """A manager of the place has made the claimant one more."""
    with _language_of(claim.person):
        _tell(
            claim,
            "verified",
            _("You manage %(place)s now") % {"place": claim.name},
            [
                _("%(manager)s has made you a manager of %(place)s.")
                % {"manager": claim.decided_by, "place": claim.name}
            ],
            path=_facility_path(claim),
            link_words=_("Open the page of your facility"),
        )


def refused(claim: FacilityClaim) -> None:
    """Why not."""
    with _language_of(claim.person):
        _tell(
            claim,
            "refused",
            _("You were not made a manager of %(place)s") % {"place": claim.name},
            [claim.reason, _("If something was missing, you can ask again.")],
        )


def ask_managers(claim: FacilityClaim, managers: Iterable[Person]) -> None:
    """Whoever manages the place is asked whether the claimant may, too."""
    assert claim.facility  # noqa: S101 - the service asks only where there is one
    for manager in managers:
        if not manager.email:
            continue
        with _language_of(manager):
            send_mail_later(
                key=f"facility-claim:{claim.pk}:ask:{manager.pk}",
                to=manager.email,
                template="lodging",
                context={
                    "name": manager.get_short_name(),
                    "subject": _("%(person)s asks to manage %(place)s")
                    % {"person": claim.person, "place": claim.name},
                    "paragraphs": [
                        _("%(person)s (%(position)s, %(email)s) asks to manage %(place)s here.")
                        % {
                            "person": claim.person,
                            "position": claim.position,
                            "email": claim.person.email,
                            "place": claim.name,
                        },
                        _(
                            "A manager sees every employee's standing and signs for trainings. Say "
                            "yes only to somebody you know works there."
                        ),
                    ],
                    "path": reverse("facilities:requests", args=[claim.facility.key]),
                    "link_words": _("Say yes or no"),
                },
                language=manager.preferred_language,
            )


def _language_of(person: Person) -> override:
    return override(person.preferred_language or settings.LANGUAGE_CODE)


def _facility_path(claim: FacilityClaim) -> str:
    assert claim.facility  # noqa: S101 - a verified claim has one
    return reverse("facilities:facility", args=[claim.facility.key])


def _tell(
    claim: FacilityClaim,
    what: str,
    subject: str,
    paragraphs: list[str],
    *,
    path: str = "",
    link_words: str = "",
) -> None:
    person = claim.person
    if not person.email:
        return
    send_mail_later(
        key=f"facility-claim:{claim.pk}:{what}",
        to=person.email,
        template="lodging",
        context={
            "name": person.get_short_name(),
            "subject": subject,
            "paragraphs": paragraphs,
            "path": path or reverse("facilities:claim", args=[claim.pk]),
            "link_words": link_words or _("See how it stands"),
        },
        language=person.preferred_language,
    )
