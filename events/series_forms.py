"""The program in the editor of a series: whose sessions it may name."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.panels import InlinePanel

from events.querysets import SessionQuerySet
from lms.people.enums import Role
from lms.people.models import Organization


class ProgramFormSet(BaseChildFormSet):
    """What is offered for a program is what is accepted, and it is asked for once for all rows."""

    def add_fields(self, form: "forms.ModelForm[Any]", index: int | None) -> None:
        """Limit the row's session."""
        super().add_fields(form, index)
        field = form.fields["session"]
        field.queryset = self.allowed  # type: ignore[attr-defined]  # a ModelChoiceField
        field.widget.choices = self.choices

    @cached_property
    def own_offices(self) -> set[int] | None:
        """The offices the editor edits for; None for the administrator, who has all."""
        editor = self.form_kwargs["for_user"]
        if editor.is_superuser:
            return None
        offices = Organization.objects.offices().with_role(editor, *Role.editing())
        return set(offices.values_list("pk", flat=True))

    @cached_property
    def allowed(self) -> SessionQuerySet:
        """The sessions of the editor's offices, and those the program names already."""
        sessions: SessionQuerySet = self.form.base_fields["session"].queryset
        chosen = {item.session_id for item in self.queryset} - {None}
        return sessions.for_program(self.own_offices, chosen=chosen, now=timezone.now())

    @cached_property
    def choices(self) -> Sequence[Any]:
        """For the select: the coming ones first, then what is over, the latest first.

        A restricted training of another office does not exist for the editor
        (docs/decisions/0019): a session of it that the program names already stays, untitled.
        """
        now = timezone.now()
        rows = list(self.allowed.select_related("training").order_by("starts_at", "pk"))
        coming = [self._named(row) for row in rows if row.ends_at > now]
        over = [self._named(row) for row in reversed(rows) if row.ends_at <= now]
        return [("", "---------"), (_("Coming"), coming), (_("Over"), over)]

    def _named(self, session: Any) -> tuple[int, str]:
        own = self.own_offices
        theirs = own is not None and session.training.owner_id not in own
        if theirs and session.training.is_restricted:
            return session.pk, _("Another office's session, closed to you")
        day = formats.date_format(session.day, "DATE_FORMAT")
        clock = formats.time_format(session.start_time, "TIME_FORMAT")
        return session.pk, f"{day}, {clock}: {session.name}"


class ProgramPanel(InlinePanel):
    """The sessions of a series, chosen among those that are the editor's."""

    def get_form_options(self) -> dict[str, Any]:
        """Wagtail's, with our set of rows, which needs to know whose editor it is."""
        options: dict[str, Any] = super().get_form_options()
        options["formsets"][self.relation_name].update(
            formset=ProgramFormSet, inherit_kwargs=["for_user"]
        )
        return options
