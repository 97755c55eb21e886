// Answers that wait on this device (answer_queue.js) are their giver's alone: another person's are removed as
// soon as somebody else is signed in, a test's own when it is handed in, all of them on signing out and starting over.
// A guest's wait until they are claimed, then they are the claimer's.
(() => {
  const wipe = (goes) => {
    try {
      for (const key of Object.keys(localStorage)) if (key.startsWith("answers/") && goes(key)) localStorage.removeItem(key);
    } catch {
      // No storage, so nothing in it.
    }
  };
  const { reader, guest, claimed } = document.body.dataset;
  const own = `answers/${reader}/`;
  const over = document.querySelector("[data-handed-in]");
  wipe((key) => {
    if (!claimed || !key.startsWith(`answers/${claimed}/`)) return false;
    localStorage.setItem(key.replace(`answers/${claimed}/`, own), localStorage.getItem(key));
    return true;
  });
  wipe((key) => !(key.startsWith(own) || (guest && key.startsWith(`answers/${guest}/`))) || (over && key.startsWith(`${own}${over.dataset.handedIn}/`)));
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[action$='/logout/'], form[action$='/start-over/']")) wipe(() => true);
  });
})();
