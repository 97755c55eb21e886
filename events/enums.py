"""The words live trainings use, and the moves between their states."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _


class SessionStatus(models.TextChoices):
    """A session is planned, then it begins (HELD) or it is cancelled."""

    SCHEDULED = "scheduled", _("Scheduled")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")

    # What still takes place or took place.
    STANDING = nonmember(("scheduled", "held"))


class FreedSeats(models.TextChoices):
    """What becomes of a seat that comes free while people wait for one."""

    OFFER = "offer", _("Offer it to the next on the waiting list, who has some time to answer")
    GIVE = "give", _("Give it to the next on the waiting list at once")


class RegistrationStatus(models.TextChoices):
    """A person's seat: taken or given back; waited for, then offered; or asked of the office."""

    REGISTERED = "registered", _("Registered")
    WAITING = "waiting", _("On the waiting list")
    OFFERED = "offered", _("A seat is offered")
    PENDING = "pending", _("Waits for approval")
    CANCELLED = "cancelled", _("Cancelled")

    # What keeps a seat from others: taken, or held while somebody thinks it over.
    HOLDING = nonmember(("registered", "offered"))
    # On the waiting list, in the order of their place.
    QUEUED = nonmember(("waiting", "offered"))


class RegistrationMove(models.TextChoices):
    """What happened to a seat; each is a row that stays."""

    REGISTERED = "registered", _("Registered")
    CANCELLED = "cancelled", _("Cancelled")
    REGISTERED_AGAIN = "registered_again", _("Registered again")
    SESSION_MOVED = "session_moved", _("The session was changed")
    SESSION_CANCELLED = "session_cancelled", _("The session was cancelled")
    WALKED_IN = "walked_in", _("Came without a seat, added by the office")
    JOINED_LIST = "joined_list", _("Joined the waiting list")
    LEFT_LIST = "left_list", _("Left the waiting list")
    OFFERED = "offered", _("A seat was offered")
    OFFER_TAKEN = "offer_taken", _("Took the seat that was offered")
    OFFER_DECLINED = "offer_declined", _("Passed the offered seat on")
    OFFER_EXPIRED = "offer_expired", _("Did not answer the offer in time")
    OFFER_RETURNED = "offer_returned", _("Did not answer at short notice, and stays on the list")
    PROMOTED = "promoted", _("Got a seat that came free")
    LIST_ENDED = "list_ended", _("The session began, and no seat had come free")
    ACCESS_ENDED = "access_ended", _("The training was not for them any more")
    ASKED = "asked", _("Asked for a seat")
    APPROVED = "approved", _("Approved by the office")
    REFUSED = "refused", _("Refused by the office")
    ASK_WITHDRAWN = "ask_withdrawn", _("Took the request back")
    ASK_ENDED = "ask_ended", _("The session began before the office answered")


class ProgramState(models.TextChoices):
    """Whether the program of a series is there."""

    ANNOUNCED = "announced", _("Announced: the program comes later")
    OPEN = "open", _("The program is there")


class SubscriptionStatus(models.TextChoices):
    """Whether an address on a mailing list is written to. Who stopped starts again only by hand."""

    SUBSCRIBED = "subscribed", _("Subscribed")
    STOPPED = "stopped", _("Stopped")


class SubscriptionSource(models.TextChoices):
    """How an address came on a list."""

    SELF = "self", _("By themselves, with a code sent to the address")
    IMPORT = "import", _("From a list of the office")


class SurveyRule(models.TextChoices):
    """Whether people are asked how it was, and whether their certificate waits for it."""

    NONE = "none", _("No survey")
    ASKED = "asked", _("Ask how it was, after the session")
    RULE = "rule", _("Ask how it was; the certificate waits for it")


class WishState(models.TextChoices):
    """What came of a training somebody asked for."""

    NEW = "new", _("Not answered yet")
    SCHEDULED = "scheduled", _("Scheduled")
    DECLINED = "declined", _("Declined")


class MessageTo(models.TextChoices):
    """Whom a message to a session's people reaches."""

    REGISTERED = "registered", _("Everybody with a seat")
    WAITING = "waiting", _("Those on the waiting list")
    ASKING = "asking", _("Those who asked for a seat")
    CAME = "came", _("Those who checked in")


class QuestionKind(models.TextChoices):
    """How a question at registration is answered."""

    YES_NO = "yes_no", _("Yes or no")
    CHOICE = "choice", _("One of several")
    TEXT = "text", _("In a few words")


