"""What a manager writes about a program, and what its trainer corrects and signs."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lms.compliance.rules import Rule
from lms.compliance.worksheet_models import Worksheet, WorksheetTopic
from lms.compliance.worksheets.services import PLACE_LENGTH
from lms.people.models import Organization

_PLACE = "place_"


class PlacesForm(forms.Form):
    """A field for each topic of a rule set: where the material covers it."""

    mark_optional = False

    def add_places(self, rule: Rule, topics: Iterable[WorksheetTopic]) -> None:
        """The fields, with what stands in them until now."""
        known = {topic.code: topic.place for topic in topics}
        for topic in rule.topics:
            self.fields[f"{_PLACE}{topic.code}"] = forms.CharField(
                label=f"{topic.code.rpartition('-')[2]}. {topic.name}",
                max_length=PLACE_LENGTH,
                required=False,
                initial=known.get(topic.code, ""),
            )

    def places(self) -> dict[str, str]:
        """Where each topic is covered, by its code."""
        return {
            name.removeprefix(_PLACE): value
            for name, value in self.cleaned_data.items()
            if name.startswith(_PLACE)
        }

    def place_fields(self) -> list[forms.BoundField]:
        """The topics' fields, to be drawn together."""
        return [self[name] for name in self.fields if name.startswith(_PLACE)]

    def other_fields(self) -> list[forms.BoundField]:
        """All the other fields."""
        return [self[name] for name in self.fields if not name.startswith(_PLACE)]


class WorksheetForm(PlacesForm):
    """A worksheet: the program, its trainer, its material, and where each topic is covered."""

    program = forms.CharField(label=later("Name of the program"), max_length=200)
    provider = forms.CharField(
        label=later("Whose program it is"),
        help_text=later("The hotel itself, or the firm that gives it."),
        max_length=200,
    )
    language = forms.ChoiceField(
        label=later("Language"), choices=settings.ALL_LANGUAGES, initial="en"
    )
    trainer_name = forms.CharField(label=later("Trainer"), max_length=150)
    trainer_email = forms.EmailField(
        label=later("Trainer’s e-mail address"),
        help_text=later("Only the trainer’s own. The link to attest goes there."),
    )
    material = forms.FileField(
        label=later("Material"),
        help_text=later(
            "What the trainer shows or hands out: PDF, PowerPoint, Word or MP4. Documents up to "
            "50 MB, films up to 500 MB. No macros or scripts."
        ),
        widget=forms.FileInput(attrs={"accept": ".pdf,.pptx,.ppt,.docx,.doc,.mp4"}),
        required=False,
    )
    for_company = forms.TypedChoiceField(
        label=later("Which facilities is it for?"),
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
        initial="no",
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        rule: Rule,
        template: Worksheet | None,
        facility: Organization,
        company: Organization | None,
    ) -> None:
        """`company`: the facility's, for somebody who may write for all of it, else None."""
        super().__init__(data, files, initial=self.said_by(template))
        choices = self.fields["for_company"]
        if company is None:
            del self.fields["for_company"]
        else:
            assert isinstance(choices, forms.ChoiceField)  # noqa: S101
            choices.choices = [
                ("no", facility.name),
                ("yes", _("All facilities of %(company)s") % {"company": company.name}),
            ]
        if template is not None and template.material_name:
            self.fields["material"].label = _("Other material instead of %(file)s") % {
                "file": template.material_name
            }
        self.add_places(rule, template.topics.all() if template else [])

    @staticmethod
    def said_by(template: Worksheet | None) -> dict[str, Any]:
        """What the form shows at first."""
        names = ("program", "provider", "language", "trainer_name", "trainer_email")
        return {name: getattr(template, name) for name in names} if template else {}

    def given(self) -> dict[str, Any]:
        """The arguments of `write_worksheet` and `change_worksheet`."""
        names = ("program", "provider", "language", "trainer_name", "trainer_email")
        return {
            **{name: self.cleaned_data[name] for name in names},
            "upload": self.cleaned_data["material"],
            "places": self.places(),
        }


class TopicsForm(PlacesForm):
    """What the trainer corrects."""

    def __init__(self, data: Any = None, *, worksheet: Worksheet) -> None:
        super().__init__(data)
        self.add_places(worksheet.rule_set, worksheet.topics.all())


class AttestForm(forms.Form):
    """The trainer's signature under words just read."""

    name = forms.CharField(label=later("Your name"), max_length=150)
    sure = forms.BooleanField(label=later("I attest these words"))
    read = forms.CharField(widget=forms.HiddenInput, strip=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sure"].error_messages["required"] = _(
            "Tick this if you attest the words above."
        )


class DeclineForm(forms.Form):
    """Why the trainer does not attest it."""

    name = forms.CharField(label=later("Your name"), max_length=150)
    reason = forms.CharField(
        label=later("Why you do not attest it"),
        help_text=later("The facility reads this. Please write no names and no details of a case."),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
