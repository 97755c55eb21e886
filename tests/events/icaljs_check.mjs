// What ical.js (Thunderbird, Nextcloud) reads in calendar files. Reads a JSON list of texts from standard
// input; writes a list of {method, events: [{uid, sequence, status, summary, start, end}]}, instants in
// seconds since 1970, computed with the time zones inside the files.
import { readFileSync } from "node:fs";
import ICAL from "../../node_modules/ical.js/dist/ical.js";

function read(text) {
  ICAL.TimezoneService.reset();
  const calendar = new ICAL.Component(ICAL.parse(text));
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  const events = calendar.getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component);
    return {
      uid: event.uid,
      sequence: event.sequence,
      status: component.getFirstPropertyValue("status"),
      summary: event.summary,
      location: event.location,
      start: event.startDate.toUnixTime(),
      end: event.endDate.toUnixTime(),
    };
  });
  return { method: calendar.getFirstPropertyValue("method"), events };
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(read)));
