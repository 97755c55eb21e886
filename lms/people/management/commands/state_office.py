"""Says which office speaks for the state, or that one does no longer."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lms.core.exceptions import Refused
from lms.people.models import Organization
from lms.people.state_office import let_speak_for_state, stop_speaking_for_state


class Command(BaseCommand):
    help = "Let an office speak for the state, or (--end) no longer. Without a key: list them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", nargs="?", help="the office's key, for example state-office")
        parser.add_argument("--end", action="store_true", help="it speaks for the state no longer")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["key"]:
            office = Organization.objects.filter(key=options["key"]).first()
            if office is None:
                raise CommandError(f"There is no organization with the key {options['key']}.")
            change = stop_speaking_for_state if options["end"] else let_speak_for_state
            try:
                change(office=office, actor=None)
            except Refused as refusal:
                raise CommandError(str(refusal)) from refusal
        found = Organization.objects.offices().speaking_for_state()
        for office in found:
            self.stdout.write(f"{office.key}: {office.name}, since {office.speaks_for_state_since}")
        if not found:
            self.stdout.write("No office speaks for the state.")
