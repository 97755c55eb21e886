"""The attendance report that Webex offers for download: from its bytes to minutes.

Nothing here knows the database. `read_report` makes rows of a file, `presence` makes minutes of
rows, `zone_doubt` says when the file's times are in another zone than the reader chose, `match`
finds who is registered, `sentence` says how minutes came about.
"""

from events.attendance_report.matching import Joiner, Seat, match, suggest
from events.attendance_report.presence import Interval, Presence, merge, presence
from events.attendance_report.report import Report, Row, person_key, read_report
from events.attendance_report.rule import Rule
from events.attendance_report.sentence import sentence
from events.attendance_report.table import check_heading
from events.attendance_report.zones import ZONES, fitting_zone, zone_doubt

__all__ = [
    "ZONES",
    "Interval",
    "Joiner",
    "Presence",
    "Report",
    "Row",
    "Rule",
    "Seat",
    "check_heading",
    "fitting_zone",
    "match",
    "merge",
    "person_key",
    "presence",
    "read_report",
    "sentence",
    "suggest",
    "zone_doubt",
]
