"""`load_demo`: the trial's offices, hotels, people, pages, courses, dates and records.

Idempotent: a second run adds what is missing (next month's dates) and changes nothing else. Dates
are relative to today, so that the demo never goes stale. Refused outside the trial.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from lms.compliance.review.counting import count_standings
from lms.compliance.rules import get_rule
from lms.core.time import new_york_today
from lms.people.models import Person
from lms.portal.demo.load_assignments import load_assignments
from lms.portal.demo.load_courses import load_courses
from lms.portal.demo.load_duties import load_duties
from lms.portal.demo.load_facilities import load_facilities, load_organizations_and_people
from lms.portal.demo.load_learning import load_learning
from lms.portal.demo.load_pages import load_pages
from lms.portal.demo.load_plans import load_plan
from lms.portal.demo.load_programs import load_proof, load_worksheets
from lms.portal.demo.load_rulings import load_rulings
from lms.portal.demo.load_series import load_series, load_wish
from lms.portal.demo.load_sessions import load_sessions
from lms.portal.demo.load_speakers import load_speakers
from lms.portal.demo.load_steps import load_steps

FOLDER = Path(__file__).resolve().parents[2] / "demo"


class Command(BaseCommand):
    """Fill the trial with its demo."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.TRIAL:
            raise CommandError("The demo belongs to the trial; production does not load it.")
        today = new_york_today()
        self.stdout.write("  offices, agency, hotels and people")
        load_organizations_and_people(FOLDER, today=today)
        admin = Person.objects.get(email="admin@example.org")
        self.stdout.write("  pages, contacts, facts, questions, resources")
        load_pages(FOLDER)
        self.stdout.write("  courses")
        load_courses(FOLDER, admin=admin)
        self.stdout.write("  live trainings and their dates")
        load_sessions(FOLDER, admin=admin, today=today)
        load_series(admin=admin, today=today)
        load_speakers(admin=admin, today=today)
        load_wish()
        self.stdout.write("  the hotels' training records")
        load_facilities(FOLDER, today=today)
        load_worksheets(today=today)
        load_proof(today=today)
        load_duties(today=today)
        self.stdout.write("  a learning plan")
        load_plan(admin=admin)
        self.stdout.write("  what the agency has assigned")
        load_assignments(today=today)
        self.stdout.write("  people who took a course, for the reports")
        load_learning(today=today)
        self.stdout.write("  requests, proofs, signatures, a survey")
        load_steps(today=today)
        self.stdout.write("  where everybody stands, for the state's reviewers")
        count_standings(rule=get_rule())
        self.stdout.write("  what the office decided on their tests")
        load_rulings(today=today)
