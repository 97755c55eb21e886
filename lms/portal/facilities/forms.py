"""What managers type: about the place, an employee, a post, a leaving, a signature."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lms.compliance.groups.selectors import programs_for
from lms.compliance.models import FacilityProfile
from lms.compliance.rules import Rule
from lms.core.time import new_york_today, short_date
from lms.people.counties import COUNTIES, county_label
from lms.people.enums import Post
from lms.people.models import Organization
from lms.trainings.models import VersionInForce

YES_NO = [("yes", _("Yes")), ("no", _("No"))]
YES_NO_UNKNOWN = [*YES_NO, ("", _("I do not know yet"))]


def day_input() -> forms.DateInput:
    """A date the browser helps with; typed as 2026-11-30 where it does not."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _yes(value: str) -> bool | None:
    return {"yes": True, "no": False}.get(value)


def _word(value: bool | None) -> str:
    return {True: "yes", False: "no"}.get(value, "") if value is not None else ""


class FacilityForm(forms.Form):
    """What decides whether the law is for the place, and which others."""

    county = forms.ChoiceField(
        label=_("County"),
        choices=[("", _("Choose")), *((name, county_label(name)) for name in COUNTIES)],
        required=False,
    )
    rooms_for_hire = forms.IntegerField(
        label=_("Rooms for hire"), min_value=1, max_value=20_000, required=False
    )
    owner_lives_there = forms.TypedChoiceField(
        label=_("Does the owner live in the building?"),
        choices=YES_NO_UNKNOWN,
        widget=forms.RadioSelect,
        coerce=_yes,
        empty_value=None,
        required=False,
    )
    is_dwelling = forms.TypedChoiceField(
        label=_("Does it count as a dwelling under state or local law?"),
        help_text=_("An apartment house, for example. An ordinary hotel does not."),
        choices=YES_NO_UNKNOWN,
        widget=forms.RadioSelect,
        coerce=_yes,
        empty_value=None,
        required=False,
    )
    mark_optional = False

    @staticmethod
    def said_by(place: Organization, profile: FacilityProfile | None) -> dict[str, Any]:
        """What the form shows at first."""
        county = {"county": place.county.removesuffix(" County")}
        if profile is None:
            return county
        return {
            **county,
            "rooms_for_hire": profile.rooms_for_hire,
            "owner_lives_there": _word(profile.owner_lives_there),
            "is_dwelling": _word(profile.is_dwelling),
        }


class PostForm(forms.Form):
    """The post somebody holds, and whether it meets guests: yes unless there is a reason."""

    post = forms.ChoiceField(label=_("Post"), choices=Post.choices)
    guest_contact = forms.TypedChoiceField(
        label=_("Is this person likely to meet guests at work?"),
        help_text=_("Count every contact: hallways, phone, deliveries, an occasional shift."),
        choices=YES_NO,
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
        initial="yes",
    )
    no_contact_reason = forms.CharField(
        label=_("If not: why not?"),
        help_text=_("About the post, not about the person. It is shown to inspectors."),
        max_length=300,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("guest_contact") is False and not cleaned.get("no_contact_reason"):
            self.add_error("no_contact_reason", _("Say why this post does not meet guests."))
        if cleaned.get("guest_contact"):
            cleaned["no_contact_reason"] = ""
        return cleaned


class ChangePostForm(PostForm):
    """Another post, from a day on."""

    starts_on = forms.DateField(label=_("First day in this post"), widget=day_input())
    field_order = ["post", "starts_on", "guest_contact", "no_contact_reason"]


class AddForm(PostForm):
    """A new employee."""

    first_name = forms.CharField(label=_("First name"), max_length=150)
    last_name = forms.CharField(label=_("Last name"), max_length=150)
    number = forms.CharField(label=_("Employee number"), max_length=40, required=False)
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Only the person's own address, never a shared one or one made up."),
        required=False,
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.ALL_LANGUAGES, initial="en")
    started_on = forms.DateField(label=_("Hired on"), widget=day_input())
    sent_by = forms.CharField(
        label=_("Sent by an agency"),
        help_text=_("The agency's name, for somebody who is not on your own payroll."),
        max_length=120,
        required=False,
    )
    same_name = forms.BooleanField(
        label=_("This is another person with the same name"),
        required=False,
        widget=forms.HiddenInput,
    )
    field_order = [
        "first_name",
        "last_name",
        "number",
        "email",
        "language",
        "started_on",
        "sent_by",
        "post",
        "guest_contact",
        "no_contact_reason",
        "same_name",
    ]

    def ask_about_same_name(self) -> None:
        """Somebody of this name works here: ask before making a second one."""
        self.fields["same_name"].widget = forms.CheckboxInput()
        self.add_error(
            "same_name",
            _("Somebody with this name already works here. Tick this if it is another person."),
        )

    def ask_about_return(self) -> None:
        """Somebody of this name left: hired again, the person keeps their trainings."""
        self.fields["same_name"].widget = forms.CheckboxInput()
        self.add_error(
            "same_name",
            _(
                "Somebody with this name worked here. Hire them again from their page, or tick "
                "this if it is another person."
            ),
        )


