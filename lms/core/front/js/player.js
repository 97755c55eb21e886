// A test: every answer is saved when it is given (answer_queue.js), handing in waits for those on their way,
// and on a phone one question is shown at a time. Without this the form works as it is: all questions on one page, saved when it is sent.
(() => {
  // How long nobody types before words are saved, in milliseconds.
  const PAUSE = 1000;
  const form = document.querySelector("form[data-answers]");
  if (!form) return;
  const words = form.dataset;
  const { one, all, back, next } = words;
  const questions = [...form.querySelectorAll("[data-question]")];
  const line = form.querySelector("[data-queue]");
  const by = (position) => questions.find((question) => question.dataset.question === position);
  // What is answered to a question: ticks, choices from a list, words. What has no name is never sent.
  const fields = "input:not([type=hidden]), select, textarea";
  const given = (question) =>
    [...question.querySelectorAll(fields)]
      .filter((field) => field.name && field.value.trim() && (field.checked || !/^(radio|checkbox)$/.test(field.type)))
      .map((field) => field.value);
  const say = (question, text, state) => {
    if (!question) return;
    question.querySelector("[data-saved]").textContent = text;
    question.dataset.state = state;
  };
  // An editor's preview has no queue: nothing is kept there.
  const nothing = { entries: () => [], flush: async () => "", give: () => {}, turn: () => 0 };
  const queue = globalThis.answerQueue?.({
    person: words.person,
    attempt: words.attempt,
    turn: Number(words.turn),
    sequence: Number(words.sequence),
    url: words.answers,
    token: form.elements.csrfmiddlewaretoken.value,
    told(entry, state, text) {
      say(by(entry.position), text ?? words[state], state);
      const was = by(entry.position)?.querySelector("[name^='was-']");
      if (was && state === "saved") was.value = entry.choices.join(",");
    },
  }) ?? nothing;
  // The button with which the test was sent while answers waited; and whether it may go now.
  let wanted = null;
  let going = false;
  // What another visit left waiting is sent first; then the page is drawn anew, with what counts.
  let left = queue.entries().length > 0;

  async function flush() {
    const end = await queue.flush();
    const waiting = queue.entries();
    if (end === "later") for (const entry of waiting) say(by(entry.position), words.unsaved, "unsaved");
    if (end === "elsewhere" || end === "over") stop(end);
    else if (end === "sent" && left) location.reload();
    else if (end === "sent" && wanted && !going && navigator.onLine) go_on();
    const said = end === "out" ? words.out : wanted ? words.handing : waiting.length ? words.waiting : "";
    line.textContent = said.replace("#", waiting.length);
  }

  // Nothing can be given here any more: say why, and lead on.
  function stop(end) {
    wanted = null;
    for (const question of questions) question.disabled = true;
    const notice = form.querySelector(`[data-${end}]`);
    notice.hidden = false;
    notice.focus();
    notice.scrollIntoView({ block: "center" });
  }

  function go_on() {
    going = true;
    form.elements.turn.value = queue.turn();
    // What is saved is not sent again: another window may have answered since.
    for (const question of questions) question.disabled = true;
    // Later: while a form's own submit event is being told, it cannot be sent.
    setTimeout(() => wanted.click());
  }

  // Words are saved at a pause in typing too, and not again when their field is left.
  const typed = new Map();
  const save = (field) => {
    const question = field.name && field.closest("[data-question]");
    if (!question) return;
    clearTimeout(typed.get(field)?.timer);
    if (typed.has(field) && typed.get(field).value === field.value) return;
    if (field.type === "text") typed.set(field, { value: field.value });
    queue.give(question.dataset.question, given(question));
    say(question, words.saving, "saving");
    flush();
  };
  form.addEventListener("change", (event) => save(event.target));
  form.addEventListener("input", ({ target }) => {
    if (target.type !== "text") return;
    const before = typed.get(target) ?? { value: target.defaultValue };
    clearTimeout(before.timer);
    typed.set(target, { ...before, timer: setTimeout(save, PAUSE, target) });
  });
  form.addEventListener("submit", (event) => {
    if (going) return;
    event.preventDefault();
    wanted = event.submitter ?? form.querySelector("button[type=submit], button[name=action]");
    flush();
  });
  // A page kept by the browser for "back" knows nothing of what happened since.
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
  window.addEventListener("online", flush);
  setInterval(() => (queue.entries().length || wanted) && !going && flush(), 10_000);
  if (left) flush();

  // What is left of the time, as the server said it: counted by a clock that nobody can set.
  const clock = form.querySelector("[data-clock]");
  if (clock) {
    const shown = clock.querySelector("[data-countdown]");
    const begun = performance.now();
    const tick = async () => {
      const left = clock.dataset.left - (performance.now() - begun) / 1000;
      const minutes = Math.floor(left / 60);
      const text = minutes >= 1 ? clock.dataset.minutes.replace("#", minutes) : clock.dataset.seconds;
      // Written by the minute, so that nothing is read aloud every second.
      if (shown.textContent !== text) shown.textContent = text;
      if (left > 0) return void setTimeout(tick, 1000);
      // Without a connection the page stays: what waits is sent, and the page drawn anew, when it is back.
      if ((await queue.flush()) === "later" || !navigator.onLine) return void setTimeout(tick, 5000);
      location.reload();
    };
    tick();
  }

  // One question at a time.
  const turn = form.querySelector("[data-turns]");
  const end = form.querySelector("[data-end]");
  const button = (kind, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = `usa-button usa-button--${kind}`;
    made.addEventListener("click", act);
    turn.append(made);
    return made;
  };
  const asked = questions.findIndex((question) => `#${question.id}` === location.hash);
  let single = window.matchMedia("(max-width: 39.99em)").matches;
  let at = Math.max(0, asked);
  const go = (step) => {
    at += step;
    show();
    questions[at].querySelector(fields).focus({ preventScroll: true });
    questions[at].scrollIntoView();
  };
  const backward = button("outline", () => go(-1));
  const forward = button("primary", () => go(1));
  const mode = button("plain", () => {
    single = !single;
    show();
  });
  backward.textContent = back;
  forward.textContent = next;

  function show() {
    questions.forEach((question, index) => (question.hidden = single && index !== at));
    backward.hidden = !single || at === 0;
    forward.hidden = !single || at === questions.length - 1;
    end.hidden = single && at !== questions.length - 1;
    mode.textContent = single ? all : one;
    turn.hidden = questions.length < 2;
  }
  show();
})();
