/* A rep's day. Each tap is kept on the phone at once and sent then (see phone.js); without this script the page is
 * one form. Two tabs see each other's taps; what another phone entered is there when the page is opened again. */

import { enter, fieldsWaiting, flush, heldIn, report, uuid } from "../catalog/phone.js";
import { get } from "../catalog/store.js";

const form = document.querySelector("[data-sheet]");
const person = document.querySelector('meta[name="person"]').content;
const said = document.querySelector("[data-said]");
const done = document.querySelector("[data-done]");
const held = document.querySelector("[data-held]");
const { sheet: day, url, title, rendered, today } = form.dataset;
const sheet = { id: `day:${day}`, url, title, about: { day } };
const fields = [...form.querySelectorAll("[data-was]")];
const HOLD = 450;
const REPEAT = 90;
const LED = "[data-led]";
const PAUSE = 1500;
const TYPED = 500;

const MOST = { number: 9999, amount: 10 ** 12 };

/** Return the whole number that was typed, "" for nothing, or null for anything else; `sales.days` reads it alike. */
function whole(field) {
  const text = field.value.normalize("NFKC").replace(/[,\s¥$€£円]/g, "");
  if (!text) return "";
  return /^[0-9]{1,15}$/.test(text) && Number(text) <= MOST[kindOf(field)] ? Number(text) : null;
}

const kindOf = (field) => (field.name.endsWith(".amount") ? "amount" : "number");
const count = (value) => Number(value || 0);
const labelOf = (field) => field.labels[0]?.textContent.trim() ?? "";

// --- What can't be: said at its field, where it stays as it was typed ------------------------------------------
/** Say what to mend in a field, or no more; return whether something is. */
function judge(field) {
  const box = field.parentElement;
  const wrong = whole(field) === null;
  if (wrong || isWrong(field)) setTimeout(report);
  box.querySelector("[data-wrong]")?.remove();
  field.removeAttribute("aria-invalid");
  field.removeAttribute("aria-describedby");
  if (!wrong) return false;
  done.hidden = held.hidden = true;
  const words = form.querySelector(`[data-words="${kindOf(field)}"]`).content.cloneNode(true);
  words.querySelector(".err").id = `${field.id}.wrong`;
  box.append(words);
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", `${field.id}.wrong`);
  return true;
}

const isTyped = (field) => field.matches('input[inputmode="numeric"]');
const isWrong = (field) => field.getAttribute("aria-invalid") === "true";

// --- Keeping -----------------------------------------------------------------------------------------------
let kept = Promise.resolve();
let steps = 0;

function keep(make) {
  done.hidden = held.hidden = true;
  kept = kept.then(() => enter(sheet, make));
  setTimeout(report, 400); // a quick answer of the server needs no word in between
  kept.then(flush).then(tell);
  return kept;
}

async function tell() {
  const row = await get("sheets", person, sheet.id);
  document.querySelector("[data-refused]").hidden = !row?.problem;
  document.querySelector("[data-refused-text]").textContent = row?.problem ?? "";
  return row;
}

const within = (number) => Math.min(Math.max(number, 0), MOST.number);

function step(field, by) {
  const now = within(count(whole(field) ?? field.dataset.was) + by);
  field.value = now;
  judge(field);
  said.textContent = `${labelOf(field)} ${now}`;
  steps += 1;
  // Where another tab has tapped meanwhile, its taps count too.
  keep((row) => {
    return { [field.name]: within(count(heldIn(row, field.name, rendered) ?? field.dataset.was) + by) };
  }).then((row) => {
    steps -= 1;
    if (!steps) field.value = row.given[field.name].value;
  });
}

// --- Tapping: once, or held ------------------------------------------------------------------------------------
let repeat = 0;

function stop() {
  clearTimeout(repeat);
  repeat = 0;
}

for (const button of form.querySelectorAll("[data-step]")) {
  const field = document.getElementById(button.dataset.of);
  const by = Number(button.dataset.step);
  let held = false;
  button.hidden = false;
  button.addEventListener("click", () => {
    if (!held) step(field, by);
    held = false;
  });
  button.addEventListener("pointerdown", () => {
    held = false;
    const again = () => {
      held = true;
      step(field, by);
      repeat = setTimeout(again, REPEAT);
    };
    stop();
    repeat = setTimeout(again, HOLD);
  });
  for (const type of ["pointerup", "pointerleave", "pointercancel"]) button.addEventListener(type, stop);
}

// What was mended is so at once: a line that went away only when the field is left would move what is tapped then.
form.addEventListener("input", ({ target }) => isWrong(target) && whole(target) !== null && judge(target));
form.addEventListener("change", ({ target }) => {
  clearTimeout(typing);
  if (isTyped(target) && judge(target)) return;
  if (target.matches("[data-was]")) keep(saidIn(target));
});

function saidIn(field) {
  const isCount = isTyped(field) && kindOf(field) === "number";
  const value = isCount ? count(whole(field)) : field.value;
  return () => ({ [field.name]: value });
}

// --- Typing: each figure is on the phone at once, though the field isn't left, and sent after a moment ------------
let typing = 0;

