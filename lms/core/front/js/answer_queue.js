// Answers on their way: kept on this device until the server has them, sent in order, each once.
// A question's newest answer lies in localStorage under answers/<person>/<attempt>/, shared by the windows of
// this browser (where there is no storage, in memory). A counter says which answer is newer, never a clock.
globalThis.answerQueue = ({ person, attempt, turn, sequence, url, token, told }) => {
  const mine = `answers/${person}/${attempt}/`;
  const store = (() => {
    try {
      localStorage.setItem(`${mine}try`, 1);
      localStorage.removeItem(`${mine}try`);
      return localStorage;
    } catch {
      const kept = new Map();
      return {
        getItem: (key) => kept.get(key) ?? null,
        setItem: (key, value) => kept.set(key, value),
        removeItem: (key) => kept.delete(key),
        keys: () => [...kept.keys()],
      };
    }
  })();
  const keys = (start) => (store.keys?.() ?? Object.keys(store)).filter((key) => key.startsWith(start));
  const number = (name) => Number(store.getItem(mine + name)) || 0;
  const raise = (name, value) => store.setItem(mine + name, Math.max(number(name), value));
  const entryKey = (entry) => `${mine}q/${entry.position}`;
  const put = (entry) => store.setItem(entryKey(entry), JSON.stringify(entry));
  const entries = () =>
    keys(`${mine}q/`)
      .map((key) => JSON.parse(store.getItem(key)))
      .sort((one, other) => one.sequence - other.sequence);
  const device = () => {
    const known = store.getItem(`${mine}device`);
    if (known) return known;
    const made = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16)).join("");
    store.setItem(`${mine}device`, made);
    return made;
  };
  // What belongs to others is not kept here; what waits of one's own other tests is sent when they are opened.
  for (const key of keys("answers/")) if (!key.startsWith(`answers/${person}/`)) store.removeItem(key);
  raise("turn", turn);
  raise("sequence", sequence);

  // "sent" when the server took or refused it; "later"; "elsewhere"; "over" when nothing can be sent any more.
  async function send(entry) {
    const known = number("turn");
    const { choices, ...stamp } = entry;
    const body = new URLSearchParams({ attempt, device: device(), turn: known, ...stamp });
    for (const choice of choices) body.append("choice", choice);
    let response, said;
    try {
      const headers = { "X-CSRFToken": token };
      response = await fetch(url, { method: "POST", body, headers, signal: AbortSignal.timeout?.(20_000) });
      // Without a session there is no valid token either, so both mean: signed out.
      said = response.headers.get("Content-Type")?.includes("json") ? await response.json() : {};
    } catch {
      return "later";
    }
    if (response.status === 401 || response.status === 403) {
      told(entry, "out", said.error);
      return "out";
    }
    if (response.status >= 500) return "later";
    if (said.code === "elsewhere") return "elsewhere";
    if ((response.status === 404 && !said.error) || said.over) {
      forget();
      told(entry, "over", said.error);
      return "over";
    }
    const kept = store.getItem(entryKey(entry));
    if (kept && JSON.parse(kept).sequence === entry.sequence) store.removeItem(entryKey(entry));
    if (response.ok && said.turn > known) {
      // This device has taken over: what was given in the turn it knew is given in its own.
      for (const waiting of entries()) if (waiting.given_in === known) put({ ...waiting, given_in: said.turn });
      raise("turn", said.turn);
    }
    told(entry, response.ok ? "saved" : "refused", said.saved ?? said.error);
    return "sent";
  }

  let running = null;
  async function run() {
    for (let entry; ([entry] = entries()), entry; ) {
      const end = await send(entry);
      if (end !== "sent") return end;
    }
    return "sent";
  }
  // Send what waits; one at a time, whoever asks.
  const flush = () => (running ??= run().finally(() => (running = null)));
  const forget = () => {
    for (const key of keys(mine)) store.removeItem(key);
  };
  return {
    entries,
    flush,
    turn: () => number("turn"),
    give(position, choices) {
      raise("sequence", number("sequence") + 1);
      put({ position, choices, sequence: number("sequence"), given_in: number("turn") });
    },
  };
};
