"""What a coordinator fills in about a file of another system, and about one for it."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lms.completions.exporting import ExportColumn
from lms.completions.importing.columns import Column
from lms.core.exceptions import Refused
from lms.core.table_files import check_table_file
from lms.people.models import Organization
from lms.people.querysets import OrganizationQuerySet
from lms.portal.desk.people.forms import NO_NAMES

SYSTEMS = later("For example Cornerstone, or STARS/HSLC.")


class OfficeForm(forms.Form):
    """A form about one of the reader's offices; only who has several is asked which."""

    office = forms.ModelChoiceField(
        label=later("Office"),
        queryset=Organization.objects.none(),
        to_field_name="key",
        empty_label=None,
    )

    def __init__(self, *args: Any, offices: OrganizationQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["office"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells the type checker
        field.queryset = offices
        first = offices.first()
        if first is not None and offices.count() == 1:
            field.widget, field.required, field.initial = forms.HiddenInput(), False, first.key
        self.only_office = first

    def clean_office(self) -> Organization | None:
        """The office that was chosen, or the only one there is."""
        return self.cleaned_data["office"] or self.only_office


class UploadForm(OfficeForm):
    """A table, and which system it comes from."""

    system = forms.CharField(
        label=later("Which system it comes from"), help_text=SYSTEMS, max_length=80
    )
    file = forms.FileField(
        label=later("The file"),
        help_text=later("A transcript as the system exports it: .csv or .xlsx, at most 20 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
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
    """Which column of the file is what."""

    def __init__(
        self, *args: Any, heading: list[str], mapping: dict[str, int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            ("", _("Not in the file")),
            *((str(place), cell or "–") for place, cell in enumerate(heading)),
        ]
        for column in Column:
            self.fields[column.value] = forms.ChoiceField(
                label=column.label,
                choices=choices,
                required=False,
                initial=str(mapping.get(column.value, "")),
            )

    mark_optional = False

    def mapping(self) -> dict[str, int]:
        """The chosen place of each thing."""
        return {key: int(place) for key, place in self.cleaned_data.items() if place}


class UndoForm(forms.Form):
    """Why an import is undone."""

    reason = forms.CharField(label=later("Why it is undone"), help_text=NO_NAMES, max_length=300)


class ExportForm(OfficeForm):
    """Which columns go to which system, and whether only what is new."""

    system = forms.CharField(
        label=later("Which system it is for"),
        help_text=later("What was sent is remembered under this name."),
        max_length=80,
    )
    columns = forms.MultipleChoiceField(
        label=later("Columns"),
        choices=ExportColumn.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=ExportColumn.values,
        error_messages={"required": later("Choose at least one column.")},
    )
    only_new = forms.ChoiceField(
        label=later("Which records"),
        choices=[
            ("new", later("Only what this system was not sent yet, or what was taken back since")),
            ("all", later("All of the office's records")),
        ],
        widget=forms.RadioSelect,
        initial="new",
    )
    form = forms.ChoiceField(
        label=later("As"),
        choices=[("csv", later("Table (CSV)")), ("xlsx", later("Spreadsheet (XLSX)"))],
        widget=forms.RadioSelect,
        initial="csv",
    )
