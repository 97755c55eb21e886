"""What people are told by mail about access to a training, each in their own language.

One plain letter for all of them: paragraphs and at most one link. Call inside the transaction of
the change. No mail names a case, and none carries what a restricted training says.
"""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import formats, translation
from django.utils.translation import gettext as _

from lms.core.mail import send_mail_later
from lms.core.time import NEW_YORK, long_date, zone_label
from lms.people.models import Person
from lms.people.selectors import coordinators_of
from lms.trainings.access_models import AccessGrant, AccessInvitation, AccessRequest
from lms.trainings.models import Training

# A letter's subject and paragraphs, said when the language is set.
Words = Callable[[], tuple[str, list[str]]]


def tell_asked(request: AccessRequest, *, deputy: Person | None, late: bool = False) -> None:
    """The office has a request to answer; `late`: its deputy has, since it waited over the target.

    Without a deputy the office is told again. An office is its contact address, or all who
    coordinate for it where it has none.
    """
    if late and deputy and deputy.email:
        _tell_of_request(request, deputy.email, deputy, late=True, told=deputy)
        return
    contact = request.training.owner.contact_email
    if contact:
        _tell_of_request(request, contact, deputy, late=late, told=None)
        return
    for person in coordinators_of(request.training.owner):
        _tell_of_request(request, str(person.email), deputy, late=late, told=person)


def _tell_of_request(
    request: AccessRequest, to: str, deputy: Person | None, *, late: bool, told: Person | None
) -> None:
    """One letter about it, to the office's address or to `told`, in their language."""
    key = f"access-{'late' if late else 'asked'}:{request.pk}"
    if told and told != deputy:
        key = f"{key}:{told.pk}"
    elif late and not told:
        # A deputy who is set later is still told.
        key = f"{key}:office"

    def words() -> tuple[str, list[str]]:
        subject = _("Somebody asks for access: %(training)s") % {"training": request.training}
        asked = _("A request for access to %(training)s waits at the desk since %(moment)s.") % {
            "training": request.training,
            "moment": moment(request.asked_at),
        }
        if late:
            subject = _("Waiting too long: access to %(training)s") % {"training": request.training}
            return subject, [asked, _late(is_deputy=told is not None and told == deputy)]
        by = {"moment": moment(request.due_at)}
        if deputy:
            return subject, [
                asked,
                _("Please answer by %(moment)s. After that the deputy is asked.") % by,
            ]
        return subject, [asked, _("Please answer by %(moment)s.") % by]

    _send(
        key,
        to,
        request.training,
        words,
        path=reverse("desk_access:request", args=[request.pk]),
        language=told.preferred_language if told else settings.LANGUAGE_CODE,
    )


def _late(*, is_deputy: bool) -> str:
    """Why a letter about a late request comes."""
    if is_deputy:
        return _(
            "It has waited longer than the office wants people to wait. You are the deputy:"
            " please answer it."
        )
    return _("It has waited longer than the office wants people to wait. Please answer it.")


def send_code(request: AccessRequest, code: str) -> None:
    """The code that proves the work address; the body is deleted once it is delivered."""

    def words() -> tuple[str, list[str]]:
        return _("Your code for access to a training"), [
            _("Type this code on the page that asked for it:"),
            code,
            _("It works for one hour. You did not ask for it? Then do nothing."),
        ]

    sent = int(request.code_sent_at.timestamp()) if request.code_sent_at else 0
    _send(
        f"access-code:{request.pk}:{sent}",
        request.proof_address,
        request.training,
        words,
        language=request.person.preferred_language,
        secret=True,
    )


