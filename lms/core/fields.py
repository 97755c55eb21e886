"""Fields that several rooms use."""

from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField


class ChoiceArrayField(ArrayField):  # type: ignore[type-arg]  # not subscriptable at run time
    """Several of a vocabulary's words in one column, ticked as checkboxes."""

    def formfield(self, **kwargs: Any) -> Any:
        defaults = {
            "form_class": forms.TypedMultipleChoiceField,
            "choices": self.base_field.choices,
            "coerce": self.base_field.to_python,
            "widget": forms.CheckboxSelectMultiple,
            **kwargs,
        }
        # ArrayField's own formfield would split text at commas.
        return super(ArrayField, self).formfield(**defaults)
