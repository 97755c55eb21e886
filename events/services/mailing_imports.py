"""Subscribers from a table: columns told apart, every row looked at, then taken over once."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from events.enums import SubscriptionSource
from events.mailing_models import MailingImport, MailingList, Subscription, address_hash
from lms.core import audit
from lms.core.bounces import bounced, normal
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.core.table_files import read_table
from lms.people.fields import fold
from lms.people.models import Person

MOST_ROWS = 5000
# Rows hold people's addresses; what nobody finished is forgotten.
ROWS_KEPT = timedelta(days=1)
_HEADINGS = {
    "email": ("e-mail", "email", "e-mail address", "email address", "mail", "address"),
    "name": ("name", "full name", "participant", "contact"),
    "first": ("first name", "first", "given name"),
    "last": ("last name", "last", "surname", "family name"),
}


class RowOutcome(models.TextChoices):
    """What comes of a row of the table."""

    NEW = "new", later("Will be added")
    KNOWN = "known", later("Is on the list already")
    STOPPED = "stopped", later("Has stopped these mails; left out")
    WRONG = "wrong", later("Cannot be taken")


@dataclass(frozen=True)
class ImportedRow:
    """A row with what comes of it; `note` says why, or what to look at."""

    number: int
    email: str
    name: str
    outcome: RowOutcome
    note: str = ""


@transaction.atomic
def begin_import(
    *,
    mailing_list: MailingList,
    content: bytes,
    name: str,
    actor: Person,
    now: datetime | None = None,
) -> MailingImport:
    """Read a CSV or XLSX file and guess its columns; nobody is subscribed yet.

    Raises Refused for what is no table, is damaged, or has more than 5,000 rows.
    """
    rows = read_table(content, name, max_rows=MOST_ROWS + 1)
    return MailingImport.objects.create(
        mailing_list=mailing_list,
        name=name[:200],
        rows=[[number, cells] for number, cells in rows],
        columns=_guess(rows[0][1]),
        made_at=now or timezone.now(),
        made_by=actor,
    )


def _guess(heading: list[str]) -> dict[str, int]:
    """Which column is what, by the heading; the first cell with an "@" is no heading."""
    found: dict[str, int] = {}
    for place, cell in enumerate(heading):
        for what, names in _HEADINGS.items():
            if fold(cell).strip() in names:
                found.setdefault(what, place)
    return found


@transaction.atomic
def choose_columns(*, imported: MailingImport, columns: Mapping[str, int]) -> MailingImport:
    """Say which column is what. Raises Refused without a column of addresses."""
    if "email" not in columns:
        raise Refused(_("Say which column holds the e-mail addresses."), code="no_address")
    imported.columns = dict(columns)
    imported.save(update_fields=["columns"])
    return imported


def look(imported: MailingImport) -> list[ImportedRow]:
    """What would come of each row; three queries, however many."""
    columns = imported.columns
    read = []
    for number, cells in imported.rows[1:]:

        def cell(what: str, cells: list[str] = cells) -> str:
            place = columns.get(what)
            return cells[place].strip() if place is not None and place < len(cells) else ""

        name = cell("name") or " ".join(filter(None, [cell("first"), cell("last")]))
        read.append((number, normal(cell("email")), name[:150]))
    known = {
        row.address_hash: row
        for row in Subscription.objects.filter(
            mailing_list=imported.mailing_list,
            address_hash__in=[address_hash(email) for _number, email, _name in read if email],
        )
    }
    dead = bounced(email for _number, email, _name in read)
    seen: set[str] = set()
    rows = []
    for number, email, name in read:
        outcome, note = _outcome(email, seen, known.get(address_hash(email)))
        if outcome == RowOutcome.NEW:
            seen.add(email)
            if email in dead:
                note = _("This address takes no mail at the moment.")
        rows.append(ImportedRow(number, email, name, outcome, note))
    return rows


def _outcome(email: str, seen: set[str], there: Subscription | None) -> tuple[RowOutcome, str]:
    if not email:
        return RowOutcome.WRONG, _("There is no e-mail address in this row.")
    try:
        validate_email(email)
    except ValidationError:
        return RowOutcome.WRONG, _("“%(text)s” is no e-mail address.") % {"text": email}
    if email in seen:
        return RowOutcome.WRONG, _("This address stands further up in the file.")
    if there is None:
        return RowOutcome.NEW, ""
    if there.is_subscribed:
        return RowOutcome.KNOWN, ""
    return RowOutcome.STOPPED, _("Only they themselves can subscribe again.")


@transaction.atomic
def finish_import(
    *, imported: MailingImport, actor: Person, now: datetime | None = None
) -> Counter[str]:
    """Subscribe every row that can be; again, it changes nothing. The file's rows are forgotten.

    Never somebody who stopped. Raises Refused for a closed list, and without a column of addresses.
    """
    now = now or timezone.now()
    mailing_list = lock(imported.mailing_list)
    imported = lock(imported)
    if imported.done_at:
        return Counter(imported.counts)
    if mailing_list.closed_at:
        raise Refused(_("Nothing is sent to this list any more."), code="closed")
    if "email" not in imported.columns:
        raise Refused(_("Say which column holds the e-mail addresses."), code="no_address")
    rows = look(imported)
    Subscription.objects.bulk_create(
        [
            Subscription(
                mailing_list=mailing_list,
                address_hash=address_hash(row.email),
                email=row.email,
                name=row.name,
                source=SubscriptionSource.IMPORT,
                subscribed_at=now,
            )
            for row in rows
            if row.outcome == RowOutcome.NEW
        ],
        batch_size=1000,
    )
    counts: Counter[str] = Counter(str(row.outcome) for row in rows)
    imported.rows, imported.counts, imported.done_at = [], dict(counts), now
    imported.save(update_fields=["rows", "counts", "done_at"])
    audit.record("mailing_list.imported", mailing_list, actor=actor, now=now, **counts)
    return counts


def forget_rows(now: datetime) -> int:
    """Forget the rows of files that nobody finished within a day; returns how many files."""
    old = MailingImport.objects.filter(made_at__lt=now - ROWS_KEPT).exclude(rows=[])
    return old.update(rows=[])
