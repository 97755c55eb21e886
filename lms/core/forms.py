"""How every form is drawn: USWDS markup; label, hint and error tied together.

`FORM_RENDERER` names Renderer. The templates are in templates/forms/.
"""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import Input

# Widgets and their USWDS class; the first that fits wins.
_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "usa-checkbox__input"),
    (forms.RadioSelect, "usa-radio__input"),
    (forms.CheckboxInput, "usa-checkbox__input"),
    (forms.Select, "usa-select"),
    (forms.SelectDateWidget, "usa-select"),
    (forms.Textarea, "usa-textarea"),
    (forms.FileInput, "file-field"),
    (Input, "usa-input"),
    (forms.MultiWidget, "usa-input"),
)


def css_class(widget: forms.Widget) -> str:
    """The USWDS class of a widget, or nothing for one we do not know."""
    return next((name for kind, name in _CLASSES if isinstance(widget, kind)), "")


class Field(BoundField):
    """A field on a page. Adds the classes, and what the templates ask: its kind and its anchor."""

    @property
    def kind(self) -> str:
        """How the field is laid out: "radio", "checkboxes", "checkbox", "group" or "input"."""
        widget = self.field.widget
        if isinstance(widget, forms.CheckboxSelectMultiple):
            return "checkboxes"
        if isinstance(widget, forms.RadioSelect):
            return "radio"
        if isinstance(widget, forms.CheckboxInput):
            return "checkbox"
        return "group" if self.use_fieldset else "input"

    @property
    def anchor(self) -> str:
        """The id a link in the list of errors leads to; of a group, its first choice."""
        if self.kind in ("radio", "checkboxes"):
            return f"{self.auto_id}_0"
        return self.id_for_label or self.auto_id

    @property
    def marked_optional(self) -> bool:
        """Whether to say "(optional)". A form whose fields all are says `mark_optional = False`."""
        return not self.field.required and getattr(self.form, "mark_optional", True)

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: forms.Widget | None = None
    ) -> dict[str, Any]:
        """Classes by kind and by error. allauth repeats labels as placeholders: left out."""
        built = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        if widget.is_hidden:
            return built
        name = css_class(widget)
        names = [str(widget.attrs.get("class", "")), str(built.get("class", "")), name]
        if self.errors and name in ("usa-input", "usa-select", "usa-textarea"):
            names.append("usa-input--error")
        if joined := " ".join(part for part in names if part):
            built["class"] = joined
        if "placeholder" in widget.attrs and type(self.form).__module__.startswith("allauth."):
            built["placeholder"] = False
        return built


class Renderer(TemplatesSetting):
    """The project's form renderer."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = Field
