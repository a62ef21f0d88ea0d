// Where a score comes from, as a table.

import { copy } from "./card.js";

const LONGEST_SHOWN = 160;

/** The nodes that show what `explanation` says; null says that nothing was searched for. */
export function explained(explanation) {
  if (explanation === null) {
    return copy("not-explained");
  }
  const shown = copy("explained");
  gauge(shown.querySelector(".gauge"), explanation);
  for (const cell of shown.querySelectorAll("[data-weight]")) {
    cell.textContent = `× ${decimal(explanation.weights[cell.dataset.weight])}`;
  }
  shown.querySelector("table").append(...explanation.passages.map(passage));
  return shown;
}

function gauge(shown, { evidence, needed }) {
  const full = 1.25 * Math.max(evidence, needed);
  const share = (value) => `${Math.max(0, 100 * value / full)}%`;
  shown.style.setProperty("--evidence", share(evidence));
  shown.style.setProperty("--needed", share(needed));
  shown.classList.toggle("suffices", evidence >= needed);
}

function passage(each, place) {
  const body = copy("passage").querySelector("tbody");
  body.querySelector("[data-name]").textContent = `${place + 1}. ${each.document}`;
  body.querySelector("[data-number]").textContent = each.number;
  body.querySelector("[data-score]").textContent = decimal(each.score);
  body.querySelector(".read").hidden = each.reader === null;
  body.querySelector("[data-read]").textContent = percent(each.reader);
  for (const kind of ["text", "curated_question"]) {
    if (each[kind] !== null) {
      body.append(part(kind, each[kind]));
    }
  }
  return body;
}

function part(kind, each) {
  const row = copy("part");
  for (const name of row.querySelectorAll("[data-kind]")) {
    name.hidden = name.dataset.kind !== kind;
  }
  const content = row.querySelector("[data-content]");
  content.textContent = shortened(each.content);
  content.lang = each.language;
  const words = Object.entries(each.matched_words);
  row.querySelector(".matched").hidden = words.length === 0;
  row.querySelector("[data-words]").textContent = words
    .map(([word, share]) => `${word} ${decimal(share)}`)
    .join(" · ");
  for (const cell of row.querySelectorAll("[data-score]")) {
    cell.textContent = decimal(each[cell.dataset.score]);
  }
  return row;
}

function shortened(text) {
  const cut = text.slice(0, LONGEST_SHOWN).replace(/\s+\S*$/, "");
  return text.length <= LONGEST_SHOWN ? text : `${cut.toWellFormed()}…`;
}

function percent(share) {
  // Nothing is certain.
  return Math.min(share, 0.99).toLocaleString(document.documentElement.lang, { style: "percent" });
}

function decimal(number) {
  return number.toLocaleString(document.documentElement.lang, {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
}
