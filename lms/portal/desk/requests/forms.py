"""What coordinators fill in about access."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.people.enums import OrganizationKind, Role
from lms.people.models import Organization, Person
from lms.trainings.models import Training


class GrantForm(forms.Form):
    """Until when somebody is let in."""

    expires_on = forms.DateField(
        label=_("Access until"), widget=forms.DateInput(attrs={"type": "date"})
    )


class LetInForm(forms.Form):
    """One person, let in without having asked."""

    email = forms.EmailField(
        label=_("E-mail address the person signs in with"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("For your office's record. No names and no details of a case."),
    )
    expires_on = forms.DateField(
        label=_("Access until"), widget=forms.DateInput(attrs={"type": "date"})
    )


class RefuseForm(forms.Form):
    """Why somebody is not let in."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_(
            "The person reads this. Say what would be needed. No names and no details of a case."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RuleForm(forms.Form):
    """How an office answers requests for a training."""

    target_days = forms.IntegerField(
        label=_("Days until an answer"),
        min_value=1,
        max_value=20,
        help_text=_("Working days, unless weekends and holidays count too."),
    )
    every_day = forms.BooleanField(
        label=_("Weekends and holidays count too"),
        required=False,
        help_text=_(
            "An answer is due at the same hour then, and the deputy is told on weekends too."
        ),
    )
    deputy = forms.ModelChoiceField(
        label=_("Deputy"),
        queryset=Person.objects.none(),
        required=False,
        help_text=_("Is told by mail when a request has waited longer. A second coordinator."),
    )
    grant_days = forms.IntegerField(label=_("Access lasts, in days"), min_value=1, max_value=3660)

    def __init__(self, data: Any, *, training: Training, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        deputy = self.fields["deputy"]
        assert isinstance(deputy, forms.ModelChoiceField)  # noqa: S101 - tells the type checker
        deputy.queryset = Person.objects.filter(
            roles__role=Role.COORDINATOR,
            roles__organization=training.owner,
            roles__ended_at__isnull=True,
            is_active=True,
        ).order_by("sort_name")


class OrganizationForm(forms.Form):
    """An organization whose people may take a training."""

    organization = forms.ModelChoiceField(
        label=_("Organization"),
        queryset=Organization.objects.exclude(kind=OrganizationKind.OFFICE),
    )
    domains = forms.CharField(
        label=_("Its mail domains"),
        required=False,
        max_length=500,
        help_text=_("For example agency.ny.gov. Several with commas between."),
    )

    def domain_list(self) -> list[str]:
        """The domains typed."""
        return str(self.cleaned_data["domains"]).replace(",", " ").split()


class InviteForm(forms.Form):
    """Addresses pasted, one a line or with commas between."""

    addresses = forms.CharField(
        label=_("E-mail addresses"),
        max_length=60_000,
        help_text=_("One a line, or with commas between. Each is invited once and told by mail."),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )

    def address_list(self) -> list[str]:
        """The addresses typed."""
        text = str(self.cleaned_data["addresses"])
        return text.replace(",", " ").replace(";", " ").split()
