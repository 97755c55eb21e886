"""Whose figures: a period, a workplace, a language."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils import formats
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.enums import RegradeKind
from courses.models import Enrolment
from lms.people.enums import OrganizationKind
from lms.people.models import Organization
from lms.portal.reports.figures import person_of
from lms.portal.reports.groups import first_began, sort, working_at
from lms.portal.reports.periods import Span, month_named, spans, widened

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
    """The people whose figures are shown: all, unless something is chosen.

    A period is of those who first began the course in it, in whole months (reports.periods).
    """

    mark_optional = False
    began_from = forms.ChoiceField(
        label=_("First began in"),
        required=False,
        help_text=_("Months with too few people are joined with those beside them."),
        error_messages={"invalid_choice": _("Choose a month from the list.")},
    )
    began_to = forms.ChoiceField(
        label=_("Until"),
        required=False,
        error_messages={"invalid_choice": _("Choose a month from the list.")},
    )
    organization = forms.ChoiceField(
        label=_("Agency, company or facility"),
        required=False,
        error_messages={"invalid_choice": _TOO_FEW},
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, error_messages={"invalid_choice": _TOO_FEW}
    )

    def __init__(
        self, data: Mapping[str, str], *args: Any, enrolments: QuerySet[Enrolment], **kwargs: Any
    ) -> None:
        """`enrolments` are the course's; to choose are groups of enough people (reports.groups)."""
        given = {name: data.get(name, "") for name in self.base_fields}
        people = sort(enrolments)
        workplace = given["organization"]
        parts = people.parts(given["language"], int(workplace) if workplace.isdecimal() else None)
        every = spans(parts)
        first, last = (month_named(given[name]) for name in ("began_from", "began_to"))
        self._spans = widened(every, first, last)
        # Of this a link or a bookmark may know more than the list offers.
        if first and self._spans:
            given["began_from"] = _month(self._spans[0].first)
        if last and self._spans:
            given["began_to"] = _month(self._spans[-1].last)
        self.widened = [first, last] != [month_named(given[n]) for n in ("began_from", "began_to")]
        super().__init__(given, *args, **kwargs)
        self._enrolments = enrolments
        within = {
            person
            for person, month in people.began.items()
            if any(span.first <= month <= span.last for span in self._spans)
        }
        self._groups = people.groups(within)
        self._offer(every)

    def _offer(self, every: list[Span]) -> None:
        """What there is to choose; nothing to choose is no field."""
        spoken = [found for found in settings.LANGUAGES if found[0] in self._groups.languages]
        places = _by_kind(self._groups.organizations)
        offers: dict[str, list[Any]] = {
            "began_from": [(_month(span.first), _month_in_words(span.first)) for span in every],
            "began_to": [(_month(span.last), _month_in_words(span.last)) for span in every],
            "organization": places,
            "language": spoken,
        }
        for name, offered in offers.items():
            self.fields[name].choices = [("", _("Any")), *offered]  # type: ignore[attr-defined]  # a choice's
        if not places and not self.data["organization"]:
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
        """The enrolments of the people chosen. What makes no sense chooses nothing away.

        None where the choice, or all whom it leaves out, are too few people to be told apart.
        """
        too_few = [self.has_error(name, "invalid_choice") for name in ("organization", "language")]
        if any(too_few) or not self._spans:
            return self._enrolments.none()
        if not self.is_valid():
            return self._enrolments
        found, chosen = self._enrolments, self.cleaned_data
        if chosen["began_from"] or chosen["began_to"]:
            found = self._in_period(found)
        if language := chosen.get("language"):
            found = found.filter(language=language)
        if organization := chosen.get("organization"):
            found = found.alias(whose=person_of()).filter(whose__in=working_at(int(organization)))
        return found

    def _in_period(self, found: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
        if not self._spans:
            return found.none()
        people = first_began(self._enrolments).filter(
            first__gte=self._spans[0].begins, first__lt=self._spans[-1].ends
        )
        return found.alias(whose=person_of()).filter(whose__in=people.values("own"))


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _month_in_words(day: date) -> str:
    return formats.date_format(day, "YEAR_MONTH_FORMAT")


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
