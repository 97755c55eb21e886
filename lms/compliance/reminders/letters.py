"""The letters about duties: to an employee, and to those who answer for a facility.

Mails are forwarded and read over shoulders: the manager's have numbers and no names, and lead to a
page behind the sign-in. An employee's says by when, and that the training is theirs to take in paid
working time, at the place (GBL 205); nobody is asked to take it at home.
"""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.utils import translation

from lms.compliance.reminder_models import DutyReminder, DutyStage
from lms.compliance.rules import Rule
from lms.compliance.selectors import FacilitySummary
from lms.core.mail import send_mail_later
from lms.core.time import long_date
from lms.people.enums import OrganizationKind
from lms.people.models import Organization, Person


def language_of(person: Person) -> str:
    """The person's language if the site speaks it, else the main one."""
    wanted = person.preferred_language
    return wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def remind_employee(
    person: Person, reminder: DutyReminder, rule: Rule, *, facility: Organization
) -> None:
    """By when the training is due; a letter for each stage of a due day."""
    if not person.email:
        return
    language, due_on = language_of(person), reminder.due_on
    with translation.override(language):
        day = long_date(due_on)
    send_mail_later(
        key=f"compliance.duty:{reminder.employment_id}:{rule.id}:{due_on}:{reminder.stage}",
        to=person.email,
        template="duty_due",
        language=language,
        context={
            "person": person,
            "facility": facility.name,
            "law": rule.short_title,
            "day": day,
            "overdue": reminder.stage == DutyStage.OVERDUE,
        },
    )


def tell_managers_today(
    managers: Sequence[Person], facility: Organization, *, last_days: int, overdue: int, today: date
) -> None:
    """What became urgent today, as numbers; at most one a day for each manager and facility."""
    for manager in managers:
        send_mail_later(
            key=f"compliance.duty_day:{facility.pk}:{manager.pk}:{today}",
            to=manager.email or "",
            template="duty_day",
            language=language_of(manager),
            context={
                "person": manager,
                "facility": facility.name,
                "path": f"/facilities/{facility.key}/?show=action",
                "last_days": last_days,
                "overdue": overdue,
            },
        )


def tell_week(
    managers: Sequence[Person],
    place: Organization,
    rows: Sequence[FacilitySummary],
    *,
    week: str,
) -> None:
    """The week in numbers: of a facility, or of all a company's that need a hand, worst first."""
    is_company = place.kind == OrganizationKind.COMPANY
    counts = {
        name: sum(getattr(row.summary, name) for row in rows)
        for name in ("overdue", "due_soon", "not_proven")
    }
    for manager in managers:
        send_mail_later(
            key=f"compliance.duty_week:{place.pk}:{manager.pk}:{week}",
            to=manager.email or "",
            template="duty_week",
            language=language_of(manager),
            context={
                "person": manager,
                "place": place.name,
                "path": f"/facilities/company/{place.key}/"
                if is_company
                else f"/facilities/{place.key}/?show=action",
                "rows": rows if is_company else [],
                **counts,
            },
        )
