/* The file that was chosen in a form, kept in this window until the next page: a form that comes back refused has it
 * again, which no page could give it. Asked for by `data-keeps-file` on a form; ui.js loads it there, and on the page
 * after it, where what is kept is forgotten. */

import { Copies } from "./copies.js";

const MOST = 64 * 2 ** 20;
const KEPT = "tomoni-chosen";

const form = document.querySelector("form[data-keeps-file]");
const field = form?.querySelector("input[type=file]");
const person = document.querySelector('meta[name="person"]')?.content ?? "";
const copies = new Copies(person, `file:${location.pathname}`, crypto.randomUUID?.() ?? String(Math.random()));
let underway = null;

async function keep(file) {
  sessionStorage.removeItem(KEPT);
  if (!file || file.size > MOST) return copies.forget();
  const isKept = await copies.keep({ file });
  if (isKept) sessionStorage.setItem(KEPT, JSON.stringify([copies.module, copies.window]));
}

/** Return what the page before this one kept, and forget it. */
async function before() {
  const [module, name] = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
  sessionStorage.removeItem(KEPT);
  if (!name) return undefined;
  const old = new Copies(person, module, name);
  const row = await old.own();
  await old.forget();
  return module === copies.module ? row?.file : undefined;
}

function giveBack(file) {
  const summary = document.querySelector(".summary");
  if (!field || !summary || field.getAttribute("aria-invalid") === "true" || field.files.length) return;
  const held = new DataTransfer();
  held.items.add(file);
  field.files = held.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
  const said = summary.querySelector("[data-all-here]");
  if (said) said.textContent = said.dataset.allHere;
}

field?.addEventListener("change", () => {
  underway = keep(field.files[0])
    .catch(() => {}) // forbidden in some private windows: then it has to be chosen again
    .finally(() => (underway = null));
});
form?.addEventListener("submit", (event) => {
  if (!underway) return;
  event.preventDefault();
  underway.finally(() => form.requestSubmit(event.submitter));
});

before().then((file) => file && giveBack(file), () => {});
