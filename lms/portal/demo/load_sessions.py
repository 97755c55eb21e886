"""The demo's live trainings, with dates that are always ahead of today.

Run again, it adds the dates that have become missing and changes nothing else: pages that are there
stay as they are, moved and cancelled sessions too.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from wagtail.models import Page

from events import services
from events.models import LiveTrainingPage, Session
from lms.core.time import new_york_today
from lms.pages.models import CataloguePage
from lms.people.enums import OrganizationKind
from lms.people.models import Organization, Person
from lms.trainings.models import Training
from lms.trainings.services.accreditation import confirm, usual_end

WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
# Of the weeks of a month the one that meets the fewest holidays.
WEEK = 3


def load_sessions(folder: Path, *, admin: Person, today: date) -> None:
    """Make the live trainings of sessions.yaml and their dates after `today` (New York)."""
    entries: list[dict[str, Any]] = yaml.safe_load((folder / "sessions.yaml").read_text())
    for entry in entries:
        page = LiveTrainingPage.objects.filter(slug=entry["slug"]).first()
        training = (page or _make_page(entry, admin=admin)).training()
        assert training is not None  # noqa: S101 - publishing made it
        _add_dates(training, entry, admin=admin, today=today)
    _hold_one(entries[0], admin=admin, today=today)
    _ask(entries[0], admin=admin)
    _make_list(entries[0], admin=admin)


def _make_page(entry: dict[str, Any], *, admin: Person) -> LiveTrainingPage:
    page = LiveTrainingPage(
        title=entry["title"],
        slug=entry["slug"],
        summary=entry["summary"],
        office=Organization.objects.get(key=entry["owner"]),
        audiences=entry["audiences"],
        minutes=entry["minutes"],
        min_minutes=entry["min_minutes"],
        learn=_items(entry["learn"]),
        program=_items(entry["program_states"]),
        before=entry["before"],
        credit_lines=[("credit", line) for line in entry["credit"]],
        credit_note=entry["credit_note"],
        contact_email=entry["contact_email"],
        platform=entry["platform"],
        is_sample=True,
        sample_notice=entry["sample_notice"],
        live=False,
    )
    catalogue = CataloguePage.objects.get(locale__language_code=settings.LANGUAGE_CODE)
    Page.objects.get(pk=catalogue.pk).add_child(instance=page)
    page.save_revision(user=admin).publish(user=admin)
    if entry.get("confirmed"):
        _confirm(page.office, entry["credit"][0]["accreditor"], admin=admin)
    return LiveTrainingPage.objects.get(pk=page.pk)


def _confirm(office: Organization, accreditor: str, *, admin: Person) -> None:
    """The office's made-up number, so that the credit of its training is shown."""
    begun = new_york_today() - timedelta(days=100)
    confirm(
        office=office,
        accreditor=accreditor,
        number="SW-0000",
        valid_from=begun,
        expires_on=usual_end(accreditor, begun),
        checked_against="nothing: a made-up number for the demo",
        signed_name="Demo",
        actor=admin,
    )


def _items(lines: list[str]) -> str:
    """Lines of text as a list in rich text."""
    return str(
        format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((x,) for x in lines)))
    )


def _add_dates(training: Training, entry: dict[str, Any], *, admin: Person, today: date) -> None:
    """Bring the training's coming sessions to the number the file asks for, one a month at most."""
    wanted = entry["per_year"] or len(entry["dates"])
    coming = set(
        Session.objects.filter(training=training, day__gt=today).values_list("day", flat=True)
    )
    months = {(day.year, day.month) for day in coming}
    days = _yearly(entry, today) if entry["per_year"] else _listed(entry, today)
    for day in days:
        if len(months) >= wanted:
            break
        if (day.year, day.month) not in months:
            _schedule(training, entry, day, admin=admin)
            months.add((day.year, day.month))


def _schedule(
    training: Training,
    entry: dict[str, Any],
    day: date,
    *,
    admin: Person,
    now: datetime | None = None,
) -> Session:
    return services.schedule_session(
        training=training,
        day=day,
        start=time.fromisoformat(entry["start"]),
        end=time.fromisoformat(entry["end"]),
        zone=entry["zone"],
        capacity=entry["capacity"],
        platform=entry["platform"],
        join_url=f"https://webex.example.org/meet/{entry['slug']}-{day:%Y%m%d}",
        min_minutes=entry["min_minutes"],
        actor=admin,
        now=now,
    )


