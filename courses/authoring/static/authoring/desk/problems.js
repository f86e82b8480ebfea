/* What keeps a draft from being published: at its block, at its field, and in a summary with links. */

import { copyOf, word } from "./page.js";

let counter = 0;

/** Show the problems of one card. A field says its own; the rest stands above the card's fields. */
export function showProblems(card, problems) {
  for (const old of card.root.querySelectorAll("[data-problem]")) old.remove();
  for (const field of card.body.querySelectorAll("[data-field][aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    describe(field, "");
  }
  card.root.toggleAttribute("data-error", problems.length > 0);
  if (card.handle?.problems) return card.handle.problems(problems);
  const rest = problems.filter((problem) => !atField(card, problem));
  for (const { message } of rest) card.body.before(note(message));
}

function note(message) {
  const line = copyOf("[data-problem-note]");
  line.id = `problem-${(counter += 1)}`;
  line.querySelector("[data-text]").textContent = message;
  return line;
}

function atField(card, { field, message }) {
  const input = field && card.body.querySelector(`[data-field="${CSS.escape(field)}"]`);
  if (!input) return false;
  const line = note(message);
  (input.closest(".field") ?? input.parentElement).append(line);
  if (!input.matches("button, fieldset, div:not([role])")) {
    input.setAttribute("aria-invalid", "true");
    describe(input, line.id);
  }
  return true;
}

/** Name a problem as part of a field's description; what describes it anyway stays. */
function describe(input, id) {
  const kept = (input.getAttribute("aria-describedby") ?? "").split(" ").filter((each) => each && !each.startsWith("problem-"));
  if (id) kept.push(id);
  if (kept.length) input.setAttribute("aria-describedby", kept.join(" "));
  else input.removeAttribute("aria-describedby");
}

/** Fill the summary: what blocks publishing, what is only worth a look. `naming(key)` says which block it is; `desk` is the address of the scenario's own. */
export function summarise(root, problems, warnings, { naming, desk }) {
  const groups = { problems, warnings };
  for (const [name, rows] of Object.entries(groups)) {
    const group = root.querySelector(`[data-${name}]`);
    group.hidden = rows.length === 0;
    group.querySelector("[data-count]").textContent = word(`${name}-count`, { n: rows.length });
    group.querySelector("ul").replaceChildren(...rows.map((row) => line(row, naming, desk)));
  }
  root.querySelector("[data-all-well]").hidden = problems.length + warnings.length > 0;
}

function line({ block, field, message }, naming, desk) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  if (block && field === "scenario") Object.assign(link, { href: desk }).dataset.afterSaving = "";
  else {
    link.href = block ? `#block-${block}` : `#doc-${field}`;
    link.dataset.goto = block || "";
    link.dataset.gotoField = field ?? "";
  }
  link.textContent = naming(block, field);
  item.append(link, ` ${message}`);
  return item;
}
