/* The desk on which a module is written: brings together the draft, its cards, saving, and what is said of it. */

import { Copies } from "../core/js/copies.js";
import { api } from "./desk/api.js";
import { Cards } from "./desk/cards.js";
import { Conflict } from "./desk/conflict.js";
import { blockOf, same } from "./desk/document.js";
import { armDragging } from "./desk/drag.js";
import { Draft } from "./desk/draft.js";
import { Heading } from "./desk/heading.js";
import { drawOutline } from "./desk/outline.js";
import { ask, clock, newKey, say, word } from "./desk/page.js";
import { showUnpressed } from "./desk/press.js";
import { summarise } from "./desk/problems.js";
import { Saver } from "./desk/saver.js";
import { showState } from "./desk/state.js";

const island = JSON.parse(document.getElementById("draft").textContent);
const person = document.querySelector('meta[name="person"]')?.content ?? "";
const find = (selector) => document.querySelector(selector);
const all = (selector) => [...document.querySelectorAll(selector)];

const draft = new Draft(island.document);
const copies = new Copies(person, island.module, newKey(12));
const { save: url } = island.urls;
const saver = new Saver({ draft, url, revision: island.revision, savedAt: island.saved_at, copies });
const media = new Map(Object.entries(island.media ?? {}));
let problems = island.problems ?? [];
let warnings = island.warnings ?? [];
let current = "";

// --- The blocks --------------------------------------------------------------------------------------
async function load(template) {
  const { kind, label, script } = template.dataset;
  if (!script) return [kind, { label, template, mount: null }];
  try {
    const { mount } = await import(script);
    return [kind, { label, template, mount }];
  } catch (error) {
    console.error(error); // the block is kept as it is, and the others can be written
    return [kind, { label, template, mount: null }];
  }
}

const kinds = new Map(await Promise.all(all("template[data-kind]").map(load)));
const lend = () => ({ words: word, say, api, media, module: island.module, urls: island.urls, language: () => draft.document.language });
const cards = new Cards(find("[data-blocks]"), draft, kinds, lend);
const heading = new Heading(find("[data-document]"), draft, lend());

const kindOf = (key) => blockOf(draft.document, key)?.kind ?? "";
const fieldName = (field) => find(`[data-doc="${field}"]`)?.dataset.name ?? find(`[data-doc-${field}]`)?.dataset.name ?? field;

/** Say in words which block or field is meant. */
function naming(key, field = "") {
  const place = draft.document.blocks.findIndex((block) => block.key === key);
  if (place < 0) return field ? fieldName(field) : word("block-gone");
  const name = word("block-n", { n: place + 1, kind: kinds.get(kindOf(key))?.label ?? kindOf(key) });
  const part = cards.partOf(key, field);
  return part ? `${name}: ${part}` : name;
}

function nameOfDifference({ field, key, mine, theirs }) {
  if (field) return fieldName(field);
  return blockOf(draft.document, key) ? naming(key) : (kinds.get((mine ?? theirs).kind)?.label ?? "");
}

function draw() {
  const { document: now } = draft;
  cards.show(now);
  heading.show(now);
  cards.showProblems(problems);
  drawOutline(find("[data-outline]"), now, {
    label: (block) => cards.label(block), glance: (block) => cards.glance(block), problems, current,
  });
  find("[data-nothing-yet]").hidden = now.blocks.length > 0;
  find("[data-undo]").setAttribute("aria-disabled", String(!draft.canUndo));
  find("[data-redo]").setAttribute("aria-disabled", String(!draft.canRedo));
}

function drawProblems() {
  cards.showProblems(problems);
  summarise(find("[data-checks]"), problems, warnings, { naming, desk: island.urls.scenario });
}

function drawJudged() {
  draw();
  drawProblems();
}

draft.addEventListener("change", ({ detail: { from, to, why } }) => {
  draw();
  if (why === "edit") return;
  const changed = to.blocks.find((block) => blockOf(from, block.key)?.data !== block.data);
  if (changed) document.getElementById(`block-${changed.key}`)?.scrollIntoView({ block: "nearest" });
});

saver.addEventListener("problems", ({ detail }) => {
  ({ problems, warnings } = detail);
  showUnpressed(drawJudged);
});
saver.addEventListener("state", ({ detail }) => showState(detail));
const conflict = new Conflict(find("[data-conflict]"), find("[data-compare]"), { draft, saver, naming: nameOfDifference });

// --- Adding ------------------------------------------------------------------------------------------
const adding = find("[data-add-dialog]");

