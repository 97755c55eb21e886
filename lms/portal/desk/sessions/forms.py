"""What a coordinator fills in about a session."""

from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from events.enums import FreedSeats, SurveyRule
from events.models import Session
from events.selectors import page_of, schedulable_trainings
from events.speakers import other_names
from events.wall_time import parse_clock, parse_zone
from events.wish_models import TrainingWish
from lms.core.exceptions import Refused
from lms.people import people_list
from lms.people.models import Person
from lms.people.people_list import Line
from lms.trainings.models import Training


class ClockField(forms.CharField):
    """A time of day as people write it; its value is (time, zone or None)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)

    def clean(self, value: Any) -> tuple[time, ZoneInfo | None] | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_clock(text)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class TimeForm(forms.Form):
    """When: a date, two times of day, and the zone they are in."""

    day = forms.DateField(label=later("Date"), widget=forms.DateInput(attrs={"type": "date"}))
    start = ClockField(label=later("Starts"), help_text=later("For example 10 am or 13:30."))
    end = ClockField(label=later("Ends"))
    zone = forms.CharField(
        label=later("Time zone"),
        max_length=60,
        required=False,
        help_text=later("Empty: Eastern. EST and EDT both mean the time on New York's clocks."),
    )

    def clean(self) -> dict[str, Any]:
        """The zone may stand beside a time ("10 am EST"); two different ones are a mistake."""
        cleaned: dict[str, Any] = super().clean() or {}
        try:
            named = {parse_zone(cleaned["zone"])} if cleaned.get("zone") else set()
        except ValueError as error:
            self.add_error("zone", str(error))
            return cleaned
        for name in ("start", "end"):
            if cleaned.get(name):
                cleaned[name], zone = cleaned[name]
                named |= {zone} if zone else set()
        if len(named) > 1:
            self.add_error("zone", _("Two different time zones are named. Keep one."))
        cleaned["zone"] = (named.pop() if named else parse_zone("Eastern")).key
        return cleaned

    def when(self) -> dict[str, Any]:
        """The arguments by which services know a time."""
        return {name: self.cleaned_data[name] for name in ("day", "start", "end", "zone")}


def moment_field(label: str | Promise, help_text: str | Promise) -> forms.DateTimeField:
    """A day with a time on New York's clocks, chosen or typed."""
    return forms.DateTimeField(
        label=label,
        help_text=help_text,
        required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )


