"""What reviewers choose and say."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from lms.portal.reports.periods import Span


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
