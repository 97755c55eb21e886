"""What those who speak, and the office, are told by mail.

Subjects name nobody and no session: a phone on a table shows them. No letter carries a calendar
entry, a presenter's link, or the name of somebody who speaks.
"""

from datetime import datetime

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from events import wall_time
from events.models import Session
from events.speaker_models import Presenting
from lms.core.mail import send_mail_later

_INVITATION = "events.speaker-invitation"


def invitation_token(presenting: Presenting) -> str:
    """What the invitation's link carries: it leads to the sign-in, and opens nothing by itself."""
    return signing.Signer(salt=_INVITATION).sign(str(presenting.pk))


def presenting_of_token(token: str) -> int | None:
    """The id of the presenting whose invitation held the link; None for a forged one."""
    try:
        return int(signing.Signer(salt=_INVITATION).unsign(token))
    except signing.BadSignature:
        return None


def tell_invited(presenting: Presenting) -> None:
    """You are asked to speak; with the link by which one answers."""
    with translation.override(_language(presenting)):
        subject = _("An invitation from %(office)s")
        paragraphs = [
            _("%(office)s invites you to speak in a session:"),
            "%(session)s\n%(when)s",
            _(
                "Please open this page to answer. You sign in with a code that we send to this"
                " address; no password and no account are needed."
            ),
            _(
                "Nothing about you is public before you say so. You choose, for each session, if"
                " your name and photo are shown, or neither."
            ),
        ]
    link = reverse("events:speaking_invitation", args=[invitation_token(presenting)])
    _send(presenting, f"invited-{presenting.invitations}", subject, paragraphs, link)


def tell_removed(presenting: Presenting) -> None:
    """The office does without."""
    with translation.override(_language(presenting)):
        subject = _("A change from %(office)s")
        paragraphs = [
            _("You are no longer expected as somebody who speaks in this session:"),
            "%(session)s\n%(when)s",
            _("Nothing about you is shown there any more. Questions? Write to the office."),
        ]
    _send(presenting, f"removed-{presenting.invitations}", subject, paragraphs)


def tell_ruling(presenting: Presenting, *, spoke: bool, state: str) -> None:
    """The office says that they spoke, or that they did not; the proof goes with it."""
    with translation.override(_language(presenting)):
        subject = _("Your proof of presenting") if spoke else _("A change from %(office)s")
        paragraphs = [
            _("The office says that you spoke in this session. Your proof of presenting is there:")
            if spoke
            else _(
                "The office says that you did not speak in this session. There is no proof of"
                " presenting for it any more. Is that wrong? Please write to the office."
            ),
            "%(session)s\n%(when)s",
        ]
    link = reverse("events:speaking_session", args=[presenting.pk])
    _send(presenting, state, subject, paragraphs, link)


def tell_session_changed(presenting: Presenting, previous: tuple[datetime, datetime]) -> None:
    """The session is at another time, or place."""
    session = presenting.session
    moved = previous != (session.starts_at, session.ends_at)
    with translation.override(_language(presenting)):
        subject = _("A session in which you speak has changed")
        paragraphs = [
            _("It is now:") if moved else _("Its place or title is another:"),
            "%(session)s\n%(when)s",
            _("Before, it was: %(before)s.") if moved else "",
            _("If you cannot come then, please tell the office on your page."),
        ]
        before = wall_time.when(*previous, session.zone_info)
    link = reverse("events:speaking_session", args=[presenting.pk])
    state = f"changed-{session.sequence}"
    _send(presenting, state, subject, [part for part in paragraphs if part], link, before=before)


def tell_session_cancelled(presenting: Presenting) -> None:
    """The session does not take place."""
    with translation.override(_language(presenting)):
        subject = _("A session in which you were to speak is cancelled")
        paragraphs = ["%(session)s\n%(when)s", _("The reason: %(reason)s")]
    _send(presenting, "cancelled", subject, paragraphs, reason=presenting.session.cancel_reason)


def tell_office(presenting: Presenting, news: str | Promise, *, state: str) -> None:
    """Something the office should know of; who it is, it reads at the desk.

    `news` is a sentence not translated yet: whoever speaks may read another language.
    """
    office = presenting.session.training.owner
    if not office.contact_email:
        return
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("News from somebody who speaks")
        paragraphs = [str(news), "%(session)s\n%(when)s", _("Who it is, you see at the desk.")]
    _mail(
        presenting,
        f"office-{state}",
        to=office.contact_email,
        language=settings.LANGUAGE_CODE,
        subject=subject,
        paragraphs=paragraphs,
        # The desk's front door, whose address stays; its own views answer it.
        link=f"/desk/sessions/{presenting.session_id}/speakers/",
    )


def _send(
    presenting: Presenting,
    state: str,
    subject: str,
    paragraphs: list[str],
    link: str = "",
    **facts: str,
) -> None:
    person = presenting.speaker.person
    address = (person.canonical.email if person else "") or presenting.speaker.email
    if address:
        _mail(
            presenting, state, to=address, language=_language(presenting), subject=subject,
            paragraphs=paragraphs, link=link, **facts,
        )  # fmt: skip


def _mail(
    presenting: Presenting,
    state: str,
    *,
    to: str,
    language: str,
    subject: str,
    paragraphs: list[str],
    link: str = "",
    **facts: str,
) -> None:
    session: Session = presenting.session
    office = session.training.owner
    with translation.override(language):
        known = {
            "office": office.name,
            "session": session.name,
            "when": wall_time.when(session.starts_at, session.ends_at, session.zone_info),
            **facts,
        }
    send_mail_later(
        key=f"events.speaker:{presenting.pk}:{state}",
        to=to,
        template="note",
        language=language,
        context={
            "subject": " ".join((subject % known).split()),
            "paragraphs": [text % known if "%(" in text else text for text in paragraphs],
            "url": settings.SITE_ORIGIN + link if link else "",
            "office": office,
        },
    )


def _language(presenting: Presenting) -> str:
    person = presenting.speaker.person
    wanted = person.canonical.preferred_language if person else translation.get_language()
    return wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
