// Leaving at once. Without this script the link still leaves; with it the page is covered first, the
// address in the history is replaced, and pressing Shift three times within two seconds is enough.
// Nothing is sent and nothing is kept.
(() => {
  const link = document.querySelector("[data-quick-exit]");
  if (!link) return;

  const leave = () => {
    const cover = document.createElement("div");
    cover.className = "exit-cover";
    document.body.append(cover);
    document.title = "\u00a0";
    window.location.replace(link.href);
  };

  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });

  let presses = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Shift") {
      presses = [];
      return;
    }
    if (event.repeat) return;
    presses = [...presses, event.timeStamp].filter((time) => event.timeStamp - time < 2000);
    if (presses.length >= 3) leave();
  });

  // A page kept by the browser for "back" must not come back covered, nor at all where it was left.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelector(".exit-cover")?.remove();
  });
})();
