"""Whose figures: a period, an agency, a language."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.enums import RegradeKind
from courses.models import Enrolment
from lms.core.time import NEW_YORK
from lms.people.enums import OrganizationKind
from lms.people.models import Employment, Organization
from lms.portal.reports.figures import MIN_GROUP


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
    agency = forms.ModelChoiceField(
        label=_("Agency"),
        required=False,
        queryset=Organization.objects.none(),
        empty_label=_("Any"),
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("Any")), *settings.LANGUAGES]
    )

    def __init__(self, *args: Any, enrolments: QuerySet[Enrolment], **kwargs: Any) -> None:
        """`enrolments` are the course's; agencies of too few of its people are not there."""
        super().__init__(*args, **kwargs)
        here = Employment.objects.filter(
            ended_on__isnull=True,
            organization__kind=OrganizationKind.AGENCY,
            person__in=enrolments.order_by().values("person"),
        )
        enough = (
            here.order_by()
            .values("organization")
            .annotate(people=Count("person", distinct=True))
            .filter(people__gte=MIN_GROUP)
        )
        agencies = Organization.objects.filter(pk__in=enough.values("organization"))
        if agencies:
            self.fields["agency"].queryset = agencies.order_by("name")  # type: ignore[attr-defined]  # a model's choices
        else:
            del self.fields["agency"]

    @property
    def active(self) -> int:
        """How many filters are set."""
        return sum(bool(value) for value in self.cleaned_data.values()) if self.is_valid() else 0

    def narrow(self, enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
        """The enrolments chosen; days are New York's. What makes no sense chooses nothing away."""
        chosen = self.cleaned_data if self.is_valid() else {}
        if first := chosen.get("began_from"):
            enrolments = enrolments.filter(started_at__gte=_midnight(first))
        if last := chosen.get("began_to"):
            enrolments = enrolments.filter(started_at__lt=_midnight(last + timedelta(days=1)))
        if language := chosen.get("language"):
            enrolments = enrolments.filter(language=language)
        if agency := chosen.get("agency"):
            works = Employment.objects.filter(organization=agency, person=OuterRef("person"))
            enrolments = enrolments.filter(Exists(works.filter(ended_on__isnull=True)))
        return enrolments


def _midnight(day: Any) -> datetime:
    return datetime.combine(day, time(), NEW_YORK)