def _yearly(entry: dict[str, Any], today: date) -> Iterator[date]:
    """The dates after `today`, without end: `per_year` months of each year, weekdays in turn."""
    for number in range(24):
        year, month = _month(today, number)
        if _takes_place(month, entry["per_year"]):
            day = _nth(year, month, entry["weekdays"][month % len(entry["weekdays"])], WEEK)
            if day > today:
                yield day


def _takes_place(month: int, per_year: int) -> bool:
    """Whether the month is one of `per_year` spread evenly over a year, the same every year."""
    return month * per_year // 12 != (month - 1) * per_year // 12


def _listed(entry: dict[str, Any], today: date) -> Iterator[date]:
    for line in entry["dates"]:
        year, month = _month(today, line["months_ahead"])
        day = _nth(year, month, line["weekday"], line["nth"])
        if day > today:
            yield day


def _month(today: date, ahead: int) -> tuple[int, int]:
    year, month = divmod(today.year * 12 + today.month - 1 + ahead, 12)
    return year, month + 1


def _nth(year: int, month: int, weekday: str, nth: int) -> date:
    """The n-th such weekday of the month."""
    first = date(year, month, 1)
    offset = (WEEKDAYS.index(weekday) - first.weekday()) % 7
    return first + timedelta(days=offset + 7 * (nth - 1))


def _hold_one(entry: dict[str, Any], *, admin: Person, today: date) -> None:
    """One session that is over, with people in it, so that attendance can be marked at the desk."""
    training = LiveTrainingPage.objects.get(slug=entry["slug"]).training()
    assert training is not None  # noqa: S101 - publishing made it
    if Session.objects.filter(training=training, day__lt=today).exists():
        return
    day = today - timedelta(days=1)
    while WEEKDAYS[day.weekday()] not in entry["weekdays"]:
        day -= timedelta(days=1)
    then = datetime.combine(day - timedelta(days=14), time(12), tzinfo=UTC)
    session = _schedule(training, entry, day, admin=admin, now=then)
    staff = Person.objects.filter(
        employments__organization__kind=OrganizationKind.AGENCY, employments__started_on__lte=day
    )
    for person in staff.distinct().order_by("sort_name"):
        services.register(session=session, person=person, actor=admin, now=then)


def _make_list(entry: dict[str, Any], *, admin: Person) -> None:
    """A mailing list of the office, with somebody who asked for it and somebody who stopped."""
    made = services.make_list(
        office=Organization.objects.get(key=entry["owner"]),
        name="New dates for all staff",
        about="When new dates are open for registration; about once a month.",
        actor=admin,
    )
    if made.subscriptions.exists():
        return
    people = Person.objects.filter(email__in=["learner@example.org", "liaison@example.org"])
    for person in people:
        services.subscribe(
            mailing_list=made, email=str(person.email), name=str(person), actor=person
        )
    for there in made.subscriptions.filter(email="liaison@example.org"):
        services.unsubscribe(subscription=there)


def _ask(entry: dict[str, Any], *, admin: Person) -> None:
    """A question at registration; dates where the office looks first, and where a code is asked."""
    training = LiveTrainingPage.objects.get(slug=entry["slug"]).training()
    assert training is not None  # noqa: S101 - publishing made it
    if training.registration_questions.exists():
        return
    question = services.add_question(
        training=training,
        kind="yes_no",
        text="Have you taken the CTDB e-learning?",
        required=False,
        actor=admin,
    )
    last, before = training.sessions.upcoming(timezone.now()).order_by("-starts_at")[:2]
    services.change_details(session=before, check_in_code="LANTERN", code_asked=True, actor=admin)
    session = services.change_details(session=last, approval=True, actor=admin)
    staff = Person.objects.filter(employments__organization__kind=OrganizationKind.AGENCY)
    needs = [["captions"], [], ["sign"]]
    for number, person in enumerate(staff.distinct().order_by("sort_name")[:3]):
        services.register(
            session=session,
            person=person,
            actor=person,
            said=services.Said(
                answers={question.pk: "yes" if number else "no"}, needs=needs[number]
            ),
        )
