"""What a coordinator sees first: what needs a hand today, the coming weeks, then numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.checking import noted
from courses.models import Enrolment, OutsideProof
from events.enums import Outcome, RegistrationStatus
from events.models import Attendance, Registration, Session
from events.selectors import SessionFacts, facts, managed_sessions
from events.services.program_reminders import programs_due
from events.webex_selectors import untold_sessions
from events.wish_models import TrainingWish
from lms.completions.models import Completion
from lms.core.time import NEW_YORK, long_date, new_york_date
from lms.pages.models import Contact, Fact
from lms.people.enums import Role
from lms.people.models import Organization, Person
from lms.portal.desk.credit.rows import credit_hands
from lms.portal.desk.facilities.hands import facility_hands
from lms.portal.desk.hand import Hand
from lms.portal.desk.mail.rows import mail_hands, unsent_hands
from lms.portal.desk.sources.hands import source_hands
from lms.trainings.access_models import AccessRequest

WEEKS_AHEAD = 6
MONTHS_BACK = 6


@dataclass(frozen=True)
class Month:
    """One month of live sessions: seats and unique people are different numbers."""

    month: datetime
    sessions: int
    registered: int
    people: int
    attended: int


@dataclass(frozen=True)
class Desk:
    """Everything the desk's first page shows."""

    offices: list[Organization]
    hands: list[Hand]
    coming: list[SessionFacts]
    months: list[Month]
    learning: int
    completed: int


def offices_of(person: Person) -> list[Organization]:
    """The offices whose trainings the person coordinates; the administrator has all."""
    offices = Organization.objects.offices()
    if person.is_superuser:
        return list(offices)
    return list(offices.with_role(person, Role.COORDINATOR))


def desk_of(person: Person, now: datetime) -> Desk:
    """The desk of a coordinator at `now`, in a constant number of queries."""
    offices = offices_of(person)
    soon = (
        managed_sessions(person)
        .upcoming(now)
        .filter(starts_at__lt=now + timedelta(weeks=WEEKS_AHEAD))
    )
    enrolments = Enrolment.objects.filter(training__owner__in=offices).active().of_people()
    since = now - timedelta(days=30)
    completions = Completion.objects.filter(training__owner__in=offices, recorded_at__gte=since)
    return Desk(
        offices=offices,
        hands=hands(person, now),
        coming=[facts(session, now) for session in soon],
        months=months(offices, now),
        learning=enrolments.count(),
        completed=completions.standing().count(),
    )


def hands(person: Person, now: datetime) -> list[Hand]:
    """What waits for somebody, most pressing first."""
    found = [
        *waiting_for_access(person, now),
        *asking(person, now),
        *wished_for(person),
        *unmarked(person, now),
        *waiting_proofs(person),
        *facility_hands(person),
        *untold(person, now),
        *programs_promised(person, now),
        *mail_hands(person, now),
        *unsent_hands(person),
        *credit_hands(person, now),
        *source_hands(person, now),
    ]
    found += disagreeing(person)
    today = new_york_date(now)
    contacts, figures = Contact.objects.stale(today).count(), Fact.objects.stale(today).count()
    if contacts:
        found.append(
            Hand(
                title=ngettext(
                    "%(count)d contact should be checked again",
                    "%(count)d contacts should be checked again",
                    contacts,
                )
                % {"count": contacts},
                text=_("They are shown with their date until somebody has looked."),
                url=reverse(Contact.snippet_viewset.get_url_name("list")),
                label=_("Check them"),
            )
        )
    if figures:
        found.append(
            Hand(
                title=ngettext(
                    "%(count)d figure may have a newer one",
                    "%(count)d figures may have newer ones",
                    figures,
                )
                % {"count": figures},
                text=_("They are shown with their year and source until somebody has looked."),
                url=reverse(Fact.snippet_viewset.get_url_name("list")),
                label=_("Look for newer ones"),
            )
        )
    return found


def waiting_for_access(person: Person, now: datetime) -> list[Hand]:
    """People who asked for access to a restricted training."""
    counts = (
        AccessRequest.objects.managed_by(person)
        .open()
        .aggregate(all=Count("pk"), late=Count("pk", filter=Q(due_at__lte=now)))
    )
    if not counts["all"]:
        return []
    late = ngettext(
        "%(count)d has waited longer than you want people to wait.",
        "%(count)d have waited longer than you want people to wait.",
        counts["late"],
    ) % {"count": counts["late"]}
    return [
        Hand(
            title=ngettext(
                "%(count)d person asks for access",
                "%(count)d people ask for access",
                counts["all"],
            )
            % {"count": counts["all"]},
            text=late if counts["late"] else _("All are within the time you set."),
            url=reverse("desk_access:queue"),
            label=_("Answer"),
        )
    ]


def asking(person: Person, now: datetime) -> list[Hand]:
    """People who asked for a seat where the office decides."""
    count = (
        Registration.objects.pending()
        .filter(
            session__in=Session.objects.managed_by(person).standing(), session__starts_at__gt=now
        )
        .count()
    )
    if not count:
        return []
    return [
        Hand(
            title=ngettext(
                "%(count)d person asks for a seat", "%(count)d people ask for a seat", count
            )
            % {"count": count},
            text=_("They have no seat and no invitation before you answer."),
            url=reverse("desk_sessions:requests"),
            label=_("Answer"),
        )
    ]