form.addEventListener("input", ({ target }) => {
  if (!isTyped(target) || !target.matches("[data-was]") || !target.value.trim() || whole(target) === null) return;
  done.hidden = held.hidden = true;
  kept = kept.then(() => enter(sheet, saidIn(target)));
  clearTimeout(typing);
  typing = setTimeout(() => kept.then(flush).then(tell), TYPED);
});

// A count is typed over, wherever in it the finger comes down: beside a 0 that stays, a 7 would be 70.
let entered = null;
form.addEventListener("focusin", ({ target }) => (entered = target));
form.addEventListener("click", ({ target }) => {
  if (target === entered && isTyped(target) && kindOf(target) === "number") target.select();
  entered = null;
});

// --- A new deal --------------------------------------------------------------------------------------------------
const fresh = form.querySelector("[data-new]");

function add() {
  const box = fresh.querySelector("[data-key]");
  const key = box.dataset.key;
  const chosen = (part) => box.querySelector(`[data-part="${part}"]:checked`);
  const amount = box.querySelector('[data-part="amount"]');
  const isWhole = Boolean(chosen("product") && chosen("outcome"));
  box.querySelector("[data-incomplete]").hidden = isWhole;
  if (!isWhole) return;
  if (judge(amount)) return amount.focus();
  const given = { product: chosen("product").value, outcome: chosen("outcome").value };
  if (chosen("stage")) given.stage = chosen("stage").value;
  if (amount.value) given.amount = amount.value;
  keep(() => Object.fromEntries(Object.entries(given).map(([part, value]) => [`d.${key}.${part}`, value])));
  const words = ["outcome", "stage"].map((part) => chosen(part)?.nextElementSibling.textContent);
  showDeal(chosen("product").nextElementSibling.textContent, [...words, amount.value].filter(Boolean));
  begin(box, `M-${uuid().replaceAll("-", "").slice(0, 12)}`);
  fresh.open = false;
  fresh.querySelector("summary").focus();
}

function showDeal(name, words) {
  const row = form.querySelector("[data-deal-row]").content.cloneNode(true);
  row.querySelector("b").textContent = name;
  row.querySelector("span").textContent = words.join(" · ");
  form.querySelector("[data-deals]").append(row);
}

/** Make the fields those of another deal, empty but for the product. */
function begin(box, key) {
  for (const field of box.querySelectorAll("[data-part]")) {
    field.name = `d.${key}.${field.dataset.part}`;
    if (field.dataset.part === "amount") field.value = "";
    else if (field.dataset.part !== "product") field.checked = false;
  }
  box.dataset.key = key;
}

const button = fresh?.querySelector("[data-add]");
if (button) button.hidden = false;
button?.addEventListener("click", add);

// --- The whole day -------------------------------------------------------------------------------------------------
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const wrong = [...form.querySelectorAll('input[inputmode="numeric"]')].find(judge);
  if (wrong) return point(wrong);
  if (fresh?.querySelector('[data-part="outcome"]:checked')) add();
  // What was looked at and left at 0 is entered too: 0 is a count.
  await keep((row) => {
    const shown = fields.filter((field) => field.name.startsWith("c.") && field.value !== "");
    const unsaid = shown.filter((field) => !row.given[field.name] && field.value !== field.dataset.was);
    return Object.fromEntries(unsaid.map((field) => [field.name, whole(field)]));
  });
  await flush();
  sayWhere(await tell());
  await report();
});

/** Lead to a field that is to be mended, also where it is folded away. */
function point(field) {
  for (let box = field.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  field.focus();
}

/** Say that the whole day has arrived, or that it waits here. */
function sayWhere(row) {
  const waits = fieldsWaiting(row) > 0;
  done.hidden = Boolean(row.problem) || waits;
  held.hidden = Boolean(row.problem) || !waits;
}

// --- What this phone holds -------------------------------------------------------------------------------------
async function show() {
  await kept;
  const row = await tell();
  for (const field of fields) {
    const held = heldIn(row, field.name, rendered);
    if (held !== undefined && document.activeElement !== field && !isWrong(field)) field.value = held;
  }
}

let renewing = 0;

/** Draw anew what the entries come to, and which days have some. The fields stay as they are being filled. */
async function renew() {
  const row = await get("sheets", person, sheet.id);
  if (!row || row.problem || fieldsWaiting(row)) return; // told again once they are sent
  const drawn = { target: LED, select: LED, selectOOB: "#day-picks:outerMorph", swap: "outerMorph" };
  globalThis.htmx?.ajax("GET", `${location.pathname}?day=${day}`, drawn);
}

document.addEventListener("tomoni:sent", async ({ detail }) => {
  if (detail.id !== sheet.id) return;
  clearTimeout(renewing);
  renewing = setTimeout(renew, PAUSE);
  if (detail.elsewhere) show();
  if (!held.hidden) sayWhere(await tell());
});
addEventListener("pageshow", (event) => event.persisted && location.reload());

/** Say which day this is where it may be taken for another: kept since yesterday, or shown without network in its stead. */
function nameDay() {
  const wanted = new URLSearchParams(location.search).get("day");
  const here = new Date().toLocaleDateString("sv"); // as 2026-11-26
  const isOld = day === today && here > today;
  document.querySelector("[data-stale]").hidden = !isOld && (!wanted || wanted === day);
}

addEventListener("visibilitychange", nameDay);
nameDay();
show();
