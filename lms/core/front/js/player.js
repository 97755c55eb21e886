// A test: every answer is saved when it is given, and on a phone one question is shown at a time.
// Without this the form works as it is: all questions on one page, saved when it is sent.
(() => {
  const form = document.querySelector("form[data-answers]");
  if (!form) return;
  const { answers, attempt, saving, unsaved, out, one, all, back, next } = form.dataset;
  const token = form.elements.csrfmiddlewaretoken.value;
  const questions = [...form.querySelectorAll("[data-question]")];
  // Questions with an answer the server has not got yet.
  const waiting = new Set();
  const busy = new Set();

  const say = (question, text, state) => {
    question.querySelector("[data-saved]").textContent = text;
    question.dataset.state = state;
  };

  // What is answered to a question: ticks, choices from a list, words. What has no name is never sent.
  const fields = "input:not([type=hidden]), select, textarea";
  const given = (question) =>
    [...question.querySelectorAll(fields)]
      .filter((field) => field.name && field.value.trim() && (field.checked || !/^(radio|checkbox)$/.test(field.type)))
      .map((field) => field.value);

  async function save(question) {
    waiting.add(question);
    if (busy.has(question)) return;
    busy.add(question);
    say(question, saving, "saving");
    while (waiting.delete(question)) {
      const body = new URLSearchParams({ attempt, position: question.dataset.question });
      for (const choice of given(question)) body.append("choice", choice);
      try {
        const response = await fetch(answers, { method: "POST", body, headers: { "X-CSRFToken": token } });
        // Without a session there is no valid token either, so both mean: signed out.
        const said = response.status === 403 ? { error: out } : await response.json();
        if (response.ok) {
          say(question, said.saved, "saved");
          const was = question.querySelector("[name^='was-']");
          if (was) was.value = body.getAll("choice").join(",");
        } else {
          say(question, said.error, "refused");
          if (response.status !== 409) waiting.add(question);
          break;
        }
      } catch {
        say(question, unsaved, "unsaved");
        waiting.add(question);
        break;
      }
    }
    busy.delete(question);
  }

  const retry = () => [...waiting].forEach(save);
  form.addEventListener("change", ({ target }) => target.name && save(target.closest("[data-question]")));
  window.addEventListener("online", retry);
  setInterval(retry, 10_000);

  // What is saved is not sent again: another window may have answered since.
  form.addEventListener("submit", () => {
    for (const question of questions) question.disabled = !waiting.has(question) && !busy.has(question);
  });
  window.addEventListener("pageshow", () => {
    for (const question of questions) question.disabled = false;
  });

  // One question at a time.
  const turn = form.querySelector("[data-turn]");
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
