"""The editor's form for a course: also what people in the middle of it do when it goes live."""

from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from lms.trainings.page_forms import TrainingPageForm


class PeopleUnderWay(TextChoices):
    """What a publication means for those who are in the middle of the course."""

    FINISH = "finish", _("They finish the course as they began it.")
    TAKE = (
        "take",
        _(
            "They go on in the new one. Lessons that are done stay done; a test whose rule has "
            "changed is taken again. You can undo this for a day."
        ),
    )


class CoursePageForm(TrainingPageForm):
    """The choice is kept with the draft, and holds for the version it would take the place of."""

    people_under_way = forms.ChoiceField(
        label=_("People in the middle of the course, when this goes live"),
        choices=PeopleUnderWay.choices,
        initial=PeopleUnderWay.FINISH,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page = self.instance
        if not page.version_in_force_id:
            # Nobody can be in the middle of what was never published.
            del self.fields["people_under_way"]
            return
        if page.takes_people_along:
            self.initial["people_under_way"] = PeopleUnderWay.TAKE
        self.fields["people_under_way"].help_text = _under_way_in_words(page)

    def save(self, commit: bool = True) -> Any:
        """Keep the choice with the page; a form without it leaves people as they are."""
        take = self.cleaned_data.get("people_under_way") == PeopleUnderWay.TAKE
        page = self.instance
        page.takes_along_from_id = page.version_in_force_id if take else None
        return super().save(commit=commit)


def _under_way_in_words(page: Any) -> str:
    from courses.services.moving import under_way  # noqa: PLC0415 - services import models

    count = under_way(page).count()
    now = ngettext(
        "%(count)s person is in the middle of it now.",
        "%(count)s people are in the middle of it now.",
        count,
    ) % {"count": count}
    return (
        now
        + " "
        + str(
            _(
                "Choose here for a publication on a set day or through a workflow. When you publish"
                " at once, you are asked again where the change concerns anybody."
            )
        )
    )
