"""Those who speak: asked by the office, confirmed by themselves, and free to leave.

Nothing here makes anything public but `allow`, and only the speaker may call it. Whatever is taken
back is gone from every page with the end of the transaction.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from events import speaker_letters as letters
from events.enums import ConsentKind, MaterialShown, PresentingRole, PresentingStatus
from events.models import Session
from events.speaker_models import Presenting, Speaker, SpeakerConsent, SpokeRuling
from events.speakers import consents_of, typed_without
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.pages.caching import forget
from lms.people.models import Person

# Between two invitations to the same person.
PAUSE = timedelta(minutes=10)


@transaction.atomic
def invite_speaker(
    *,
    session: Session,
    email: str,
    name: str,
    role: str = PresentingRole.SPEAKER,
    join_url: str = "",
    actor: Person,
    now: datetime | None = None,
) -> Presenting:
    """Ask somebody to speak; they are told by mail how to answer, and nothing is public.

    Somebody who declined, withdrew or was removed is asked again; what they allowed before is
    forgotten. Asking twice is asking once. Raises Refused for a cancelled session.
    """
    now = now or timezone.now()
    session = lock(session)
    if session.is_cancelled:
        raise Refused(_("This session was cancelled."), code="cancelled")
    speaker, _made = Speaker.objects.get_or_create(
        office=session.training.owner,
        email=email.strip().lower(),
        defaults={"name": " ".join(name.split()), "created_by": actor, "created_at": now},
    )
    row = Presenting.objects.filter(session=session, speaker=speaker).first()
    if row and row.is_current:
        return row
    if row:
        row.status = PresentingStatus.INVITED
        row.role, row.join_url = role, join_url
        row.confirmed_at = row.ended_at = None
        row.invited_at, row.invited_by = now, actor
        row.invitations += 1
        row.save()
    else:
        last = Presenting.objects.filter(session=session).order_by("order").last()
        row = Presenting.objects.create(
            session=session,
            speaker=speaker,
            role=role,
            join_url=join_url,
            order=last.order + 1 if last else 0,
            invited_at=now,
            invited_by=actor,
        )
    audit.record("speaker.invited", row, actor=actor, now=now, session=session.pk)
    letters.tell_invited(row)
    return row


@transaction.atomic
def invite_again(
    *, presenting: Presenting, actor: Person, now: datetime | None = None
) -> Presenting:
    """Send the invitation once more. Raises Refused "answered", and "just_sent" within minutes."""
    now = now or timezone.now()
    row = lock(presenting)
    if not row.is_invited:
        raise Refused(_("This invitation is answered already."), code="answered")
    if now - row.invited_at < PAUSE:
        raise Refused(
            _("The invitation was sent a moment ago. Give it ten minutes."), code="just_sent"
        )
    row.invited_at = now
    row.invitations += 1
    row.save(update_fields=["invited_at", "invitations"])
    audit.record("speaker.invited", row, actor=actor, now=now, session=row.session_id)
    letters.tell_invited(row)
    return row


@transaction.atomic
def change_presenting(
    *,
    presenting: Presenting,
    role: str,
    join_url: str,
    actor: Person,
    now: datetime | None = None,
) -> Presenting:
    """The office's part: what somebody does in the session, and their own link into it."""
    row = lock(presenting)
    row.role, row.join_url = role, join_url.strip()
    row.save(update_fields=["role", "join_url"])
    audit.record("speaker.changed", row, actor=actor, now=now)
    return row


@transaction.atomic
def remove_speaker(
    *, presenting: Presenting, actor: Person, now: datetime | None = None
) -> Presenting:
    """The office does without somebody; what they allowed ends, and they are told.

    Raises Refused "begun" once the session began: who spoke decides on the recording, and keeps
    their proof of presenting.
    """
    now = now or timezone.now()
    row = lock(presenting)
    if not row.is_current:
        return row
    if row.session.starts_at <= now:
        raise Refused(
            _("The session has begun. Who spoke in it stays in its list; they can withdraw."),
            code="begun",
        )
    _end(row, PresentingStatus.REMOVED, actor=actor, now=now)
    letters.tell_removed(row)
    return row


