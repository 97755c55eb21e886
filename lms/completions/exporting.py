"""Sending completions to another system: the columns chosen, and what it was sent before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lms.completions.enums import SourceKind
from lms.completions.export_models import CompletionExport, ExportedCompletion
from lms.completions.import_models import ImportRow
from lms.completions.models import Completion
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.people.models import Organization, Person
from lms.people.permissions import is_coordinator_for


class ExportColumn(models.TextChoices):
    """What of a completion can be sent."""

    LAST_NAME = "last_name", _("Last name")
    FIRST_NAME = "first_name", _("First name")
    EMAIL = "email", _("E-mail address")
    USER_ID = "user_id", _("The person's number in the files of that system")
    TITLE = "title", _("Training")
    KIND = "kind", _("Kind of training")
    DAY = "day", _("Day completed")
    HOURS = "hours", _("Length in hours")
    OFFICE = "office", _("Whose training")
    SOURCE = "source", _("How it was recorded")
    STANDING = "standing", _("Standing")
    ID = "id", _("Our number of the record")


@transaction.atomic
def make_export(
    *,
    office: Organization,
    system: str,
    columns: Sequence[str],
    form: str,
    only_new: bool,
    actor: Person,
    now: datetime | None = None,
) -> CompletionExport:
    """Note that the office's completions go to `system`, all or only what it has not got.

    New is what no earlier export for the system had, and what it got as standing and was taken back
    since. What the system itself reported (imports named as it is) never goes back to it, nor do
    waivers. Raises Refused "not_yours", "system_missing", "columns_missing", "nothing_new".
    """
    now = now or timezone.now()
    if not is_coordinator_for(actor, office):
        raise Refused(
            gettext("Only %(office)s sends its records.") % {"office": office.label},
            code="not_yours",
        )
    system = " ".join(system.split())[:80]
    known = [column for column in ExportColumn.values if column in set(columns)]
    if not system:
        raise Refused(gettext("Say which system it is for."), code="system_missing")
    if not known:
        raise Refused(gettext("Choose at least one column."), code="columns_missing")
    lock(office)  # so that two exports at once do not both call the same records new
    rows = list(_to_send(office, system, only_new=only_new).values_list("pk", "revocation"))
    if not rows:
        raise Refused(
            gettext("There is nothing new for %(system)s.") % {"system": system}, code="nothing_new"
        )
    export = CompletionExport.objects.create(
        office=office,
        system=system,
        columns=known,
        form=form,
        count=len(rows),
        made_at=now,
        made_by=actor,
    )
    ExportedCompletion.objects.bulk_create(
        [
            ExportedCompletion(export=export, completion_id=pk, stood=revocation is None)
            for pk, revocation in rows
        ],
        batch_size=2000,
    )
    audit.record("completions.exported", export, actor=actor, now=now, rows=len(rows))
    return export


def _to_send(office: Organization, system: str, *, only_new: bool) -> "QuerySet[Completion]":
    found = (
        Completion.objects.filter(training__owner=office)
        .exclude(source_kind=SourceKind.WAIVER)
        .exclude(source_kind=SourceKind.IMPORT, evidence__system__iexact=system)
        .exclude(person__guest_since__isnull=False)
    )
    if not only_new:
        return found
    sent = ExportedCompletion.objects.filter(
        completion=OuterRef("pk"), export__office=office, export__system__iexact=system
    )
    last_stood = Subquery(sent.order_by("-export_id").values("stood")[:1])
    return (
        found.annotate(was_sent=Exists(sent), last_stood=last_stood)
        .filter(Q(was_sent=False) | Q(last_stood=True, revocation__isnull=False))
        # What never stood while the system could have known of it is no news.
        .exclude(was_sent=False, revocation__isnull=False)
    )


@dataclass(frozen=True)
class Unsent:
    """How many of an office's completions a system was not sent, though it was sent others."""

    office: Organization
    system: str
    count: int


def unsent(offices: "QuerySet[Organization]") -> list[Unsent]:
    """For each system that an office sends its records to, what is new since the last time.

    Every export takes all that is new, so only what was recorded since then is looked at.
    """
    newest = (
        CompletionExport.objects.filter(office__in=offices)
        .annotate(folded=Lower("system"))
        .order_by("office_id", "folded", "-made_at")
        .distinct("office_id", "folded")
        .select_related("office")
    )
    found = [
        Unsent(
            last.office,
            last.system,
            _to_send(last.office, last.system, only_new=True)
            .filter(recorded_at__gt=last.made_at - timedelta(hours=1))
            .count(),
        )
        for last in newest
    ]
    return [row for row in found if row.count]


def header(export: CompletionExport) -> list[str]:
    """The names of the export's columns."""
    return [str(ExportColumn(column).label) for column in export.columns]


def rows(export: CompletionExport) -> Iterable[list[object]]:
    """The rows of an export in the order of the days, each as it was chosen then."""
    lines = (
        export.lines.select_related(
            "completion__person__canonical_person",
            "completion__training__owner",
            "completion__version",
        )
        .annotate(
            whose=Coalesce("completion__person__canonical_person", "completion__person"),
            day=F("completion__occurred_on"),
        )
        .annotate(number=_number(export))
        .order_by("day", "completion_id")
    )
    for line in lines:
        cells = _cells(line, str(line.number or ""))
        yield [cells[column] for column in export.columns]


def _number(export: CompletionExport) -> Subquery:
    """The person's number in the files that came from the system; "" where none told it."""
    whose = OuterRef(OuterRef("whose"))
    told = ImportRow.objects.filter(
        person__in=Person.objects.filter(Q(pk=whose) | Q(canonical_person=whose)).values("pk"),
        batch__office=export.office_id,
        batch__system__iexact=export.system,
    ).exclude(values__user_id="")
    return Subquery(told.order_by("-pk").values("values__user_id")[:1])


def _hours(completion: Completion) -> float:
    """The training's length. A plan's is that of its trainings, which have rows of their own."""
    if completion.source_kind == SourceKind.PLAN:
        return 0.0
    return float(round(Decimal(completion.minutes) / 60, 2))


def _cells(line: ExportedCompletion, number: str) -> dict[str, object]:
    completion = line.completion
    person = completion.person.canonical
    return {
        ExportColumn.LAST_NAME: person.last_name,
        ExportColumn.FIRST_NAME: person.first_name,
        ExportColumn.EMAIL: person.email or "",
        ExportColumn.USER_ID: number,
        ExportColumn.TITLE: completion.version.spec["title"],
        ExportColumn.KIND: str(completion.training.get_kind_display()),
        ExportColumn.DAY: completion.occurred_on,
        ExportColumn.HOURS: _hours(completion),
        ExportColumn.OFFICE: completion.training.owner.name,
        ExportColumn.SOURCE: str(completion.get_source_kind_display()),
        ExportColumn.STANDING: gettext("Completed") if line.stood else gettext("Taken back"),
        ExportColumn.ID: str(completion.pk),
    }
