"""What a coordinator fills in about mailing lists."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as later

from events.selectors import SessionFacts
from lms.core.exceptions import Refused
from lms.core.table_files import check_table_file
from lms.portal.desk.records.forms import OfficeForm


class ListForm(OfficeForm):
    """A new list."""

    name = forms.CharField(
        label=later("What it is about"),
        max_length=100,
        help_text=later("For example “New dates for law enforcement”."),
    )
    about = forms.CharField(
        label=later("What people get, and how often"),
        max_length=300,
        help_text=later("Everybody who subscribes reads it before."),
    )


class TableForm(forms.Form):
    """A table of people who asked for these mails."""

    file = forms.FileField(
        label=later("The file"),
        help_text=later("With a column of e-mail addresses: .csv or .xlsx, at most 5,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        upload: UploadedFile[bytes] = self.cleaned_data["file"]
        start = upload.read(4096)
        upload.seek(0)
        try:
            check_table_file(upload.name or "", upload.size or 0, start)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return upload


class ColumnsForm(forms.Form):
    """Which column is what."""

    email = forms.ChoiceField(label=later("E-mail address"))
    name = forms.ChoiceField(label=later("Name in one column"), required=False)
    first = forms.ChoiceField(label=later("First name"), required=False)
    last = forms.ChoiceField(label=later("Last name"), required=False)

    def __init__(self, *args: Any, heading: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        columns = [(str(place), cell or f"#{place + 1}") for place, cell in enumerate(heading)]
        for field in self.fields.values():
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the type checker
            field.choices = [("", later("None")), *columns]

    def columns(self) -> dict[str, int]:
        """The chosen columns by what they hold."""
        return {name: int(place) for name, place in self.cleaned_data.items() if place}


class AnnouncementForm(forms.Form):
    """What to write, and which dates it names."""

    subject = forms.CharField(
        label=later("Subject"),
        max_length=120,
        help_text=later("It shows on locked phones: nothing about a case."),
    )
    body = forms.CharField(
        label=later("Text"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=later(
            "Please write no names and no details of a case. The dates ticked below are added with"
            " their links, and the way to stop these mails."
        ),
    )
    sessions = forms.TypedMultipleChoiceField(
        label=later("Dates it names"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, dates: Sequence[SessionFacts], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["sessions"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the type checker
        field.choices = [(row.session.pk, f"{row.name}, {row.when}") for row in dates]
        if not dates:
            del self.fields["sessions"]
