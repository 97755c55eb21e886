"""The form of somebody without an account."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from lms.people.forms import WhoForm


class StrangerForm(WhoForm):
    """Who wants the seat; a code sent to the address proves it is theirs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = _(
            "We send a code to it, then your confirmation and the calendar invitation."
        )
