"""Which reminders one wants."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.notices.enums import NoticeKind


class RemindersForm(forms.Form):
    """None ticked is a choice too: no reminders at all."""

    mark_optional = False
    wanted = forms.MultipleChoiceField(
        label=_("Write to me"),
        choices=NoticeKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, offered: Sequence[NoticeKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["wanted"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - for the type checker
        field.choices = [(kind.value, kind.label) for kind in offered]
