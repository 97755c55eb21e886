"""What reviewers choose and say."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from lms.compliance.count_models import ShownBy
from lms.compliance.review.samples import MOST
from lms.compliance.review_models import Ground, Outcome, Remark, SampleKind
from lms.portal.reports.periods import Span

FACILITY_READS = _("The facility’s managers read this. No names and no details of a case, please.")


class PeriodForm(forms.Form):
    """Employees hired in some months; only where a span of enough people begins or ends."""

    mark_optional = False
    hired_from = forms.ChoiceField(
        label=_("Hired in"),
        required=False,
        help_text=_("Months with too few people are joined with those beside them."),
    )
    hired_to = forms.ChoiceField(label=_("Until"), required=False)

    def __init__(self, data: Mapping[str, str], *, spans: list[Span], chosen: list[Span]) -> None:
        super().__init__(
            {
                "hired_from": f"{chosen[0].first:%Y-%m}" if chosen else "",
                "hired_to": f"{chosen[-1].last:%Y-%m}" if chosen else "",
            }
        )
        offers: dict[str, list[Any]] = {
            "hired_from": [span.first for span in spans],
            "hired_to": [span.last for span in spans],
        }
        for name, days in offers.items():
            self.fields[name].choices = [  # type: ignore[attr-defined]  # a choice's
                ("", _("Any")),
                *((f"{day:%Y-%m}", formats.date_format(day, "YEAR_MONTH_FORMAT")) for day in days),
            ]
        asked = [data.get(name, "") for name in offers]
        self.active = int(bool(chosen))
        self.widened = bool(chosen) and any(
            want and want != have for want, have in zip(asked, self.data.values(), strict=True)
        )


class SampleForm(forms.Form):
    """What to draw, from where, how many, and why."""

    kind = forms.ChoiceField(
        label=_("What is drawn?"),
        choices=SampleKind.choices,
        initial=SampleKind.SCANS,
        widget=forms.RadioSelect,
    )
    county = forms.ChoiceField(label=_("County"), required=False)
    basis = forms.ChoiceField(
        label=_("Resting on"),
        required=False,
        choices=[("", _("Anything")), *(row for row in ShownBy.choices if row[0] != "not_shown")],
    )
    size = forms.IntegerField(
        label=_("How many?"),
        help_text=_("At most %(most)s.") % {"most": MOST},
        min_value=1,
        max_value=MOST,
        initial=5,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_(
            "For the office’s file, for example “Quarterly look at scans”. No names and no details "
            "of a case, please."
        ),
        max_length=200,
    )
    seed = forms.RegexField(
        r"^[A-Za-z0-9._-]{1,40}$",
        label=_("Seed"),
        required=False,
        help_text=_("Leave empty for a new one. With the seed of a sample you draw it again."),
        max_length=40,
        error_messages={"invalid": _("A seed has letters and digits only, without spaces.")},
    )

    def __init__(self, *args: Any, counties: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["county"].choices = [  # type: ignore[attr-defined]  # a choice's
            ("", _("The whole state")),
            *((name, name) for name in counties),
        ]

    def said(self) -> dict[str, Any]:
        """What `samples.draw` takes."""
        return {**self.cleaned_data, "kind": SampleKind(self.cleaned_data["kind"])}


class OutcomeForm(forms.Form):
    """What came of looking at something drawn."""

    outcome = forms.ChoiceField(
        label=_("After looking at it"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what came of it.")},
    )
    remarks = forms.MultipleChoiceField(
        label=_("What the note says"),
        required=False,
        choices=Remark.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    words = forms.CharField(
        label=_("In your own words"), required=False, help_text=FACILITY_READS, max_length=300
    )

    def said(self) -> dict[str, Any]:
        """What `outcomes.say` takes."""
        given = self.cleaned_data
        return {
            "outcome": Outcome(given["outcome"]),
            "remarks": [Remark(code) for code in given["remarks"]],
            "words": given["words"],
        }


class GroundForm(forms.Form):
    """Why a record is opened."""

    ground = forms.ChoiceField(
        label=_("On what ground?"),
        choices=Ground.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the ground.")},
    )
    words = forms.CharField(
        label=_("Which one?"),
        help_text=_(
            "For example the number of the inspection. The facility’s managers read this: write no "
            "names, and nothing about who raised something."
        ),
        max_length=120,
    )
