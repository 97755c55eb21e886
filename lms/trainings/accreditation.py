"""Which credit counts on a day: what a version offers, as far as its office has confirmed it.

An accreditor's credit stays off until a named person has confirmed the provider's number, and the
training's approval where the accreditor gives one (services.accreditation). Learners and papers see
none of it before; staff see what is missing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lms.core.time import long_date
from lms.trainings.accrediting import Accreditor, find, load_accreditors
from lms.trainings.accreditor_models import AccreditorConfirmation
from lms.trainings.enums import ConfirmationState
from lms.trainings.models import TrainingPage
from lms.trainings.wording import hours_in_words, type_in_words

# An office's number as a provider is kept under no training.
Place = tuple[int, str, UUID | None]


@dataclass(frozen=True)
class Book:
    """What counts of the confirmations: the newest row of each office, accreditor and training."""

    rows: dict[Place, AccreditorConfirmation]

    def newest(
        self, office: int, accreditor: str, training: UUID | None = None
    ) -> AccreditorConfirmation | None:
        """The confirmation that stands, whether or not its approval still holds."""
        return self.rows.get((office, accreditor, training))

    def given(
        self, credit: Iterable[dict[str, Any]], *, office: int, training: UUID, day: date
    ) -> list[dict[str, Any]]:
        """The credit somebody gets who completes the training on `day`, with its papers.

        Each line has {accreditor, type, hours, provider_number, approval_number, presenter}.
        Credit of an accreditor that this site does not know is not given.
        """
        found = []
        for line in credit:
            accreditor = find(str(line["accreditor"]))
            if accreditor is None:
                continue
            provider = self.newest(office, accreditor.id)
            approval = self._approval(accreditor, office, training)
            if not (provider and provider.covers(day) and approval and approval.covers(day)):
                continue
            own = accreditor.approval.per_training
            found.append(
                {
                    "accreditor": accreditor.id,
                    "type": line["type"],
                    "hours": str(line["hours"]),
                    "provider_number": provider.number,
                    "approval_number": approval.number if own else "",
                    "presenter": approval.presenter if own else "",
                }
            )
        return found

    def _approval(
        self, accreditor: Accreditor, office: int, training: UUID
    ) -> AccreditorConfirmation | None:
        own = training if accreditor.approval.per_training else None
        return self.newest(office, accreditor.id, own)

    def missing(
        self, accreditor: Accreditor, *, office: int, training: UUID | None, day: date
    ) -> str:
        """Why credit is not shown on `day`, a sentence for staff; empty where nothing is missing.

        Without a training it is asked of the provider alone.
        """
        provider = self.newest(office, accreditor.id)
        name = {"accreditor": accreditor.short_name}
        if provider is None:
            return _("The provider number of %(accreditor)s is not confirmed.") % name
        if not provider.covers(day):
            return _late(provider, day, _("The approval of the office as a provider"))
        if training is None or not accreditor.approval.per_training:
            return ""
        approval = self.newest(office, accreditor.id, training)
        if approval is None:
            return _("The approval number of this training is not confirmed.")
        return "" if approval.covers(day) else _late(approval, day, _("This training's approval"))


def _late(row: AccreditorConfirmation, day: date, what: str) -> str:
    if row.valid_from and day < row.valid_from:
        return _("%(what)s begins on %(day)s.") % {"what": what, "day": long_date(row.valid_from)}
    return _("%(what)s ended on %(day)s.") % {"what": what, "day": long_date(row.expires_on or day)}


def read_book(offices: Iterable[int] | None = None) -> Book:
    """The confirmations of these offices, or of all; one query."""
    rows = AccreditorConfirmation.objects.select_related("training")
    if offices is not None:
        rows = rows.filter(office__in=set(offices))
    newest = rows.order_by("office_id", "accreditor", "training_id", "-id").distinct(
        "office_id", "accreditor", "training_id"
    )
    return Book(
        {
            (row.office_id, row.accreditor, row.training.key if row.training else None): row
            for row in newest
            if row.state == ConfirmationState.CONFIRMED
        }
    )


def planned_credit(page: TrainingPage) -> list[dict[str, Any]]:
    """What the page's editor has written down, as a version keeps it."""
    return [
        {
            "accreditor": block.value["accreditor"],
            "type": block.value["type"],
            "hours": str(block.value["hours"]),
        }
        for block in page.credit_lines
    ]


def credit_of_page(page: TrainingPage, *, day: date, book: Book | None = None) -> list[Any]:
    """The credit a page may promise on `day`; asks nothing where the page plans none."""
    planned = planned_credit(page)
    if not planned:
        return []
    book = book or read_book([page.office_id])
    return book.given(planned, office=page.office_id, training=page.translation_key, day=day)


def credit_of_pages(pages: Iterable[TrainingPage], *, day: date) -> dict[int, list[Any]]:
    """The same for several pages, by their id; one query, none where nobody plans credit."""
    pages = list(pages)
    offices = {page.office_id for page in pages if len(page.credit_lines)}
    book = read_book(offices) if offices else Book({})
    return {page.pk: credit_of_page(page, day=day, book=book) for page in pages}


def not_confirmed(page: TrainingPage, *, day: date) -> list[str]:
    """What keeps planned credit from being shown, a line per accreditor, for staff."""
    planned = planned_credit(page)
    if not planned:
        return []
    book = read_book([page.office_id])
    found = []
    for line in planned:
        accreditor = find(line["accreditor"])
        if accreditor is None:
            continue
        missing = book.missing(
            accreditor, office=page.office_id, training=page.translation_key, day=day
        )
        if missing:
            named = accreditor.short_name in missing
            found.append(missing if named else f"{accreditor.short_name}: {missing}")
    return list(dict.fromkeys(found))


def statement(line: dict[str, Any], *, office: str) -> str:
    """The sentence an accreditor wants on the certificate, with our numbers; in its own words."""
    accreditor = find(line["accreditor"])
    if accreditor is None:
        return ""
    return accreditor.statement.format(
        office=office,
        provider_number=line.get("provider_number", ""),
        approval_number=line.get("approval_number", ""),
        hours=hours_in_words(line["hours"]),
        type=type_in_words(line["type"]),
    )


def ending_soon(book: Book, *, today: date) -> list[AccreditorConfirmation]:
    """Confirmations whose approval ends soon, or has ended, the first to end first."""
    known = load_accreditors()
    found = [
        row
        for row in book.rows.values()
        if row.accreditor in known
        and row.expires_on
        and row.expires_on - timedelta(days=known[row.accreditor].approval.remind_days_before)
        <= today
    ]
    return sorted(found, key=lambda row: (row.expires_on, row.pk))
