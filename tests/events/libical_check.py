"""What libical thinks of calendar files: run by the machine's own Python, which has its bindings.

Reads a JSON list of iCalendar texts from standard input and writes a list of
{"valid": bool, "errors": [...], "starts": [seconds since 1970]}. The restrictions it checks are
those of iTIP (RFC 5546) for the file's METHOD.
"""

import json
import sys

import gi

gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib  # noqa: E402 - the version is chosen before


def events(component):  # noqa: ANN001, ANN201 - the bindings have no types
    """Its VEVENTs."""
    found = []
    event = component.get_first_component(ICalGLib.ComponentKind.VEVENT_COMPONENT)
    while event:
        found.append(event)
        event = component.get_next_component(ICalGLib.ComponentKind.VEVENT_COMPONENT)
    return found


def start(event, calendar):  # noqa: ANN001, ANN201
    """When it starts, by the rules in the file itself."""
    moment = event.get_dtstart()
    prop = event.get_first_property(ICalGLib.PropertyKind.DTSTART_PROPERTY)
    tzid = prop.get_first_parameter(ICalGLib.ParameterKind.TZID_PARAMETER)
    if tzid is None:
        zone = ICalGLib.Timezone.get_utc_timezone()
    else:
        zone = calendar.get_timezone(tzid.get_tzid())
    return moment.as_timet_with_zone(zone)


def judge(text):  # noqa: ANN001, ANN201
    calendar = ICalGLib.Component.new_from_string(text)
    if calendar is None:
        return {"valid": False, "errors": ["not a calendar"], "starts": []}
    valid = bool(calendar.check_restrictions())
    errors = [line for line in calendar.as_ical_string().splitlines() if "X-LIC-ERROR" in line]
    return {
        "valid": valid and not errors and calendar.count_errors() == 0,
        "errors": errors,
        "starts": [start(event, calendar) for event in events(calendar)],
    }


json.dump([judge(text) for text in json.load(sys.stdin)], sys.stdout)
