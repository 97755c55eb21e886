"""Whose figures: a period, a workplace, a language."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.enums import RegradeKind
from courses.models import Enrolment
from lms.core.time import NEW_YORK
from lms.people.enums import OrganizationKind
from lms.people.models import Organization
from lms.portal.reports.figures import may_tell, person_of
from lms.portal.reports.groups import groups_of, people_of, working_at

_TOO_FEW = _("Too few people, or all but too few, to be shown alone. Choose another.")


class RegradeForm(forms.Form):
    """What is done about a question that was not fair, and why."""

    what = forms.ChoiceField(
        label=_("What do you decide?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is done.")},
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        help_text=_(
            "Whoever passes by it reads this in a mail. Please write no names and no details of a "
            "case."
        ),
        error_messages={"required": _("Say why, so that those who were asked know.")},
    )

    def __init__(self, *args: Any, choices: dict[str, str], **kwargs: Any) -> None:
        """`choices` are the answers that could count too, by key."""
        super().__init__(*args, **kwargs)
        kind = RegradeKind.ALSO_RIGHT.value
        self.options = {
            RegradeKind.FULL_MARKS.value: gettext("Full marks for everybody who was asked"),
            **{
                f"{kind}:{key}": gettext("Count this answer as right too: “%(answer)s”")
                % {"answer": text}
                for key, text in choices.items()
            },
        }
        self.fields["what"].choices = list(self.options.items())  # type: ignore[attr-defined]  # a choice's

    def decision(self) -> dict[str, Any]:
        """What `services.decide_regrade` takes."""
        kind, _colon, choice = self.cleaned_data["what"].partition(":")
        return {
            "kind": RegradeKind(kind),
            "choice": choice,
            "reason": self.cleaned_data["reason"],
        }

    def in_words(self) -> str:
        """What was chosen."""
        return str(self.options[self.cleaned_data["what"]])

    def hidden(self) -> list[dict[str, str]]:
        """The fields once more, for the button that decides."""
        given = {**self.cleaned_data, "action": "decide"}
        return [{"name": name, "value": value} for name, value in given.items()]


class ReportFilters(forms.Form):
    """The people whose figures are shown: all, unless something is chosen."""

    mark_optional = False
    began_from = forms.DateField(
        label=_("Began on or after"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    began_to = forms.DateField(
        label=_("Began on or before"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    organization = forms.ChoiceField(
        label=_("Agency, company or facility"),
        required=False,
        error_messages={"invalid_choice": _TOO_FEW},
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, error_messages={"invalid_choice": _TOO_FEW}
    )

    def __init__(self, *args: Any, enrolments: QuerySet[Enrolment], **kwargs: Any) -> None:
        """`enrolments` are the course's; to choose are groups of enough people (reports.groups)."""
        super().__init__(*args, **kwargs)
        self._enrolments = enrolments
        self._within = self._period()
        self._groups = groups_of(self._within)
        spoken = [found for found in settings.LANGUAGES if found[0] in self._groups.languages]
        self.fields["language"].choices = [("", _("Any")), *spoken]  # type: ignore[attr-defined]  # a choice's
        places = _by_kind(self._groups.organizations)
        self.fields["organization"].choices = [("", _("Any")), *places]  # type: ignore[attr-defined]  # a choice's
        if not places and not self.data.get("organization"):
            del self.fields["organization"]

    def clean(self) -> dict[str, Any]:
        """A language and an organization together need enough people in and outside of each."""
        chosen: dict[str, Any] = super().clean() or self.cleaned_data
        language, organization = chosen.get("language"), chosen.get("organization")
        together = language and organization
        if together and not self._groups.may_combine(language, int(organization)):
            self.add_error("language", forms.ValidationError(_TOO_FEW, "invalid_choice"))
        return chosen

    @property
    def active(self) -> int:
        """How many filters are set."""
        return sum(bool(self.data.get(name)) for name in self.fields)

    def narrow(self) -> QuerySet[Enrolment]:
        """The enrolments chosen; days are New York's. What makes no sense chooses nothing away.

        None where the choice, or all whom it leaves out, are too few people to be told apart.
        """
        too_few = [self.has_error(name, "invalid_choice") for name in ("organization", "language")]
        if any(too_few):
            return self._enrolments.none()
        if not self.is_valid():
            return self._enrolments
        found, chosen = self._within, self.cleaned_data
        if chosen["began_from"] or chosen["began_to"]:
            others = people_of(self._enrolments) - self._groups.everybody
            if not may_tell(len(others)):
                return self._enrolments.none()
        if language := chosen.get("language"):
            found = found.filter(language=language)
        if organization := chosen.get("organization"):
            found = found.alias(whose=person_of()).filter(whose__in=working_at(int(organization)))
        return found

    def _period(self) -> QuerySet[Enrolment]:
        """Those begun in the period, as far as its days can be read."""
        found = self._enrolments
        if first := self._day("began_from"):
            found = found.filter(started_at__gte=_midnight(first))
        if last := self._day("began_to"):
            found = found.filter(started_at__lt=_midnight(last + timedelta(days=1)))
        return found

    def _day(self, name: str) -> date | None:
        try:
            day: date | None = self.fields[name].clean(self.data.get(name))
        except forms.ValidationError:
            return None
        return day


def _by_kind(organizations: Collection[int]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The organizations to choose, by kind and name."""
    titles = {
        OrganizationKind.AGENCY: gettext("Agencies"),
        OrganizationKind.COMPANY: gettext("Lodging companies"),
        OrganizationKind.FACILITY: gettext("Lodging facilities"),
    }
    rows = list(Organization.objects.filter(pk__in=organizations).order_by("search_name", "pk"))
    found = [
        (title, [(str(row.pk), row.name) for row in rows if row.kind == kind])
        for kind, title in titles.items()
    ]
    return [group for group in found if group[1]]


def _midnight(day: Any) -> datetime:
    return datetime.combine(day, time(), NEW_YORK)
