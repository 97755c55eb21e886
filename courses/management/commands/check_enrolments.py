"""Lists enrolments whose state and facts disagree; changes nothing."""

from typing import Any

from django.core.management.base import BaseCommand

from courses.checking import disagreements


class Command(BaseCommand):
    help = "List enrolments whose state and facts disagree, by id. Nothing is changed."

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for row in disagreements():
            found += 1
            self.stdout.write(f"enrolment {row.enrolment} (training {row.training}): {row.finding}")
        self.stdout.write(f"{found} found")
