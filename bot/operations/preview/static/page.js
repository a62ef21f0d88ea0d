// The page: what is asked for, and where it is shown.

import { message } from "./card.js";
import { combobox } from "./combobox.js";
import { explained } from "./explanation.js";

const reader = document.documentElement.lang;
const form = document.getElementById("asking");
const field = document.getElementById("question");
const stage = document.getElementById("stage");
const why = document.getElementById("why");
const said = document.getElementById("said");
let asked = null;
let turn = 0;

/** What the server answers; rejects with a message for the reader. */
async function request(path, body) {
  let response;
  try {
    response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Error(said.dataset.unreachable);
  }
  const answer = await response.json();
  if (!response.ok) {
    throw new Error(answer.error);
  }
  return answer;
}

/** Ask the server for a card, and show it unless something else was asked for meanwhile. */
async function show(path, body, place) {
  turn += 1;
  const mine = turn;
  said.textContent = "";
  stage.setAttribute("aria-busy", "true");
  try {
    const shown = await request(path, { ...body, member: form.member.value, reader });
    if (mine === turn) {
      said.textContent = shown.said;
      if (shown.components !== null) {
        place(shown, message(shown, form.member.value, press));
      }
    }
  } catch (error) {
    if (mine === turn) {
      said.textContent = error.message;
    }
  } finally {
    if (mine === turn) {
      stage.setAttribute("aria-busy", "false");
    }
  }
}

function alone(shown, article) {
  stage.replaceChildren(article);
  why.replaceChildren(explained(shown.explanation));
}

function ask() {
  asked = () => show("/ask", { question: field.value.toWellFormed() }, alone);
  remember();
  return asked();
}

function topics() {
  asked = () => show("/topics", {}, alone);
  return asked();
}

function press(button, from) {
  return show("/press", { custom_id: button.custom_id }, (shown, article) => {
    if (shown.in_place) {
      from.replaceWith(article);
    } else {
      stage.append(article);
    }
    if (shown.explanation !== null) {
      why.replaceChildren(explained(shown.explanation));
    }
    article.focus();
  });
}

// What was chosen is kept in the fragment of the address, which no server is told.

function remember() {
  const chosen = new URLSearchParams(new FormData(form));
  chosen.set("question", field.value);
  history.replaceState(null, "", `#${chosen}`);
  for (const link of document.querySelectorAll("nav a")) {
    link.hash = chosen;
  }
}

function recall() {
  const chosen = new URLSearchParams(location.hash.slice(1));
  field.value = chosen.get("question") ?? "";
  form.member.value = chosen.get("member") ?? reader;
  form.width.value = chosen.get("width") ?? "desktop";
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  form.theme.value = chosen.get("theme") ?? (dark ? "dark" : "light");
}

function dress() {
  document.documentElement.dataset.theme = form.theme.value;
  stage.dataset.width = form.width.value;
}

recall();
dress();
document.querySelector(`nav a[hreflang=${reader}]`).setAttribute("aria-current", "page");
const suggestions = combobox(
  field,
  document.getElementById("suggested"),
  (typed) => request("/suggest", { typed: typed.toWellFormed(), member: form.member.value })
    .catch(() => []),
  ask,
);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  suggestions.close();
  ask();
});
form.addEventListener("change", (event) => {
  dress();
  remember();
  if (event.target.name === "member" && asked !== null) {
    asked();
  }
});
document.getElementById("topics").addEventListener("click", topics);
remember();
if (field.value !== "") {
  ask();
}
