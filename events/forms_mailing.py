"""Choosing mailing lists; who is not signed in proves the address with a code."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from events.mailing_models import MailingList
from lms.people.forms import WhoForm


class ListsForm(WhoForm):
    """The lists, with what one gets; and who somebody is who has not signed in."""

    lists = forms.TypedMultipleChoiceField(
        label=_("What would you like to hear about?"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    field_order = ["lists", "first_name", "last_name", "email"]

    def __init__(
        self, *args: Any, lists: Sequence[MailingList], asks_address: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.by_pk = {row.pk: row for row in lists}
        field = self.fields["lists"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the type checker
        field.choices = [(row.pk, f"{row.name} ({row.office}): {row.about}") for row in lists]
        if asks_address:
            field.required = True
            self.fields["email"].help_text = _(
                "We send a code to it; nothing is sent before you type it here."
            )
        else:
            for name in ("first_name", "last_name", "email"):
                del self.fields[name]

    def chosen(self) -> list[MailingList]:
        """The lists that are ticked."""
        return [self.by_pk[pk] for pk in self.cleaned_data["lists"]]
