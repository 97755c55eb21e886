"""How an office stands with each accreditor: confirmed, ending, missing, with what waits on it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.core.time import long_date, new_york_date, short_date
from lms.people.models import Organization, Person
from lms.portal.desk.hand import Hand
from lms.portal.desk.people.reach import offices_of
from lms.trainings.accreditation import Book, ending_soon, planned_credit, read_book
from lms.trainings.accrediting import Accreditor, find, load_accreditors
from lms.trainings.accreditor_models import AccreditorConfirmation
from lms.trainings.models import TrainingPage


@dataclass(frozen=True)
class Standing:
    """One number of an accreditor: a pill, and the page where it is confirmed."""

    title: str
    kind: str
    label: str
    number: str
    url: str
    # Where certificates are issued again that were issued before the credit was confirmed.
    again_url: str = ""


@dataclass(frozen=True)
class AccreditorRow:
    """An accreditor and an office: the provider's number, then the trainings that plan credit."""

    accreditor: Accreditor
    office: Organization
    provider: Standing
    trainings: list[Standing] = field(default_factory=list)


def rows_of(person: Person, now: datetime) -> list[AccreditorRow]:
    """Every accreditor for each office of the person; two queries besides that of the offices."""
    offices = list(offices_of(person))
    today = new_york_date(now)
    book = read_book([office.pk for office in offices])
    pages = planning_pages(offices)
    return [
        AccreditorRow(
            accreditor=accreditor,
            office=office,
            provider=_standing(
                _("Provider number"),
                accreditor,
                book.newest(office.pk, accreditor.id),
                today,
                reverse("desk_credit:provider", args=[office.key, accreditor.id]),
            ),
            trainings=_trainings(accreditor, office, pages, book, today),
        )
        for office in offices
        for accreditor in load_accreditors().values()
    ]


def planning_pages(offices: Iterable[Organization]) -> list[TrainingPage]:
    """Published trainings of the offices whose pages plan credit, one page each."""
    return list(
        TrainingPage.objects.live()
        .filter(office__in=list(offices))
        .exclude(credit_lines=[])
        .order_by("translation_key", "locale_id")
        .distinct("translation_key")
    )


def _plans(page: TrainingPage, accreditor: Accreditor) -> bool:
    known = (find(str(line["accreditor"])) for line in planned_credit(page))
    return any(row is not None and row.id == accreditor.id for row in known)


def _trainings(
    accreditor: Accreditor,
    office: Organization,
    pages: list[TrainingPage],
    book: Book,
    today: date,
) -> list[Standing]:
    found = []
    for page in pages:
        if page.office_id != office.pk or not _plans(page, accreditor):
            continue
        if accreditor.approval.per_training:
            row = book.newest(office.pk, accreditor.id, page.translation_key)
            args = [office.key, accreditor.id, page.translation_key]
            url = reverse("desk_credit:training", args=args)
            standing = _standing(page.title, accreditor, row, today, url)
        else:
            standing = Standing(title=page.title, kind="", label="", number="", url="")
        again = reverse("desk_certificates:again", args=[page.translation_key])
        found.append(replace(standing, again_url=again))
    return sorted(found, key=lambda row: row.title.casefold())


def _standing(
    title: str,
    accreditor: Accreditor,
    row: AccreditorConfirmation | None,
    today: date,
    url: str,
) -> Standing:
    kind, label = pill(accreditor, row, today)
    return Standing(title=title, kind=kind, label=label, number=row.number if row else "", url=url)


def pill(
    accreditor: Accreditor, row: AccreditorConfirmation | None, today: date
) -> tuple[str, str]:
    """How a number stands today: the kind of its pill, and the words."""
    if row is None or row.expires_on is None or row.valid_from is None:
        return "neutral", _("Not confirmed")
    if row.expires_on < today:
        return "overdue", _("Ended on %(day)s") % {"day": short_date(row.expires_on)}
    if today < row.valid_from:
        return "neutral", _("Begins on %(day)s") % {"day": short_date(row.valid_from)}
    soon = row.expires_on - timedelta(days=accreditor.approval.remind_days_before)
    if soon <= today:
        return "soon", _("Ends on %(day)s") % {"day": short_date(row.expires_on)}
    return "ok", _("Confirmed until %(day)s") % {"day": short_date(row.expires_on)}


def credit_hands(person: Person, now: datetime) -> list[Hand]:
    """What of accreditors waits for a person: approvals that end, credit that is not confirmed."""
    offices = list(offices_of(person))
    today = new_york_date(now)
    book = read_book([office.pk for office in offices])
    known = load_accreditors()
    url = reverse("desk_credit:overview")
    found = [
        Hand(
            title=(
                _("The approval by %(accreditor)s has ended")
                if row.expires_on and row.expires_on < today
                else _("An approval by %(accreditor)s ends soon")
            )
            % {"accreditor": known[row.accreditor].short_name},
            text=_("%(what)s: last day %(day)s. Credit is given until then.")
            % {
                "what": row.training.title if row.training else _("The office as a provider"),
                "day": long_date(row.expires_on or today),
            },
            url=url,
            label=_("Renew it"),
        )
        for row in ending_soon(book, today=today)
    ]
    waiting = sum(
        any(
            book.missing(
                accreditor, office=page.office_id, training=page.translation_key, day=today
            )
            for accreditor in known.values()
            if _plans(page, accreditor)
        )
        for page in planning_pages(offices)
    )
    if waiting:
        found.append(
            Hand(
                title=ngettext(
                    "%(count)d training plans credit that is not confirmed",
                    "%(count)d trainings plan credit that is not confirmed",
                    waiting,
                )
                % {"count": waiting},
                text=_("Learners are told of no credit, and certificates state none."),
                url=url,
                label=_("Confirm it"),
            )
        )
    return found
