"""What a visitor may ask of the lists."""

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from lms.pages.enums import Audience, ResourceKind


class ResourceFilter(forms.Form):
    """Kind, audience and language; what is not in the lists is ignored, never an error."""

    mark_optional = False

    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("Any")), *ResourceKind.choices]
    )
    audience = forms.ChoiceField(
        label=_("Who it is for"), required=False, choices=[("", _("Any")), *Audience.choices]
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("Any")), *settings.ALL_LANGUAGES]
    )

    def __init__(self, data: QueryDict) -> None:
        super().__init__({name: data.get(name, "") for name in self.base_fields})

    def chosen(self) -> dict[str, str]:
        """The answers that make sense; the others are as if not given."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
