"""Into a meeting at Webex by a link of one's own, asked for while somebody waits."""

import logging

from events.enums import WebexKind
from events.models import Session
from events.webex import WebexError, connect, is_configured
from events.webex.client import AT_ONCE
from events.webex_models import WebexMeeting
from lms.people.models import Person

logger = logging.getLogger("events.webex")


def own_link(session: Session, person: Person) -> str:
    """A link that takes the person straight in, or the session's where there is none of their own.

    Asked when somebody presses Join, since such a link lives for minutes; so Webex has some three
    seconds. Empty when it gives none now.
    """
    meeting = WebexMeeting.objects.filter(session=session, kind=WebexKind.MEETING).first()
    usable = meeting and meeting.meeting_id and session.join_url == meeting.web_link
    if not (usable and meeting and person.email and is_configured()):
        return session.join_url
    try:
        webex = connect(timeout=AT_ONCE)
        return webex.join_link(meeting.meeting_id, email=person.email, name=str(person))
    except WebexError as error:
        logger.warning("No link of their own into session %s: %s", session.pk, error)
        return ""
