"""The form of a message to a session's people, with ready-made texts to begin from."""

from dataclasses import dataclass

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as later

from events.enums import MessageTo


@dataclass(frozen=True)
class Text:
    """A ready-made text; name, time and page of the session stand in every mail anyway."""

    label: str | Promise
    to: str
    subject: str | Promise
    body: str | Promise


TEXTS = {
    "join": Text(
        later("How to join"),
        MessageTo.REGISTERED,
        later("How to join"),
        later(
            "The button to join appears on the session's page half an hour before the start."
            " Please try your sound and picture before."
        ),
    ),
    "come": Text(
        later("Before you come"),
        MessageTo.REGISTERED,
        later("Before you come"),
        later(
            "Please come fifteen minutes early. At the door you show the code on the session's"
            " page, or say your name."
        ),
    ),
    "cannot": Text(
        later("Can't come?"),
        MessageTo.REGISTERED,
        later("Can you come?"),
        later(
            "All seats are taken, and others wait. If you can't come, please give your seat back"
            " on the session's page: somebody else gets it at once."
        ),
    ),
    "materials": Text(
        later("The materials are there"),
        MessageTo.REGISTERED,
        later("Materials of your session"),
        later("The materials are on the session's page now."),
    ),
    "waiting": Text(
        later("To those who wait"),
        MessageTo.WAITING,
        later("About the waiting list"),
        later("You keep your place. Other dates are on the training's page."),
    ),
    "own": Text(later("My own words"), MessageTo.REGISTERED, "", ""),
}


class MessageForm(forms.Form):
    """To whom, and what."""

    to = forms.ChoiceField(
        label=later("To whom"), choices=MessageTo.choices, widget=forms.RadioSelect
    )
    subject = forms.CharField(
        label=later("Subject"),
        max_length=120,
        help_text=later("It shows on locked phones: nothing about a case."),
    )
    body = forms.CharField(
        label=later("Text"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=later(
            "Please write no names and no details of a case. Name, time and page of the session"
            " are added. The link to join belongs on the session, not in a mail."
        ),
    )
