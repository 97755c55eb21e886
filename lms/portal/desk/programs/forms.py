"""What a coordinator says about an outside program, and why one is withdrawn."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lms.compliance.enums import Basis
from lms.compliance.proofs.programs import ProgramSaid
from lms.compliance.proofs.selectors import ListedProgram
from lms.compliance.rules import get_rule
from lms.people.models import Organization

# Which field a refusal of `compliance.proofs.programs` is about.
ABOUT = {
    "no_name": "title",
    "known": "title",
    "basis": "basis",
    "link": "link",
    "listed_later": "listed_on",
    "no_topic": "topics",
    "no_language": "languages",
}


def _day(label: Any, **said: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **said)


class ProgramForm(forms.Form):
    """A program of the state, or from its list."""

    office = forms.ModelChoiceField(Organization.objects.none(), label=_("Office"))
    title = forms.CharField(
        label=_("Name of the program"), help_text=_("As the state's list has it."), max_length=200
    )
    provider = forms.CharField(label=_("Who made or offers it"), max_length=200)
    basis = forms.ChoiceField(
        label=_("Why it counts"),
        choices=[(row.value, row.label) for row in (Basis.STATE_LISTED, Basis.STATE_MADE)],
        widget=forms.RadioSelect,
    )
    link = forms.CharField(
        label=_("Link to the state's list"),
        help_text=_("The page where anybody can look it up. It begins with https://."),
        max_length=500,
        widget=forms.URLInput,
    )
    listed_on = _day(
        _("On the list since"), required=False, help_text=_("Leave empty if the list does not say.")
    )
    checked_on = _day(_("Day you looked at the list"))
    languages = forms.MultipleChoiceField(
        label=_("Languages it is given in"),
        choices=settings.ALL_LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one language.")},
    )
    topics = forms.MultipleChoiceField(
        label=_("Topics it covers"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one topic that it covers.")},
    )

    def __init__(self, *args: Any, offices: Sequence[Organization] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        office, topics = self.fields["office"], self.fields["topics"]
        assert isinstance(office, forms.ModelChoiceField)  # noqa: S101
        assert isinstance(topics, forms.MultipleChoiceField)  # noqa: S101
        topics.choices = [(topic.code, topic.name) for topic in get_rule().topics]
        if len(offices) > 1:
            office.queryset = Organization.objects.filter(pk__in=[row.pk for row in offices])
        else:
            del self.fields["office"]

    def said(self) -> ProgramSaid:
        """What `add_program` and `change_program` take."""
        given = {key: value for key, value in self.cleaned_data.items() if key != "office"}
        given.update(
            basis=Basis(given["basis"]),
            languages=tuple(given["languages"]),
            topics=tuple(given["topics"]),
        )
        return ProgramSaid(**given)


def filled_from(program: ListedProgram) -> dict[str, Any]:
    """The form's first values for a program that is there."""
    return {
        "title": program.title,
        "provider": program.provider,
        "basis": program.approval.basis,
        "link": program.approval.link,
        "listed_on": program.listed_on,
        "checked_on": program.approval.checked_on,
        "languages": program.languages,
        "topics": program.version.topics,
    }


class WithdrawForm(forms.Form):
    """Until when it counts, and why no longer."""

    last_day = _day(
        _("Last day on which it counted"),
        help_text=_("Trainings on this day and before still count; later ones do not."),
    )
    reason = forms.CharField(
        label=_("Why it is withdrawn"),
        help_text=_("A few words that facilities and inspectors may read. No names, please."),
        max_length=300,
    )
