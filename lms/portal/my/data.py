"""What is kept about a person, as one file to take along; and who looked at their record.

The file is made in the request: it is one person's rows, and has been some hundred kilobytes for
people with years of trainings (docs/decisions/0029).
"""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.compliance.packets.looks import packet_looks
from lms.compliance.review.selectors import openings_about
from lms.core import personal_data
from lms.core.time import new_york_date
from lms.people.looks import looks_at
from lms.people.models import Person

# The newest are shown; all of them are in the file.
LOOKS_SHOWN = 200


def titles() -> dict[str, str]:
    """What each kind of rows is called for its person; the names of the files stay as they are."""
    return {
        "access_grants": _("Trainings you were let into"),
        "access_invitations": _("Invitations to trainings"),
        "access_requests": _("Trainings you asked to be let into"),
        "accreditor_confirmations": _("What you confirmed about accreditors"),
        "addresses that bounced": _("Mail to you that came back"),
        "assignments": _("What agencies asked of you"),
        "attempts": _("Tests you took"),
        "certificate_batches": _("Certificates you had made for many"),
        "certificates": _("Certificates"),
        "completion_imports": _("What files of other systems said of you"),
        "completions": _("Trainings you completed"),
        "corrections of employments": _("What employers corrected about your employments"),
        "courses.extra_time": _("Extra time at tests"),
        "courses.learning_clock": _("Time in courses"),
        "employments": _("Where you worked"),
        "enrolments": _("Courses you began"),
        "events.answers": _("Answers you gave when registering"),
        "events.arrangements": _("What you asked to be arranged for you"),
        "events.attendance_reports": _("Attendance reports with your name or address"),
        "events.calendar": _("Your calendar"),
        "events.check_ins": _("Check-ins at the door"),
        "events.known_addresses": _("Addresses known to be yours"),
        "events.mailing_imports": _("Lists for mailings with your address"),
        "events.registrations": _("Sessions you registered for"),
        "events.speakers": _("You as a speaker"),
        "events.subscriptions": _("News you asked for"),
        "events.surveys_given": _("Surveys you answered"),
        "events.wishes": _("Trainings you asked for"),
        "exemptions from a duty": _("Duties you were exempt from"),
        "facilities asked to manage": _("Places you asked to manage"),
        "facilities handed over": _("Places you handed over or took over"),
        "group trainings": _("Group trainings you were listed at"),
        "holds and removals": _("Legal holds, and records an employer removed"),
        "notices.preferences": _("What you want to be reminded of"),
        "outside proofs": _("Proofs you sent"),
        "packets for inspectors": _("Packets for inspectors that list you"),
        "person": _("Your name and address"),
        "plans": _("Plans you joined"),
        "proofs of outside programs": _("Proofs of outside programs that name you"),
        "records joined": _("Records of yours that were joined"),
        "reminders of duties": _("Reminders of trainings that were due"),
        "roles": _("What you may do here"),
        "rows of rosters": _("Lists of employees with you on them"),
        "sign_in": _("How you sign in"),
        "sign_in_on_shared_devices": _("How you sign in on shared devices"),
        "signatures": _("Documents you signed"),
        "signatures about place and pay": _("What managers signed about your trainings"),
        "what the state’s reviewers opened": _("What the state’s reviewers opened about you"),
        "who looked": _("Who opened your record"),
        "worksheets": _("Worksheets you wrote or answered"),
    }


def archive(person: Person, now: datetime) -> bytes:
    """A ZIP: each kind of rows as JSON, and one page that shows all of it."""
    names = titles()
    found = personal_data.export(person)
    kinds = []
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for kind, rows in found.items():
            plain = json.loads(json.dumps(rows, cls=_Encoder))
            name = f"{re.sub(r'[^a-z0-9]+', '-', kind.lower())}.json"
            packed.writestr(name, json.dumps(plain, indent=2, ensure_ascii=False))
            title = names.get(kind, kind)
            kinds.append(
                {"title": title, "file": name, "rows": [list(_flat(row)) for row in plain]}
            )
        kinds.sort(key=lambda kind: (not kind["rows"], kind["title"]))
        context = {"person": person.canonical, "kinds": kinds, "now": now}
        packed.writestr("index.html", render_to_string("portal/my/data_index.html", context))
    return content.getvalue()


class _Encoder(DjangoJSONEncoder):
    """What has no form in JSON is written as its words."""

    def default(self, o: Any) -> Any:
        try:
            return super().default(o)
        except TypeError:
            return str(o)


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """A row as lines: the way to each value, and the value."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _flat(inner, f"{path} › {key}" if path else str(key))
    elif isinstance(value, list) and value:
        for place, inner in enumerate(value, 1):
            yield from _flat(inner, f"{path} › {place}" if path else str(place))
    else:
        yield path, "–" if value in (None, "", [], {}) else str(value)


@dataclass(frozen=True)
class Look:
    """Somebody opened the record: on which day, in which role, for whom."""

    day: date
    who: str
    organization: str


def who_looked(person: Person) -> list[Look]:
    """Who opened the person's record, the newest day first; the newest LOOKS_SHOWN."""
    found = [
        Look(look.day, str(look.get_role_display()), str(look.organization or ""))
        for look in looks_at(person)[:LOOKS_SHOWN]
    ]
    for look in packet_looks(person)[:LOOKS_SHOWN]:
        who = _("Inspector with a link") if look.by_link else _("Facility manager, a whole packet")
        found.append(Look(new_york_date(look.at), who, str(look.facility)))
    for opening in openings_about(person)[:LOOKS_SHOWN]:
        who = _("State reviewer, because: %(ground)s") % {"ground": opening.ground}
        found.append(Look(new_york_date(opening.at), who, opening.office))
    return sorted(dict.fromkeys(found), key=lambda look: look.day, reverse=True)[:LOOKS_SHOWN]


def file_name() -> str:
    """How the file is called, by the day it was made."""
    return f"my-data-{new_york_date(timezone.now())}.zip"
