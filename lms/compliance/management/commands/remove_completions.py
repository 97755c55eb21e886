"""Says what the retention job would remove, or runs it now."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from lms.compliance.retention.needs import people_to_look_at, unneeded
from lms.compliance.retention.removal import remove_unneeded
from lms.core.time import new_york_today
from lms.people.models import Person


class Command(BaseCommand):
    help = "Say how many completions nobody needs any more; with --now, remove them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--now", action="store_true", help="remove them, if switched on")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["now"]:
            if not settings.LMS_REMOVE_COMPLETIONS:
                raise CommandError("Set REMOVE_COMPLETIONS=yes first; nothing was removed.")
            self.stdout.write(f"{remove_unneeded()} completions removed.")
            return
        today = new_york_today()
        people = Person.objects.filter(pk__in=list(people_to_look_at()))
        found = [len(unneeded(person, today)) for person in people.iterator(100)]
        state = "on" if settings.LMS_REMOVE_COMPLETIONS else "off"
        count = sum(1 for one in found if one)
        self.stdout.write(
            f"{sum(found)} completions of {count} people would go. The nightly job is {state}."
        )
