"""What is asked when a company begins and when a facility changes hands."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.core.time import new_york_today
from lms.people.models import Organization, RoleAssignment


class CompanyForm(forms.Form):
    """A company's name."""

    name = forms.CharField(
        label=_("Name of the company"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )


class OfferForm(forms.Form):
    """To whom a facility goes, and when."""

    to = forms.ChoiceField(
        label=_("Who takes it over?"),
        choices=[
            ("company", _("Another company, or somebody who will have one here")),
            ("nobody", _("Nobody: it stands by itself, with its own managers")),
        ],
        widget=forms.RadioSelect,
        initial="company",
    )
    to_email = forms.EmailField(
        label=_("Their e-mail address"),
        help_text=_("Of the person who will manage it there. The link to accept goes there."),
        required=False,
    )
    day = forms.DateField(
        label=_("First day of the new owner"),
        help_text=_("From this day on you no longer see the facility."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    mark_optional = False

    def __init__(self, data: Any = None, *, in_company: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if not in_company:
            del self.fields["to"]

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day < new_york_today():
            raise forms.ValidationError(_("Choose today or a day to come."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("to") == "nobody":
            cleaned["to_email"] = ""
        elif not cleaned.get("to_email") and "to_email" not in self.errors:
            self.add_error("to_email", _("Give the address of the person who takes it over."))
        return cleaned


class AcceptForm(forms.Form):
    """For which company, and which of the facility's managers stay."""

    company = forms.ChoiceField(label=_("For which company?"), widget=forms.RadioSelect)
    company_name = forms.CharField(
        label=_("Name of your company"),
        help_text=_("As your list here will be called."),
        max_length=200,
        required=False,
    )
    keeps = forms.TypedMultipleChoiceField(
        label=_("Who manages the facility today, and stays?"),
        help_text=_("Whoever you do not tick no longer sees it from that day on."),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    mark_optional = False

    def __init__(
        self,
        data: Any = None,
        *,
        companies: Sequence[Organization],
        managers: Sequence[RoleAssignment],
    ) -> None:
        super().__init__(data)
        self.companies = {str(company.pk): company for company in companies}
        choice, keeps = self.fields["company"], self.fields["keeps"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101 - for the type
        assert isinstance(keeps, forms.TypedMultipleChoiceField)  # noqa: S101 - for the type
        choice.choices = [
            *((key, company.name) for key, company in self.companies.items()),
            ("new", _("A company that is not here yet")),
        ]
        choice.initial = next(iter(self.companies), "new")
        keeps.choices = [(role.pk, str(role.person)) for role in managers]
        if not companies:
            choice.widget, choice.required = forms.HiddenInput(), False
        if not managers:
            del self.fields["keeps"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_new = cleaned.get("company", "new") in ("", "new")
        if is_new and not cleaned.get("company_name"):
            self.add_error("company_name", _("Give the name of the company."))
        return cleaned

    def given(self) -> dict[str, Any]:
        """The arguments of `accept_handover`."""
        return {
            "company": self.companies.get(self.cleaned_data.get("company", "")),
            "company_name": self.cleaned_data["company_name"],
            "keeps": self.cleaned_data.get("keeps", []),
        }
