"""What the style guide shows: every component, with made-up data."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Paginator
from django.http import QueryDict

from lms.core.styleguide_samples import (
    COLUMNS,
    CRUMBS,
    MODULES,
    ROWS,
    STEPS,
    SampleFilters,
    SampleForm,
)


@dataclass(frozen=True)
class Specimen:
    """One component and its arguments; or `shown`, which says where the page has it anyway."""

    name: str
    samples: list[dict[str, Any]] = field(default_factory=list)
    shown: str = ""

    @property
    def template(self) -> str:
        return f"components/{self.name}.html"


def specimens(csrf_token: str) -> list[Specimen]:
    """All of them, in the order of the page."""
    with_errors = SampleForm({"email": "no address"})
    return [
        Specimen("site_help", shown="At the top of this page."),
        Specimen("language_menu", shown="In the header of this page."),
        Specimen("site_footer", shown="At the foot of this page."),
        Specimen("icon", [{"name": "schedule"}, {"name": "arrow_forward", "turns": True}]),
        Specimen(
            "account_menu", [{"person": {"get_short_name": "Maria"}, "csrf_token": csrf_token}]
        ),
        Specimen("guest_menu", [{}]),
        Specimen("worker_menu", [{"worker": {"person": {"get_short_name": "Fatou"}}}]),
        Specimen(
            "button",
            [
                {"label": "Start the course", "big": True},
                {"label": "Save"},
                {"label": "See all trainings", "url": "#", "kind": "outline"},
                {"label": "Print", "icon": "print", "kind": "outline", "small": True},
                {"label": "Next", "icon_end": "arrow_forward", "url": "#"},
                {"label": "Cancel my place", "kind": "danger"},
                {"label": "Remove", "kind": "plain", "about": "Ana Morales from the list"},
            ],
        ),
        Specimen(
            "card_training",
            [
                {
                    "title": "Seeing the signs in a child's case",
                    "url": "#",
                    "kind": "Online course",
                    "text": "What the tool asks, when to use it, what to do with the answers.",
                    "length": "About 1 hour",
                    "languages": "English, Español",
                    "credit": "No continuing-education credit",
                    "next_date": "Any time",
                    "office": "City child-welfare office",
                    "status_kind": "soon",
                    "status_label": "Begun",
                },
                {
                    "title": "Live training on screening",
                    "url": "#",
                    "kind": "Live on Webex",
                    "length": "3 hours",
                    "next_date": "Tuesday, December 1, 10 am Eastern (EST)",
                },
            ],
        ),
        Specimen(
            "door",
            [
                {
                    "title": "Take a training",
                    "text": "Online or live.",
                    "url": "#",
                    "shape": "learn",
                },
                {
                    "title": "Run trainings",
                    "text": "Dates and rosters.",
                    "url": "#",
                    "shape": "run",
                },
                {
                    "title": "Prove your hotel's training",
                    "text": "Who is trained, who is due, and the papers.",
                    "url": "#",
                    "shape": "prove",
                },
            ],
        ),
        Specimen("shapes/mark", [{}]),
        Specimen("shapes/learn", [{}]),
        Specimen("shapes/run", [{}]),
        Specimen("shapes/prove", [{}]),
        Specimen(
            "callout",
            [
                {"heading": "Before you start", "text": "You can stop at any time and come back."},
                {
                    "kind": "warning",
                    "heading": "One sign alone proves nothing",
                    "text": "Use the list as a prompt for questions.",
                    "items": ["Ask in private", "Listen more than you speak"],
                },
                {"kind": "success", "text": "Your answers are saved."},
                {
                    "kind": "help",
                    "heading": "Someone in danger right now?",
                    "text": "Call 911.",
                    "url": "#",
                    "label": "See everyone you can call",
                },
                {
                    "kind": "quiet",
                    "heading": "What comes next may be hard to read",
                    "text": "It describes how young people are recruited. You may skip it for now.",
                },
            ],
        ),
        Specimen(
            "alert",
            [
                {"kind": "info", "text": "The session has moved to another day."},
                {"kind": "success", "heading": "Place booked", "text": "A mail is on its way."},
                {"kind": "warning", "text": "Registration closes tomorrow."},
                {"kind": "error", "heading": "Not sent", "text": "The file is larger than 10 MB."},
            ],
        ),
        Specimen(
            "messages",
            [{"messages": [{"level_tag": "success", "message": "Your place is cancelled."}]}],
        ),
        Specimen("free_text_notice", [{}]),
        Specimen("exit_note", [{}]),
        Specimen(
            "status_pill",
            [
                {"kind": "ok", "label": "Met"},
                {"kind": "soon", "label": "Due 9 December"},
                {"kind": "overdue", "label": "Overdue"},
                {"kind": "neutral", "label": "Not required"},
            ],
        ),
        Specimen(
            "tag",
            [
                {"label": "Required"},
                {"label": "New", "kind": "action"},
                {"label": "Sample content", "kind": "soon"},
            ],
        ),
        Specimen(
            "summary_box",
            [
                {
                    "heading": "Remember",
                    "items": ["Screen at the start of a case", {"label": "The guide", "url": "#"}],
                }
            ],
        ),
        Specimen(
            "next_step",
            [
                {
                    "eyebrow": "Next for you",
                    "heading": "Go on with “Seeing the signs”",
                    "text": "You are at lesson 3 of 6.",
                    "url": "#",
                    "label": "Go on",
                    "second_url": "#",
                    "second_label": "See the whole course",
                    "what": ["Pre-test, 5 questions", "6 lessons", "Post-test, 10 questions"],
                    "note": "About an hour; stop whenever you like.",
                }
            ],
        ),
        Specimen(
            "step_list",
            [
                {"label": "The course", "groups": [{"steps": STEPS}]},
                {
                    "label": "The course, folded",
                    "groups": [{"steps": STEPS}],
                    "folded": "Lesson 3 of 5",
                },
                {"label": "The course in modules", "groups": MODULES},
            ],
        ),
        Specimen(
            "progress",
            [
                {"done": 3, "total": 8, "text": "3 of 8 done", "label": "Your progress"},
                {"text": "Reading the file", "label": "Import"},
            ],
        ),
        Specimen(
            "fill_bar",
            [
                {
                    "taken": 12,
                    "seats": 40,
                    "text": "28 of 40 seats left",
                    "label": "Seats, 1 December",
                },
                {
                    "taken": 38,
                    "seats": 40,
                    "text": "2 seats left",
                    "label": "Seats, 3 December",
                    "soon": True,
                },
            ],
        ),
        Specimen(
            "stacked_bar",
            [
                {
                    "total": 44,
                    "label": "Where the employees stand",
                    "segments": [
                        {"kind": "ok", "count": 38, "label": "Met", "start": 0},
                        {"kind": "half", "count": 3, "label": "Not yet proven", "start": 38},
                        {"kind": "soon", "count": 2, "label": "Due soon", "start": 41},
                        {
                            "kind": "overdue",
                            "count": 1,
                            "label": "Overdue",
                            "start": 43,
                            "url": "#",
                        },
                    ],
                }
            ],
        ),
        Specimen(
            "bars",
            [
                {
                    "rows": [
                        {
                            "label": "Noticing signs",
                            "bars": [
                                {"kind": "half", "value": 48, "text": "before 48 %"},
                                {"kind": "ok", "value": 81, "text": "after 81 %"},
                            ],
                        }
                    ]
                }
            ],
        ),
        Specimen(
            "prev_next",
            [
                {
                    "previous_url": "#",
                    "previous_label": "Back",
                    "next_url": "#",
                    "next_label": "Next",
                }
            ],
        ),
        Specimen("breadcrumbs", [{"items": CRUMBS, "current": "Seeing the signs"}]),
        Specimen(
            "tabs",
            [
                {
                    "label": "Sessions",
                    "items": [
                        {"label": "Coming", "url": "#", "current": True, "count": 3},
                        {"label": "Past", "url": "#", "count": 41},
                        {"label": "Cancelled", "url": "#"},
                    ],
                }
            ],
        ),
        Specimen(
            "side_nav",
            [
                {
                    "label": "Desk, sample",
                    "items": [
                        {"label": "Today", "url": "#", "current": True},
                        {"label": "Requests", "url": "#", "count": 4},
                        {"label": "Sessions", "url": "#"},
                    ],
                }
            ],
        ),
        Specimen(
            "filters",
            [{"form": SampleFilters(), "action": "/styleguide/", "clear_url": "#", "active": 2}],
        ),
        Specimen(
            "data_table",
            [{"caption": "Employees who meet guests", "columns": COLUMNS, "rows": ROWS}],
        ),
        Specimen("table_cell", shown="In the table above."),
        Specimen(
            "pagination",
            [{"page": Paginator(range(120), 10).page(3), "params": QueryDict("kind=live")}],
        ),
        Specimen(
            "empty_state",
            [
                {
                    "heading": "No certificates yet",
                    "text": "Finish a training and its certificate appears here.",
                    "url": "#",
                    "label": "Find a training",
                }
            ],
        ),
        Specimen(
            "stat",
            [
                {"number": "41 of 44", "label": "trained", "url": "#"},
                {"number": 2, "label": "due by 9 December", "kind": "soon"},
                {"number": 1, "label": "overdue", "kind": "overdue", "note": "since 1 November"},
                {"number": 6, "label": "not required", "kind": "neutral"},
            ],
        ),
        Specimen("date_block", [{"date": dt.date(2026, 12, 1)}]),
        Specimen(
            "session_list",
            [
                {
                    "sessions": [
                        {
                            "day": dt.date(2026, 12, 1),
                            "when": "Tuesday, December 1, 2026, 10 a.m. to 1 p.m. Eastern (EST)",
                            "url": "#",
                            "note": "7 seats left",
                            "few_seats": True,
                        },
                        {
                            "day": dt.date(2026, 12, 10),
                            "when": "Thursday, December 10, 2026, 10 a.m. to 1 p.m. Eastern (EST)",
                            "url": "#",
                            "name": "CTDB training",
                            "note": "Full",
                        },
                    ],
                    "named": True,
                }
            ],
        ),
        Specimen(
            "timeline",
            [
                {
                    "items": [
                        {"when": "October 1", "title": "Hired", "state": "past"},
                        {"when": "November 12", "title": "Training begun", "url": "#"},
                        {"when": "By November 30", "title": "Training due", "state": "soon"},
                        {"when": "November 1", "title": "Briefing missed", "state": "overdue"},
                    ]
                }
            ],
        ),
        Specimen(
            "definition_list",
            [
                {
                    "items": [
                        {"term": "Certificate of", "text": "Ana Morales"},
                        {"term": "Training", "text": "Seeing the signs", "url": "#"},
                        {"term": "Standing", "text": "Stands", "status": "ok"},
                    ]
                }
            ],
        ),
        Specimen(
            "contact_card",
            [
                {
                    "name": "Sample hotline",
                    "who_for": "Anyone who needs help, in any language, at any hour.",
                    "call": "+15555550100",
                    "call_label": "555-555-0100",
                    "text_to": "555010",
                    "text_word": "HELP",
                    "email": "help@example.org",
                    "hours": "Day and night",
                    "source": "From the office's list, November 2026.",
                }
            ],
        ),
        Specimen(
            "fact",
            [{"statement": "1 in 7 were.", "year": 2024, "source": "An office", "stale": True}],
        ),
        Specimen(
            "confirm",
            [
                {
                    "heading": "Cancel your place on December 1?",
                    "text": "Your seat goes to the next person waiting.",
                    "action": "/styleguide/",
                    "button": "Cancel my place",
                    "cancel_url": "#",
                    "cancel": "Keep my place",
                    "kind": "danger",
                    "csrf_token": csrf_token,
                }
            ],
        ),
        Specimen(
            "form_field",
            [
                {
                    "name": "certificate_code",
                    "label": "Code on the certificate",
                    "hint": "12 letters and digits.",
                    "required": True,
                    "code": True,
                },
                {
                    "name": "wrong_code",
                    "label": "Code",
                    "error": "That is too short.",
                    "value": "7K",
                },
            ],
        ),
        Specimen("form_errors", [{"form": with_errors}]),
    ]
