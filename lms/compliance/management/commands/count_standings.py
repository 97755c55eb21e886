"""Counts where everybody stands today, for the state's reviewers; goes on where it stopped."""

from typing import Any

from django.core.management.base import BaseCommand

from lms.compliance.review.counting import count_standings
from lms.compliance.rules import get_rule


class Command(BaseCommand):
    help = "Count where everybody stands today. A count that was done today is not done again."

    def handle(self, *args: Any, **options: Any) -> None:
        run = count_standings(rule=get_rule())
        self.stdout.write(f"{run.facilities_done} facilities counted for {run.day}")
