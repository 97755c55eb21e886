// Says every half minute that somebody is here: the page is seen, and moved, typed on or listened to within five
// minutes. The server's clock counts; without this script it counts from one page to the next, up to a cap.
// Where a film or a recording stands goes along, so that it goes on there on any device.
(() => {
  const place = document.querySelector("[data-active-time]");
  if (!place) return;
  const EVERY = 30_000;
  const IDLE = 300_000;
  // Not the device's clock: set back, it would keep somebody here who has left.
  const note = document.querySelector("[data-active-note]");
  let touched = performance.now();
  let here = !document.hidden;
  let timer;
  let played;

  async function tell(back) {
    const body = new URLSearchParams(back ? { back: "yes" } : {});
    if (played) {
      body.set("file", played.dataset.file);
      body.set("second", played.ended ? 0 : Math.floor(played.currentTime));
      // Told once: a film that rests here must not take back the place of one that plays elsewhere.
      played = undefined;
    }
    const headers = { "X-CSRFToken": place.dataset.token };
    try {
      const response = await fetch(place.dataset.activeTime, { method: "POST", body, headers, keepalive: true });
      if (!response.ok) stop();
      const said = await response.json();
      if (note && said.note) note.textContent = said.note;
    } catch {
      // No connection: the time until the next sign is lost beyond the server's cap, nothing else.
    }
  }

  function stop() {
    clearInterval(timer);
    here = null;
  }

  function look() {
    const now = !document.hidden && performance.now() - touched < IDLE;
    if (here === null || (!now && !here)) return;
    tell(now && !here);
    here = now;
  }

  const touch = () => {
    touched = performance.now();
    if (here === false) look();
  };
  for (const name of ["pointerdown", "pointermove", "keydown", "scroll", "wheel", "touchstart", "timeupdate"])
    document.addEventListener(name, touch, { capture: true, passive: true });
  const play = ({ target }) => (played = target.dataset.file ? target : played);
  document.addEventListener("timeupdate", play, { capture: true, passive: true });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) touched = performance.now();
    look();
  });
  timer = setInterval(look, EVERY);
})();