class DetailsForm(forms.Form):
    """Everything about a session but its time."""

    capacity = forms.IntegerField(label=later("Seats"), min_value=1, max_value=100_000)
    platform = forms.CharField(
        label=later("Platform"),
        max_length=80,
        required=False,
        help_text=later("Empty: as the training's page says."),
    )
    join_url = forms.URLField(
        label=later("Join link"),
        max_length=1000,
        required=False,
        assume_scheme="https",
        help_text=later(
            "Shown to nobody; the people registered are led to it. You can add it later."
        ),
    )
    location = forms.CharField(
        label=later("Place"),
        max_length=300,
        required=False,
        help_text=later("For a session in person."),
    )
    speakers = forms.CharField(
        label=later("Other people who speak"),
        max_length=300,
        required=False,
        help_text=later(
            "Names as everybody may read them, with commas between: only of people who said so."
            " Those you invite under “Speakers” decide by themselves, and are not shown from here."
        ),
    )
    min_minutes = forms.IntegerField(
        label=later("Minutes one must attend"),
        min_value=0,
        required=False,
        help_text=later("Empty: as the training's page says. Shown before people register."),
    )
    min_percent = forms.IntegerField(
        label=later("Or percent of its length"),
        min_value=1,
        max_value=100,
        required=False,
        help_text=later("Instead of minutes; the minutes follow when the session is moved."),
    )
    grace_minutes = forms.IntegerField(
        label=later("Join at the latest, minutes after the start"),
        min_value=0,
        required=False,
        help_text=later(
            "By Webex's report, whoever joins later attended in part. Empty: it does not matter."
        ),
    )
    registration_opens_at = moment_field(
        later("Registration opens"), later("Eastern time. Empty: at once.")
    )
    registration_closes_at = moment_field(
        later("Registration closes"),
        later("Eastern time. Empty: when the session begins. You can register people after it."),
    )
    cancellation_closes_at = moment_field(
        later("People give seats back themselves until"),
        later("Eastern time. Empty: until the session begins. After it they are asked to write."),
    )
    check_in_code = forms.CharField(
        label=later("Check-in code"),
        max_length=20,
        required=False,
        help_text=later(
            "Shown in the room or on the screen; people type it to check in. Empty: none is asked."
        ),
    )
    code_asked = forms.BooleanField(
        label=later("Attendance asks for this code"),
        required=False,
        help_text=later(
            "Whoever does not type it in attended in part. Shown before people register."
        ),
    )
    survey = forms.ChoiceField(
        label=later("Survey"),
        choices=SurveyRule.choices,
        initial=SurveyRule.NONE,
        required=False,
        help_text=later(
            "Five statements and a few words, by mail after the end, kept without names. You and"
            " those who speak see what it came to once five have answered."
        ),
    )
    approval = forms.BooleanField(
        label=later("The office looks at every registration first"),
        required=False,
        help_text=later(
            "People ask for a seat; nobody has one, or an invitation, before you approve it."
        ),
    )
    freed_seats = forms.ChoiceField(
        label=later("When a seat comes free and people wait"),
        choices=FreedSeats.choices,
        initial=FreedSeats.OFFER,
        widget=forms.RadioSelect,
        help_text=later(
            "An offer holds the seat for 24 hours, for 4 within two days of the session, for 1 on"
            " its day; one that would end at night, until 9 in the morning."
        ),
    )
    reminders = forms.BooleanField(
        label=later("Remind people a week, a day and an hour before"),
        required=False,
        initial=True,
        help_text=later("Whoever wants no reminders gets none."),
    )
    title = forms.CharField(
        label=later("Title of its own"),
        max_length=255,
        required=False,
        help_text=later("Only where it differs from the training's."),
    )

    def clean(self) -> dict[str, Any]:
        """Minutes or percent, not both; which of them counts would be anybody's guess."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("min_minutes") and cleaned.get("min_percent"):
            self.add_error("min_percent", _("Give minutes or percent, not both."))
        return cleaned

    def details(self, training: Training) -> dict[str, Any]:
        """The arguments by which services know the details; what is empty, as the page says."""
        given = {name: self.cleaned_data[name] for name in DETAILS if name in self.fields}
        page = page_of(training)
        if not given["platform"]:
            given["platform"] = page.platform if page and not given["location"] else ""
        if given["min_minutes"] is None:
            given["min_minutes"] = page.min_minutes if page else 0
        given["survey"] = given["survey"] or SurveyRule.NONE.value
        if given["title"].strip() == training.title:
            given["title"] = ""
        return given


DETAILS = tuple(DetailsForm.base_fields)


class KeptBackForm(forms.Form):
    """Whether new sessions are shown at once."""

    kept_back = forms.BooleanField(
        label=later("Keep it back for now"),
        required=False,
        help_text=later(
            "Nobody outside your office sees it or can register until you say “Show it now” here"
            " at the desk, or publish the series it belongs to with its program."
        ),
    )


class NewSessionForm(DetailsForm, TimeForm, KeptBackForm):
    """A new date of one of the coordinator's live trainings."""

    field_order = ["training", "day", "start", "end", "zone", "capacity", "join_url"]

    training = forms.ModelChoiceField(
        label=later("Training"), queryset=Training.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["training"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells the type checker
        field.queryset = schedulable_trainings(person)

    def arguments(self) -> dict[str, Any]:
        """The arguments of schedule_session."""
        training = self.cleaned_data["training"]
        announced = not self.cleaned_data["kept_back"]
        details = self.details(training)
        return {"training": training, **self.when(), **details, "announced": announced}


class GroupForm(forms.Form):
    """People to register, one a line."""

    people = forms.CharField(
        label=later("People"),
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=later(
            "One person on each line: name and e-mail address, as in “Ana Rivera,"
            " ana@example.org”. Columns copied from a spreadsheet work too. Nothing else, please:"
            " no notes and no details of a case."
        ),
    )
    add_seats = forms.BooleanField(
        label=later("Add seats where there are too few"),
        required=False,
        help_text=later("Otherwise they go to the end of the waiting list."),
    )

    def clean_people(self) -> list[Line]:
        """The lines, each with what is wrong with it."""
        try:
            return people_list.read(self.cleaned_data["people"], hired=False)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class OfferForm(forms.Form):
    """Why somebody is offered a seat before those ahead of them."""

    reason = forms.CharField(
        label=later("Why this person comes first"),
        max_length=300,
        help_text=later(
            "Your office reads it, and the person may ask to. Please write no details of a case or"
            " of health."
        ),
        widget=forms.TextInput,
    )


class CancelForm(forms.Form):
    """Why a session does not take place."""

    reason = forms.CharField(
        label=later("Why"),
        max_length=300,
        help_text=later(
            "Everybody registered reads it. Please write no names and no details of a case."
        ),
        widget=forms.TextInput,
    )


def time_of(session: Session) -> dict[str, Any]:
    """A session's time as the form shows it."""
    return {
        "day": session.day,
        "start": f"{session.start_time:%H:%M}",
        "end": f"{session.end_time:%H:%M}",
        "zone": "" if session.zone == "America/New_York" else session.zone,
    }


def details_of(session: Session) -> dict[str, Any]:
    """A session's details as the form shows them."""
    shown = {name: getattr(session, name) for name in DETAILS}
    return shown | {"min_minutes": None} if session.min_percent else shown


def filled_in(wish: TrainingWish) -> dict[str, Any]:
    """What somebody asked for, as far as the form of a new session has a place for it."""
    return {
        "training": wish.training_id,
        "capacity": wish.people,
        "location": wish.place,
        "title": "" if wish.training else wish.topic,
    }


def copy_of(session: Session) -> dict[str, Any]:
    """A session's details for another date: without its day, its join link and its windows."""
    own = ("join_url", "registration_opens_at", "registration_closes_at", "cancellation_closes_at")
    details = {name: value for name, value in details_of(session).items() if name not in own}
    details["speakers"] = other_names(session)
    times = {name: value for name, value in time_of(session).items() if name != "day"}
    return {"training": session.training_id, **details, **times}
