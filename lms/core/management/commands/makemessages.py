"""`makemessages`: Django's own, which also finds texts marked with `later` (gettext_lazy)."""

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """Collect the texts to translate."""

    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=later"]