async function offer(place) {
  const kind = await ask(adding);
  if (kind && kind !== "cancel") cards.add(kind, place);
}

let rechecking = 0;
document.addEventListener("recheck", () => {
  clearTimeout(rechecking);
  rechecking = setTimeout(() => saver.recheck(), 300);
});
document.addEventListener("wanted", ({ detail }) => offer(detail));
document.addEventListener("removed", ({ detail }) => {
  say(word("removed", { kind: detail }));
  const notice = find("[data-removed]");
  notice.querySelector("[data-text]").textContent = word("removed", { kind: detail });
  notice.hidden = false;
  clearTimeout(notice.timer);
  notice.timer = setTimeout(() => (notice.hidden = true), 10_000);
});

armDragging(find("[data-blocks]"), (key, place) => cards.move(key, place));

// --- Going back and forth --------------------------------------------------------------------------
function step(way) {
  if (way === "undo" ? !draft.canUndo : !draft.canRedo) return;
  draft[way]();
  find("[data-removed]").hidden = true;
  say(word(`${way}ne`));
}

function onKey(event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.target.closest("dialog")) return;
  const key = event.key.toLowerCase();
  if (key === "z") step(event.shiftKey ? "redo" : "undo");
  else if (key === "y") step("redo");
  else if (key === "s") saver.flush();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

document.addEventListener("keydown", onKey, true);
document.addEventListener("beforeinput", (event) => {
  const way = { historyUndo: "undo", historyRedo: "redo" }[event.inputType];
  if (!way || event.target.closest("dialog")) return;
  event.preventDefault();
  step(way);
}, true);

// --- Clicks ------------------------------------------------------------------------------------------
async function leave(link) {
  if (await saver.flush()) location.assign(link.href);
  else say(word("not-saved-yet"));
}

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-undo], [data-redo], [data-add], [data-add-end], [data-goto], [data-after-saving]");
  if (!target || event.defaultPrevented) return;
  const { add, goto, gotoField } = target.dataset;
  if ("undo" in target.dataset) step("undo");
  else if ("redo" in target.dataset) step("redo");
  else if (add) cards.add(add, draft.document.blocks.length);
  else if ("addEnd" in target.dataset) offer(draft.document.blocks.length);
  else if (goto) cards.focus(goto, gotoField);
  else if (goto === "") heading.focus(gotoField);
  else if (event.ctrlKey || event.metaKey || event.shiftKey || !saver.isDirty) return;
  else leave(target);
  event.preventDefault();
});
find("[data-document]").addEventListener("submit", (event) => event.preventDefault());
find("[data-outline]").addEventListener("keydown", (event) => {
  const key = event.target.closest("[data-goto]")?.dataset.goto;
  const way = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!key || !way || !event.altKey) return;
  event.preventDefault();
  cards.move(key, draft.document.blocks.findIndex((block) => block.key === key) + way);
  draw();
  find(`[data-outline] [data-goto="${key}"]`)?.focus();
});
document.addEventListener("focusin", ({ target }) => {
  const key = target.closest("[data-block]")?.dataset.block;
  if (!key || key === current) return;
  current = key;
  draw();
});

// --- What was left behind --------------------------------------------------------------------------
async function takeUp() {
  for (const left of await copies.left()) {
    if (same(left.document, draft.document)) {
      await copies.forget(left.window);
      continue;
    }
    const ours = left.unanswered && same(left.unanswered, island.document); // it had arrived, only nobody told us
    const told = { by: island.saved_by, own: island.saved_by_oneself, at: island.saved_at, revision: island.revision, document: island.document };
    if (left.base === island.revision || ours) {
      draft.change(left.document, { why: "taken" });
      tellRecovered(left);
    } else {
      saver.ancestor = left.ancestor;
      draft.change(left.document, { why: "taken" });
      saver.halt(told);
    }
    const kept = { base: saver.revision, ancestor: saver.ancestor, unanswered: null, document: draft.document };
    if (await copies.keep(kept)) await copies.forget(left.window);
    return;
  }
}

function tellRecovered({ at }) {
  const notice = find("[data-recovered]");
  notice.querySelector("[data-text]").textContent = word("recovered", { time: clock(at) });
  notice.hidden = false;
  notice.querySelector("[data-recovered-away]").addEventListener("click", () => {
    draft.change(island.document, { why: "taken" });
    notice.hidden = true;
    say(word("recovered-away"));
  });
}

find("[data-outline]").closest("details").open = matchMedia("(min-width: 60rem)").matches;
drawJudged();
showState({ state: "saved", at: island.saved_at });
document.documentElement.dataset.deskReady = "true";
await takeUp();
