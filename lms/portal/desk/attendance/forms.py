"""What a coordinator fills in at the attendance desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.utils.translation import ngettext

from events.attendance_report import ZONES
from events.report_selectors import Effect, Results
from lms.core.exceptions import Refused
from lms.core.files import check_upload


class SeveralFiles(forms.FileInput):
    """A field in which several files may be chosen at once."""

    allow_multiple_selected = True


class ReportsField(forms.FileField):
    """One or several reports; its value is a list, in the order chosen."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Each file as what it says it is; else none, and which one is why."""
        chosen = []
        for file in data or [None]:
            chosen.append(super().clean(file, initial))
            try:
                check_upload(file)
            except Refused as refusal:
                raise forms.ValidationError(_said(refusal)) from refusal
        return chosen


def _said(refusal: Refused) -> str:
    if refusal.code != "not_what_it_says":
        return str(refusal)
    return _("This is not a table. Choose the file that Webex gave you; its name ends in .csv.")


class UploadForm(forms.Form):
    """Reports as Webex gives them, and the zone their times are in, which they do not say."""

    report = ReportsField(
        label=later("Attendance report"),
        help_text=later(
            "The file as Webex gives it, or saved again by a spreadsheet (.csv, .xlsx). You can "
            "choose several."
        ),
        widget=SeveralFiles(attrs={"accept": ".csv,.xlsx,text/csv"}),
    )
    zone = forms.ChoiceField(
        label=later("Time zone of the times in it"),
        choices=ZONES,
        initial="America/New_York",
        help_text=later(
            "The file does not say. It is the zone of the Webex account that downloaded it."
        ),
    )


class ApplyForm(forms.Form):
    """What applying does beyond noting those found in the report; only what there is to ask."""

    # "Take nothing" answers nothing else.
    use_required_attribute = False

    absent_are_no_shows = forms.BooleanField(required=False, initial=True)
    replace_noted = forms.BooleanField(required=False)
    zone_checked = forms.BooleanField(
        label=later("I have looked: the time zone is right"),
        error_messages={
            "required": later("Look at the time zone first, and say that it is right.")
        },
    )

    def __init__(self, data: Any = None, *, results: Results) -> None:
        super().__init__(data)
        absent = sum(
            seat.is_absent and seat.effect in (Effect.ABSENT, Effect.CHANGED)
            for seat in results.seats
        )
        by_hand = sum(
            seat.effect == Effect.BY_HAND and not seat.is_absent for seat in results.seats
        )
        self._ask(
            "absent_are_no_shows",
            absent,
            ngettext(
                "%(count)s person registered is in no report: note “did not come”",
                "%(count)s people registered are in no report: note “did not come”",
                absent,
            ),
        )
        self._ask(
            "replace_noted",
            by_hand,
            ngettext(
                "Replace what somebody noted by hand for %(count)s person",
                "Replace what somebody noted by hand for %(count)s people",
                by_hand,
            ),
        )
        if "absent_are_no_shows" in self.fields:
            # Whoever is missing may be in what the file has lost, or in the right file.
            self.fields["absent_are_no_shows"].initial = not results.may_miss_people
        if not results.doubts:
            del self.fields["zone_checked"]

    def _ask(self, name: str, count: int, label: str) -> None:
        self.fields[name].label = label % {"count": count}
        if not count:
            del self.fields[name]


class SearchForm(forms.Form):
    """Somebody registered, by name or address."""

    mark_optional = False
    q = forms.CharField(label=later("Name or address"), max_length=100, required=False)
