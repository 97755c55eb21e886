"""Which reminders one wants."""

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