class Need(models.TextChoices):
    """What somebody may need to take part; the frequent ones, so that few have to write."""

    SIGN = "sign", _("Sign language interpreter")
    CAPTIONS = "captions", _("Live captions")
    STEP_FREE = "step_free", _("A place without steps, with room for a wheelchair")
    LARGE = "large", _("Papers in large print, or files a screen reader can read")


class WebexKind(models.TextChoices):
    """What is scheduled at Webex for a session."""

    MEETING = "meeting", _("Meeting")
    WEBINAR = "webinar", _("Webinar")


class Outcome(models.TextChoices):
    """What attendance came to, decided by a person or by arithmetic."""

    ATTENDED = "attended", _("Attended")
    PARTIAL = "partial", _("Attended in part")
    NO_SHOW = "no_show", _("Did not come")
    EXCUSED = "excused", _("Excused")


class ReportStatus(models.TextChoices):
    """A report is read by a worker; a file that turns out to be none is refused."""

    READING = "reading", _("Being read")
    READ = "read", _("Read")
    REFUSED = "refused", _("Not taken in")


class NotingStatus(models.TextChoices):
    """A worker notes what reports come to, to the end or until something stands in the way."""

    NOTING = "noting", _("Being noted")
    NOTED = "noted", _("Noted")
    STOPPED = "stopped", _("Stopped")


class RowKind(models.TextChoices):
    """What a row of an attendance report tells of."""

    PERSON = "person", _("Participant")
    BREAKOUT = "breakout", _("Breakout room")
    HOST = "host", _("Host")
    PHONE = "phone", _("Telephone only")


class RowProblem(models.TextChoices):
    """Why a row of an attendance report cannot be read."""

    NO_JOIN = "no_join", _("There is no join time.")
    NO_LEAVE = (
        "no_leave",
        _("There is no leave time. Was the report downloaded before the meeting ended?"),
    )
    JOIN_UNREADABLE = "join_unreadable", _("The join time is not a date and time.")
    LEAVE_UNREADABLE = "leave_unreadable", _("The leave time is not a date and time.")
    LEFT_TOO_EARLY = "left_too_early", _("The leave time is before the join time.")
    SKIPPED_TIME = (
        "skipped_time",
        _("The clocks skip this time on that day. Is the time zone right?"),
    )
    OPEN_QUOTE = (
        "open_quote",
        _("A quotation mark is not closed, so the rows after this one may be missing."),
    )
    BREAKS_OFF = (
        "breaks_off",
        _("The file breaks off in this row, so the rows after it are missing. Download it again."),
    )

    # After these there may have been more rows, and more people.
    CUT_SHORT = nonmember(("open_quote", "breaks_off"))


class MatchedBy(models.TextChoices):
    """How somebody in an attendance report was found among those registered."""

    ADDRESS = "address", _("By address")
    KNOWN_ADDRESS = "known_address", _("By an address known from before")
    NAME = "name", _("By name")
    HAND = "hand", _("Linked by hand")
    SHARED = "shared", _("Shared somebody's screen")

    # What a person decides; the others are found anew each time.
    DECIDED = nonmember(("hand", "shared"))


class PresentingStatus(models.TextChoices):
    """Whether somebody speaks in a session; the office invites, they answer."""

    INVITED = "invited", _("Invited")
    CONFIRMED = "confirmed", _("Confirmed")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrew")
    REMOVED = "removed", _("Removed by the office")

    # Still expected in the session.
    CURRENT = nonmember(("invited", "confirmed"))


class PresentingRole(models.TextChoices):
    """What somebody does in a session."""

    SPEAKER = "speaker", _("Speaker")
    TRAINER = "trainer", _("Trainer")
    PANELIST = "panelist", _("Panelist")
    MODERATOR = "moderator", _("Moderator")


class ConsentKind(models.TextChoices):
    """What somebody who speaks may allow, for one session at a time."""

    NAME = "name", _("Name")
    BIOGRAPHY = "biography", _("Biography")
    PHOTO = "photo", _("Photo")
    INDEXING = "indexing", _("Listing in search engines")
    RECORDING = "recording", _("Recording")

    # These say who somebody is, and mean nothing without the name.
    WITH_NAME = nonmember(("biography", "photo", "indexing"))


class MaterialShown(models.TextChoices):
    """When the people registered may have a session's material."""

    AFTER = "after", _("After the session")
    NOW = "now", _("At once")
    NEVER = "never", _("Never: for the office only")
