"""Form parts that Wagtail's editor needs for training pages."""

from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm

from lms.core.fields import ChoiceArrayField
from lms.people.enums import Role
from lms.people.models import Organization

__all__ = ["ChoiceArrayField", "TrainingPageForm"]


class TrainingPageForm(WagtailAdminPageForm):
    """A training is given to an office only by those who edit for that office."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "office" in self.fields and self.for_user and not self.for_user.is_superuser:
            own = Organization.objects.offices().with_role(self.for_user, *Role.editing())
            self.fields["office"].queryset = own
