// A session's time on the reader's own clock, where that differs from the session's. Without this script the
// page says the session's time, with its zone, and nothing is missing.
(() => {
  const wall = (date, zone) =>
    new Intl.DateTimeFormat("en", { dateStyle: "short", timeStyle: "short", timeZone: zone }).format(date);
  const language = document.documentElement.lang;

  for (const line of document.querySelectorAll("[data-own-time]")) {
    const start = new Date(line.dataset.start);
    const end = new Date(line.dataset.end);
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!own || wall(start, own) === wall(start, line.dataset.zone)) continue;
    const format = new Intl.DateTimeFormat(language, {
      weekday: "long", month: "long", day: "numeric", hour: "numeric", minute: "2-digit", timeZoneName: "short",
    });
    line.textContent = `${line.dataset.ownTime} ${format.formatRange(start, end)}`;
    line.hidden = false;
  }
})();
