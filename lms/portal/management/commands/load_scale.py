"""`load_scale`: a state's worth of facilities, people and completions, to measure with.

Into a database of its own, on top of `load_demo`: nobody wants these rows among theirs, and there
is no way back but a new database. Refused outside the trial.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from lms.core.time import new_york_today
from lms.portal.demo.load_scale import Size, load_scale


class Command(BaseCommand):
    """Fill a database for the benchmark."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--facilities", type=int, default=3_500)
        parser.add_argument("--learners", type=int, default=150_000)
        parser.add_argument("--completions", type=int, default=1_000_000)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.TRIAL:
            raise CommandError("These rows are for measuring; production does not load them.")
        size = Size(options["facilities"], options["learners"], options["completions"])
        if min(size.facilities, size.learners, size.completions) < 0:
            raise CommandError("Give numbers from 0 up.")
        if size.completions and not size.learners:
            raise CommandError("Completions need people: give --learners too.")
        try:
            written = load_scale(size, today=new_york_today(), say=self._say)
        except LookupError as missing:
            raise CommandError(str(missing)) from missing
        if not written:
            self.stdout.write("These rows are here already; nothing was written.")
        for name, count in written.items():
            self.stdout.write(f"  {count:>9,} {name}")

    def _say(self, words: str) -> None:
        self.stdout.write(f"{words} ...")