@transaction.atomic
def confirm_presenting(
    *, presenting: Presenting, actor: Person, now: datetime | None = None
) -> Presenting:
    """Yes, I speak: the row becomes theirs who proved the address; the office is told.

    Nothing is public by it but what is allowed afterwards. Confirming twice changes nothing. Once
    the session is over it says no more than that: if they spoke, the office says (`rule_spoke`).
    Raises Refused for a cancelled session, and for an invitation that is over.
    """
    now = now or timezone.now()
    row = lock(presenting)
    if row.is_confirmed:
        return row
    if not row.is_invited:
        raise Refused(
            _("This invitation is over. Please write to the office if you would like to speak."),
            code="over",
        )
    if row.session.is_cancelled:
        raise Refused(_("This session was cancelled."), code="cancelled")
    row.status = PresentingStatus.CONFIRMED
    row.confirmed_at = now
    row.answered_late = row.session.ends_at <= now
    row.save(update_fields=["status", "confirmed_at", "answered_late"])
    _claim(row.speaker, actor)
    audit.record("speaker.confirmed", row, actor=actor, now=now, late=row.answered_late)
    news = (
        later(
            "Somebody you invited answered after the session was over. Say at the desk whether they"
            " spoke: only then is there a proof of presenting."
        )
        if row.answered_late
        else later("Somebody you invited will speak.")
    )
    letters.tell_office(row, news, state=f"confirmed-{row.invitations}")
    forget()
    return row


@transaction.atomic
def rule_spoke(
    *, presenting: Presenting, spoke: bool, actor: Person, now: datetime | None = None
) -> Presenting:
    """The office says, after the session, whether somebody spoke; the newest word counts.

    Without it who confirmed in time spoke. Saying no takes their proof of presenting back, and they
    are told. The same again changes nothing. Raises Refused "not_over" before the end, "cancelled",
    and "left" for somebody who declined, was removed, or withdrew before it was over.
    """
    now = now or timezone.now()
    row = lock(presenting)
    session = row.session
    if session.is_cancelled:
        raise Refused(_("This session was cancelled."), code="cancelled")
    if session.ends_at > now:
        raise Refused(_("The session is not over yet."), code="not_over")
    stayed = row.status == PresentingStatus.WITHDRAWN and (row.ended_at or now) >= session.ends_at
    if not (row.is_current or stayed):
        raise Refused(_("This person was not to speak in the end."), code="left")
    newest = row.rulings.last()
    if newest and newest.spoke == spoke:
        return row
    ruling = SpokeRuling.objects.create(presenting=row, spoke=spoke, at=now, actor=actor)
    action = "speaker.spoke" if spoke else "speaker.did_not_speak"
    audit.record(action, row, actor=actor, now=now)
    if row.confirmed_at:
        letters.tell_ruling(row, spoke=spoke, state=f"ruling-{ruling.pk}")
    return row


@transaction.atomic
def leave_presenting(
    *, presenting: Presenting, actor: Person, now: datetime | None = None
) -> Presenting:
    """No: an invitation is declined, a confirmed speaker withdraws, before or after the session.

    All they allowed ends, their files are nobody's to load but theirs and the office's, and the
    office is told. Leaving twice changes nothing.
    """
    now = now or timezone.now()
    row = lock(presenting)
    if not row.is_current:
        return row
    declines = row.is_invited
    status = PresentingStatus.DECLINED if declines else PresentingStatus.WITHDRAWN
    _end(row, status, actor=actor, now=now)
    _claim(row.speaker, actor)
    news = (
        later("Somebody you invited cannot speak.")
        if declines
        else later(
            "Somebody who was to speak, or spoke, has withdrawn. Nothing on this site shows them"
            " any more. Please take them out of what lies elsewhere: a recording, a flyer, a post."
        )
    )
    letters.tell_office(row, news, state=f"{status.value}-{row.invitations}")
    return row