def wished_for(person: Person) -> list[Hand]:
    """Trainings people asked for, and nobody has answered."""
    count = TrainingWish.objects.managed_by(person).waiting().count()
    if not count:
        return []
    return [
        Hand(
            title=ngettext(
                "%(count)d training is asked for", "%(count)d trainings are asked for", count
            )
            % {"count": count},
            text=_("Schedule them, or say why not; whoever asked is told."),
            url=reverse("desk_sessions:wishes"),
            label=_("Answer"),
        )
    ]


# So many are named, the newest first: somebody waits for those today.
MOST_SESSIONS = 10


def unmarked(person: Person, now: datetime) -> list[Hand]:
    """Sessions that are over while somebody's attendance is not decided."""
    decided = Attendance.objects.filter(registration=OuterRef("pk"))
    waiting = (
        Registration.objects.live()
        .filter(session__in=Session.objects.managed_by(person).standing())
        .filter(~Exists(decided), session__ends_at__lte=now)
        .values("session")
        .annotate(people=Count("pk"))
    )
    people = {row["session"]: row["people"] for row in waiting}
    sessions = Session.objects.filter(pk__in=people).select_related("training")
    more = len(people) - MOST_SESSIONS
    rest = [
        Hand(
            title=ngettext(
                "%(count)d earlier session waits too", "%(count)d earlier sessions wait too", more
            )
            % {"count": more},
            text=_("Their attendance is not decided either."),
            url=reverse("desk_sessions:list"),
            label=_("All sessions"),
        )
    ]
    return [
        Hand(
            title=_("Mark who attended %(name)s") % {"name": session.name},
            text=ngettext(
                "%(day)s: %(count)d person waits for a certificate.",
                "%(day)s: %(count)d people wait for their certificates.",
                people[session.pk],
            )
            % {
                "day": session.starts_at.astimezone(session.zone_info).strftime("%B %-d"),
                "count": people[session.pk],
            },
            url=reverse("desk_sessions:session", args=[session.pk]),
            label=_("Mark attendance"),
        )
        for session in sessions.order_by("-starts_at")[:MOST_SESSIONS]
    ] + (rest if more > 0 else [])


def programs_promised(person: Person, now: datetime) -> list[Hand]:
    """Series whose page promised a program for a day that has come."""
    due = programs_due(new_york_date(now))
    if not person.is_superuser:
        due = due.filter(office__in=offices_of(person))
    return [
        Hand(
            title=_("The program of %(title)s is not there yet") % {"title": page.title},
            text=_("Its page says: available %(when)s.") % {"when": page.expected},
            url=reverse("wagtailadmin_pages:edit", args=[page.pk]),
            label=_("Open the page"),
        )
        for page in due[:10]
    ]


def untold(person: Person, now: datetime) -> list[Hand]:
    """Coming sessions that Webex could not be told of."""
    return [
        Hand(
            title=_("Webex could not be told of %(name)s") % {"name": session.name},
            text=_("It is tried again by itself; the reason is with the session."),
            url=reverse("desk_sessions:session", args=[session.pk]),
            label=_("Look at it"),
        )
        for session in untold_sessions(person, now)[:10]
    ]


def disagreeing(person: Person) -> list[Hand]:
    """Courses in which the last night found that state and steps disagree."""
    count = noted(offices_of(person)).count()
    if not count:
        return []
    return [
        Hand(
            title=ngettext(
                "%(count)d course does not agree with its steps",
                "%(count)d courses do not agree with their steps",
                count,
            )
            % {"count": count},
            text=_("Something was lost on the way. The learner may wait for a certificate."),
            url=reverse("desk:disagreements"),
            label=_("Look at them"),
        )
    ]


def waiting_proofs(person: Person) -> list[Hand]:
    """Proofs of courses taken elsewhere that nobody has looked at."""
    waiting = OutsideProof.objects.reviewed_by(person).waiting()
    count, oldest = waiting.count(), waiting.first()
    if oldest is None:
        return []
    return [
        Hand(
            title=ngettext(
                "%(count)d proof waits to be looked at",
                "%(count)d proofs wait to be looked at",
                count,
            )
            % {"count": count},
            text=_("The oldest was sent on %(day)s.")
            % {"day": long_date(new_york_date(oldest.sent_at))},
            url=reverse("desk_proofs:queue"),
            label=_("Look at them"),
        )
    ]


def months(offices: Iterable[Organization], now: datetime) -> list[Month]:
    """Sessions held in the last months, newest first: seats, unique people, attended."""
    first = now.astimezone(NEW_YORK).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for _month in range(MONTHS_BACK - 1):
        first = (first - timedelta(days=1)).replace(day=1)
    attended = Attendance.objects.filter(registration=OuterRef("pk")).order_by("-id")
    came = Q(newest=Outcome.ATTENDED) | Q(newest=Outcome.PARTIAL)
    rows = (
        Registration.objects.filter(
            status=RegistrationStatus.REGISTERED,
            session__in=Session.objects.standing().filter(
                training__owner__in=[office.pk for office in offices],
                starts_at__gte=first,
                ends_at__lte=now,
            ),
        )
        .annotate(
            newest=attended.values("outcome")[:1],
            month=TruncMonth("session__starts_at", tzinfo=NEW_YORK),
        )
        .values("month")
        .annotate(
            sessions=Count("session", distinct=True),
            registered=Count("pk"),
            people=Count("person", distinct=True),
            attended=Count("pk", filter=came),
        )
        .order_by("-month")
    )
    return [Month(**row) for row in rows]