class DeviceForm(forms.Form):
    """A shared device."""

    label = forms.CharField(
        label=_("What do you call it?"),
        help_text=_("For example: tablet in the break room."),
        max_length=60,
    )


def _program_label(row: VersionInForce) -> str:
    """The program's title; of one's own, until when its worksheet is good."""
    until = (row.version.spec.get("approval") or {}).get("valid_until")
    if not until:
        return row.training.title
    return _("%(title)s (own program, worksheet good until %(day)s)") % {
        "title": row.version.spec["title"],
        "day": short_date(date.fromisoformat(until)),
    }


class GroupForm(forms.Form):
    """A group training on the premises; who was there is ticked below it."""

    held_on = forms.DateField(label=_("Day"), widget=day_input())
    program = forms.ModelChoiceField(
        label=_("Program"), queryset=VersionInForce.objects.none(), empty_label=None
    )
    trainer = forms.CharField(label=_("Who led it"), max_length=150)
    place = forms.CharField(
        label=_("Where"), help_text=_("For example: break room, first floor."), max_length=120
    )
    on_premises = forms.TypedChoiceField(
        label=_("Was that on the premises of this facility?"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )
    paid_time = forms.TypedChoiceField(
        label=_("Was the time paid as working time?"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.ALL_LANGUAGES, initial="en")

    def __init__(
        self, data: Any = None, *, rule: Rule, facility: Organization, initial: Any = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.fields["program"].queryset = programs_for(rule, facility)  # type: ignore[attr-defined]
        self.fields["program"].label_from_instance = _program_label  # type: ignore[attr-defined]

    def clean_held_on(self) -> date:
        day: date = self.cleaned_data["held_on"]
        if day > new_york_today():
            raise forms.ValidationError(_("Log a training on its day or later."))
        return day


class LeavingForm(forms.Form):
    """The last day of work."""

    ended_on = forms.DateField(label=_("Last day of work"), widget=day_input())

    def clean_ended_on(self) -> date:
        day: date = self.cleaned_data["ended_on"]
        if day > new_york_today():
            raise forms.ValidationError(_("Record it on the last day or later."))
        return day


class SignatureForm(forms.Form):
    """What is signed, the same for everybody chosen."""

    on_premises = forms.TypedChoiceField(
        label=_("Did the training take place on the premises of this facility?"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )
    paid_time = forms.TypedChoiceField(
        label=_("Was the time paid as working time?"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )


class AsOfForm(forms.Form):
    """Which day the record is asked for."""

    as_of = forms.DateField(label=_("As of"), widget=day_input(), required=False)
    mark_optional = False

    def clean_as_of(self) -> date:
        day: date | None = self.cleaned_data["as_of"]
        today = new_york_today()
        if day and day > today:
            raise forms.ValidationError(_("Choose today or an earlier day."))
        return day or today