@transaction.atomic
def allow(
    *, presenting: Presenting, kind: str, actor: Person, now: datetime | None = None
) -> Presenting:
    """The speaker allows one thing for this session. Allowing twice changes nothing.

    Raises Refused "not_yours" for anybody else, "not_confirmed", "nothing_there" where there is
    nothing to show, and "name_first" for what means nothing without the name.
    """
    now = now or timezone.now()
    row = lock(presenting)
    speaker = row.speaker
    if speaker.person is None or speaker.person.canonical != actor.canonical:
        raise Refused(_("Only the person who speaks can allow this."), code="not_yours")
    if not row.is_confirmed:
        raise Refused(_("Confirm first that you speak in this session."), code="not_confirmed")
    allowed = consents_of([row.pk])[row.pk]
    if kind in allowed:
        return row
    there = {
        ConsentKind.NAME: speaker.display_name,
        ConsentKind.BIOGRAPHY: speaker.biography,
        ConsentKind.PHOTO: speaker.photo,
    }
    if not there.get(ConsentKind(kind), True):
        raise Refused(
            _("There is nothing to show yet. Fill in “About you” first."), code="nothing_there"
        )
    if kind in ConsentKind.WITH_NAME and ConsentKind.NAME not in allowed:
        raise Refused(_("Allow your name first; this is shown beside it."), code="name_first")
    _note(row, kind, granted=True, actor=actor, now=now)
    return row


@transaction.atomic
def take_back(
    *, presenting: Presenting, kind: str, actor: Person, now: datetime | None = None
) -> Presenting:
    """One thing is allowed no longer, at once and everywhere on the site; by name all beside it.

    The office may do it too, for somebody who calls and asks. Twice changes nothing. A recording's
    office is told, since the file lies elsewhere.
    """
    now = now or timezone.now()
    row = lock(presenting)
    allowed = consents_of([row.pk])[row.pk]
    if kind not in allowed:
        return row
    ending = {kind, *ConsentKind.WITH_NAME} if kind == ConsentKind.NAME else {kind}
    for each in sorted(ending & allowed):
        _note(row, each, granted=False, actor=actor, now=now)
    if kind == ConsentKind.RECORDING and row.session.ends_at <= now:
        letters.tell_office(
            row,
            later(
                "Somebody who spoke does not allow the recording any more. It is closed on this"
                " site. Please delete it where it lies."
            ),
            state=f"recording-{SpeakerConsent.objects.filter(presenting=row).count()}",
        )
    return row


@transaction.atomic
def change_label(
    *, presenting: Presenting, label: str, actor: Person, now: datetime | None = None
) -> Presenting:
    """What stands on this session's program in place of the name; empty: nothing does."""
    row = lock(presenting)
    label = " ".join(label.split())
    if row.label != label:
        row.label = label
        row.save(update_fields=["label"])
        audit.record("speaker.label_changed", row, actor=actor, now=now, empty=not label)
        forget()
    return row


@transaction.atomic
def drop_typed_name(
    *, presenting: Presenting, actor: Person, now: datetime | None = None
) -> Session:
    """Take the speaker's name out of what the office typed for the session, for good.

    For erasing them: afterwards no row knows whose name it was, so nothing could hide it. Twice
    changes nothing.
    """
    now = now or timezone.now()
    session = lock(presenting.session)
    left = typed_without(session, presenting)
    if left != session.speaker_names:
        kept = Session.objects.filter(pk=session.pk)
        kept.update(speakers=", ".join(left), updated_at=now)
        session.refresh_from_db()
        audit.record("session.changed", session, actor=actor, now=now, fields=["speakers"])
        forget()
    return session


def _end(row: Presenting, status: PresentingStatus, *, actor: Person, now: datetime) -> None:
    """Over: all that was allowed ends, and no file is handed out."""
    row.status = status
    row.ended_at = now
    row.label = ""
    row.save(update_fields=["status", "ended_at", "label"])
    for kind in sorted(consents_of([row.pk])[row.pk]):
        _note(row, kind, granted=False, actor=actor, now=now)
    row.materials.update(shown=MaterialShown.NEVER)
    audit.record(f"speaker.{status.value}", row, actor=actor, now=now)
    forget()


def _note(row: Presenting, kind: str, *, granted: bool, actor: Person, now: datetime) -> None:
    SpeakerConsent.objects.create(presenting=row, kind=kind, granted=granted, at=now, actor=actor)
    action = "speaker.allowed" if granted else "speaker.took_back"
    audit.record(action, row, actor=actor, now=now, kind=kind)
    forget()


def _claim(speaker: Speaker, actor: Person) -> None:
    """The speaker is whoever answered: they have proved the address (see `visible_to`)."""
    if speaker.person_id is None:
        speaker.person = actor.canonical
        speaker.save(update_fields=["person"])