def ask_supervisor(request: AccessRequest, token: str) -> None:
    """The supervisor is asked for their word, by a link that works for a week."""
    person = request.person.canonical

    def words() -> tuple[str, list[str]]:
        return _("Does %(person)s work with you?") % {"person": person}, [
            _(
                "%(person)s (%(address)s) asks for access to the training “%(training)s” and says"
                " that you supervise them at: %(workplace)s."
            )
            % {
                "person": person,
                "address": person.email or "",
                "training": request.training,
                "workplace": request.workplace,
            },
            _("Please say yes or no. It takes one click; you need no account."),
            _("The link works for 7 days. You decide nothing else: the office answers."),
        ]

    _send(
        f"access-word:{request.pk}",
        request.proof_address,
        request.training,
        words,
        path=reverse("access:word", args=[token]),
        language=settings.LANGUAGE_CODE,
    )


def tell_granted(grant: AccessGrant) -> None:
    """Somebody has access now."""

    def words() -> tuple[str, list[str]]:
        lines = [_("You have access to “%(training)s” now.") % {"training": grant.training}]
        if grant.expires_on:
            lines.append(_("It lasts until %(day)s.") % {"day": long_date(grant.expires_on)})
        return _("You have access: %(training)s") % {"training": grant.training}, lines

    _to_person(f"access-granted:{grant.pk}", grant.person, grant.training, words)


def tell_refused(request: AccessRequest) -> None:
    """The office said no, and why."""

    def words() -> tuple[str, list[str]]:
        return _("About your request: %(training)s") % {"training": request.training}, [
            _("The office cannot give you access to “%(training)s” now.")
            % {"training": request.training},
            _("Its reason: %(reason)s") % {"reason": request.reason},
            _("You can ask again with another proof of where you work."),
        ]

    _to_person(f"access-refused:{request.pk}", request.person, request.training, words)


def tell_ending(grant: AccessGrant) -> None:
    """Somebody's access ends soon."""

    def words() -> tuple[str, list[str]]:
        assert grant.expires_on is not None  # noqa: S101 - only such grants end
        return _("Your access ends soon: %(training)s") % {"training": grant.training}, [
            _("Your access to “%(training)s” ends on %(day)s.")
            % {"training": grant.training, "day": long_date(grant.expires_on)},
            _("What you did is kept. If you still need it, ask again in time."),
        ]

    _to_person(f"access-ending:{grant.pk}", grant.person, grant.training, words)


def tell_invited(invitation: AccessInvitation) -> None:
    """An address was invited."""

    def words() -> tuple[str, list[str]]:
        return _("You are invited: %(training)s") % {"training": invitation.training}, [
            _("%(office)s invites you to take “%(training)s”.")
            % {"office": invitation.training.owner, "training": invitation.training},
            _("Sign in with this address; we send a code to it."),
        ]

    _send(
        f"access-invited:{invitation.pk}",
        invitation.address,
        invitation.training,
        words,
        path=reverse("access:door", args=[invitation.training.key]),
        language=settings.LANGUAGE_CODE,
    )


def moment(instant: datetime) -> str:
    """A moment in New York: "Friday, Nov. 20, 2026 at 5 p.m. Eastern (EST)"."""
    local = instant.astimezone(NEW_YORK)
    return _("%(weekday)s, %(day)s at %(time)s %(zone)s") % {
        "weekday": formats.date_format(local, "l"),
        "day": formats.date_format(local, "DATE_FORMAT"),
        "time": formats.time_format(local.time(), "TIME_FORMAT"),
        "zone": zone_label(instant),
    }


def _to_person(key: str, person: Person, training: Training, words: Words) -> None:
    stays = person.canonical
    if stays.email:
        path = reverse("access:door", args=[training.key])
        _send(key, stays.email, training, words, path=path, language=stays.preferred_language)


def _send(
    key: str,
    to: str,
    training: Training,
    words: Words,
    *,
    path: str = "",
    language: str,
    secret: bool = False,
) -> None:
    spoken = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(spoken):
        subject, paragraphs = words()
        send_mail_later(
            key=key,
            to=to,
            template="note",
            context={
                "subject": subject,
                "paragraphs": paragraphs,
                "url": settings.SITE_ORIGIN + path if path else "",
                "office": training.owner,
            },
            language=spoken,
            secret=secret,
        )
