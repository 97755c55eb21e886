"""The form by which somebody asks an office for a training."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.models import LiveTrainingPage
from lms.people.models import Organization
from lms.trainings.enums import Access, Audience
from lms.trainings.models import Training

_GUARD = _("Please write no names and no details of a case.")


class WishForm(forms.Form):
    """Which training, for whom and when. A training is named, or an office and a topic."""

    wanted_training = forms.ChoiceField(label=_("Which training?"))
    topic = forms.CharField(
        label=_("If something else: about what?"), max_length=200, required=False, help_text=_GUARD
    )
    audience = forms.ChoiceField(label=_("For whom?"), choices=Audience.choices)
    people = forms.IntegerField(label=_("About how many people?"), min_value=1, max_value=5000)
    wanted = forms.CharField(
        label=_("When?"),
        max_length=200,
        help_text=_("For example “a morning in March” or two or three dates."),
    )
    place = forms.CharField(
        label=_("Where, if not online?"), max_length=200, required=False,
    )  # fmt: skip
    language = forms.CharField(
        label=_("A language other than English"), max_length=40, required=False
    )
    note = forms.CharField(
        label=_("Anything else"), max_length=300, required=False, help_text=_GUARD
    )
    organization = forms.CharField(label=_("Your organization"), max_length=200)
    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("The office answers to it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        live = LiveTrainingPage.objects.live().public().values("translation_key")
        trainings = Training.objects.filter(key__in=live, access=Access.OPEN).order_by("title")
        self.trainings = {f"t{row.pk}": row for row in trainings.select_related("owner")}
        self.offices = {
            f"o{row.pk}": row for row in Organization.objects.offices().order_by("name")
        }
        field = self.fields["wanted_training"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the type checker
        field.choices = [
            *[(key, row.title) for key, row in self.trainings.items()],
            *[
                (key, gettext("Something else, from %(office)s") % {"office": row.name})
                for key, row in self.offices.items()
            ],
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("wanted_training") in self.offices and not cleaned.get("topic"):
            self.add_error("topic", gettext("Say what it should be about."))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """The arguments of `wish`."""
        given = dict(self.cleaned_data)
        chosen = given.pop("wanted_training")
        training = self.trainings.get(chosen)
        return {
            **given,
            "training": training,
            "office": training.owner if training else self.offices[chosen],
        }
