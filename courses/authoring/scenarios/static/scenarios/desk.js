/* The desk of a scenario: sends what is written, and puts the pieces in their places that the server draws. */

import { api } from "../authoring/desk/api.js";
import { armDragging } from "../authoring/desk/drag.js";
import { ask, say, word } from "../authoring/desk/page.js";
import { showUnpressed } from "../authoring/desk/press.js";
import { showState } from "../authoring/desk/state.js";
import { armKits } from "./kits.js";
import { focusAfter, held, put, restore } from "./pieces.js";
import { clear, fieldOf, mark } from "./refusals.js";
import { Saving } from "./saving.js";

const desk = document.querySelector("[data-desk]");
const find = (selector) => document.querySelector(selector);
const piece = (name) => desk.querySelector(`[data-piece="${name}"]`);
const { address, mediaUrl, picturesUrl } = desk.dataset;
const person = find('meta[name="person"]')?.content ?? "";
const media = new Map(Object.entries(JSON.parse(find("#media").textContent)));
const saving = new Saving({ url: desk.action, revision: Number(desk.dataset.revision), keep: `scenario:${person}:${address}` });
saving.context = () => [["scene", desk.dataset.scene], ["panel", desk.dataset.panel]];

const TEXT = "input:not([type=hidden], [type=checkbox]), textarea";

// --- Parts and fields ----------------------------------------------------------------------------------
function partOf(name) {
  const [kind, key] = name.split(":");
  if (kind === "why") return `why:${key}`;
  if (kind === "variable") return "variables";
  return kind === "meta" ? "meta" : `scene:${desk.dataset.scene}`;
}

const isField = (each) => each.name?.includes(":") && !each.matches("button");

/** Return [name, values] of a field, with all others of its group: rows are sent whole. */
function entriesOf(field) {
  const groups = [];
  for (let at = field.closest("[data-group]"); at; at = at.parentElement.closest("[data-group]")) groups.push(at);
  const fields = groups.length ? [...groups.at(-1).querySelectorAll("[name]")].filter(isField) : [field];
  const found = new Map();
  for (const each of fields) {
    const values = found.get(each.name) ?? [];
    if (each.type !== "checkbox" || each.checked) values.push(each.value);
    found.set(each.name, values);
  }
  return [...found];
}

function write(field, options) {
  const entries = entriesOf(field);
  clear(desk, entries.map(([name]) => name));
  return saving.write(entries, partOf(field.name), options);
}

desk.addEventListener("input", ({ target }) => isField(target) && target.matches(TEXT) && !("redraw" in target.dataset) && write(target));
// By arrow keys one passes "+ new scene" on the way to another: such a pick counts when it is left, or by Enter.
const picks = "select[data-redraw]";
desk.addEventListener("pointerdown", ({ target }) => target.matches(picks) && delete target.dataset.keyed);
desk.addEventListener("focusout", ({ target }) => "picked" in target.dataset && pick(target));

function pick(select) {
  delete select.dataset.picked;
  delete select.dataset.keyed;
  write(select, { now: true, redraw: true });
}

desk.addEventListener("change", ({ target }) => {
  if (!isField(target)) return;
  if (target.matches(picks) && "keyed" in target.dataset) {
    target.dataset.picked = "true";
    return;
  }
  if (target.matches(TEXT) && !("redraw" in target.dataset)) saving.flush();
  else write(target, { now: true, redraw: "redraw" in target.dataset });
});

// --- Pieces --------------------------------------------------------------------------------------------
/** Take in what the server has drawn; a form that was drawn anew shows everything as of its revision. */
function take(body) {
  for (const [id, each] of Object.entries(body.media ?? {})) media.set(id, each);
  if (body.html.form) {
    desk.dataset.scene = body.scene;
    desk.dataset.panel = body.panel;
    saving.shows(body.revision);
  }
  const before = held(desk);
  for (const [name, html] of Object.entries(body.html)) put(piece(name), html);
  for (const [key, html] of Object.entries(body.notes ?? {})) {
    const place = desk.querySelector(`[data-notes="${key}"]`);
    if (place) put(place, html);
    place?.closest("[data-choice]")?.toggleAttribute("data-error", html.includes("err-c"));
  }
  restore(desk, before, saving.fields);
  mark(desk, saving.refused);
  const title = find("[data-title]");
  title.textContent = body.title || title.dataset.untitled;
  title.title = body.title;
  find('[data-step="undo"]').setAttribute("aria-disabled", String(!body.undo));
  find('[data-step="redo"]').setAttribute("aria-disabled", String(!body.redo));
  arm(body.html);
}

function arm(drawn) {
  if ("form" in drawn) {
    armKits(piece("form"), media, { media: mediaUrl, pictures: picturesUrl }, (name, id, kind) =>
      saving.write([[name, [id]]], partOf(name), { now: true, redraw: kind === "face" }));
  }
  if ("outline" in drawn) {
    for (const list of piece("outline").querySelectorAll("[data-drag-list]")) armDragging(list, (key, place) => drop(list, key, place));
  }
  if ("side" in drawn) find(".map .on")?.scrollIntoView?.({ block: "nearest", inline: "center", container: "nearest" });
}

function drop(list, key, place) {
  const others = [...list.children].map((each) => each.dataset.block).filter((each) => each !== key);
  const [other, side] = place < others.length ? [others[place], "before"] : [others.at(-1), "after"];
  if (other) act(`drag:${key}:${other}:${side}`);
}

saving.addEventListener("state", ({ detail }) => showState(detail));
saving.addEventListener("saved", ({ detail }) => showUnpressed(() => take(detail)));
saving.addEventListener("refused", () => mark(desk, saving.refused));

/** Say why nothing more is done: something was refused and stands here, or the server wasn't reached. */
function sayUnsaved() {
  const [name, message] = saving.refused.at(-1) ?? [];
  if (!name) return say(word("not-without-server"));
  fieldOf(desk, name)?.focus();
  return say(message);
}

async function open(url, { push = true, at = "" } = {}) {
  if (!(await saving.flush())) return sayUnsaved();
  const answer = await api.get(url).catch(() => null);
  if (!answer?.ok) return say(word("not-reached"));
  take(answer.body);
  if (push) history.pushState(null, "", url);
  const choice = at && document.getElementById(`choice-${at}`);
  focusAfter(desk, choice ? choice.querySelector("textarea") : desk.querySelector("[data-heading]"));
  return undefined;
}

const here = () => (desk.dataset.panel ? `${address}?panel=${desk.dataset.panel}` : `${address}?scene=${desk.dataset.scene}`);

// --- Acts ----------------------------------------------------------------------------------------------
/** What takes a row away names its place: pressed again before the page shows what is left, it would take another. */
const BY_PLACE = /^(drop|delete|add_route_row)/;
const SHIFTS = /^(drop|delete|undo|redo)/;
const underWay = [];

async function act(action, options) {
  if (BY_PLACE.test(action) && underWay.some((each) => SHIFTS.test(each))) return;
  underWay.push(action);
  try {
    await perform(action, options);
  } finally {
    underWay.splice(underWay.indexOf(action), 1);
  }
}

async function perform(action, { part = `scene:${desk.dataset.scene}`, then = null } = {}) {
  const [name, key = ""] = action.split(":");
  let before;
  const show = (body) => new Promise((done) => showUnpressed(() => {
    before = desk.dataset.scene;
    if (body.html?.form) take(body);
    done();
  }));
  const answer = await saving.act(action, name.endsWith("_variable") ? "variables" : part, show);
  if (answer === undefined) return undefined;
  if (!answer) return sayUnsaved();
  const { ok, status, body } = answer;
  if (status === 409) {
    await open(here(), { push: false });
    showConflict(body, false);
    return undefined;
  }
  if (!ok || !body.html?.form) return body.message ? say(body.message) : undefined;
  if (desk.dataset.scene !== before) history.pushState(null, "", here());
  if (name.startsWith("delete") || name === "drop_variable") tellGone(body.cut);
  if (name === "undo" || name === "redo") say(word(`${name}ne`));
  const places = {
    add_choice: () => [...desk.querySelectorAll("[data-choice-text]")].at(-1),
    copy_choice: () => desk.querySelector(`#choice-${body.made[0]} textarea`),
    add_variable: () => [...desk.querySelectorAll("[data-variable]")].at(-1),
    choice_up: () => desk.querySelector(`#choice-${key} textarea`),
    choice_down: () => desk.querySelector(`#choice-${key} textarea`),
    delete_choice: () => desk.querySelector("[data-add-choice]"),
    delete: () => desk.querySelector("[data-heading]"),
    add_scene: () => desk.querySelector("[data-first]"),
    add_ending: () => desk.querySelector("[data-first]"),
    duplicate: () => desk.querySelector("[data-first]"),
  };
  focusAfter(desk, then?.() ?? places[name]?.() ?? null);
  return undefined;
}

function tellGone(cut) {
  const notice = find("[data-gone]");
  const text = cut.length ? word("cut", { places: cut.join(", ") }) : word("deleted");
  notice.querySelector("[data-text]").textContent = text;
  say(text);
  notice.hidden = false;
  clearTimeout(notice.timer);
  notice.timer = setTimeout(() => (notice.hidden = true), 12_000);
}

function showConflict(body, mayKeep, part) {
  const place = find("[data-conflict]");
  put(place, body.html.conflict);
  place.hidden = false;
  if (!mayKeep) place.querySelector('[data-resolve="mine"]').hidden = true;
  place.querySelector('[data-resolve="mine"]').focus();
  place.onclick = async ({ target }) => {
    const choice = target.closest("[data-resolve]")?.dataset.resolve;
    if (!choice) return;
    place.hidden = true;
    if (mayKeep) await saving.resolve(choice === "mine", body.revision);
    await open(here(), { push: false });
    showState({ state: "saved", at: body.saved_at });
  };
  place.dataset.part = part ?? "";
}

saving.addEventListener("conflict", ({ detail: { answer, part } }) => showConflict(answer, true, part));

async function moveChoice(key) {
  const dialog = find("[data-move-dialog]");
  const targets = dialog.querySelector("[data-move-targets]");
  const links = [...piece("outline").querySelectorAll("ol [data-scene]")].filter((each) => each.dataset.scene !== desk.dataset.scene);
  targets.replaceChildren(...links.map((each) => new Option(each.textContent.trim().replace(/\s+/g, " "), each.dataset.scene)));
  if ((await ask(dialog)) === "move" && targets.value) act(`move_choice:${key}:${targets.value}`);
}

// --- Hands ---------------------------------------------------------------------------------------------
const isPlain = (event) => !(event.ctrlKey || event.metaKey || event.shiftKey || event.button);

function step(way, button) {
  if (button?.getAttribute("aria-disabled") === "true") return;
  find("[data-gone]").hidden = true;
  act(way);
}

document.addEventListener("click", (event) => {
  const target = event.target.closest("a, button");
  if (!target || event.defaultPrevented) return;
  const { scene, at, step: way, moveChoice: choice } = target.dataset;
  shut(target.closest("[data-menu]"));
  if (way) step(way, target);
  else if (choice) moveChoice(choice);
  else if (target.closest("[data-desk]") && target.matches("button[name]")) press(target);
  else if (target.matches("a") && isPlain(event) && (scene || "panelLink" in target.dataset)) open(target.getAttribute("href").split("#")[0], { at });
  else if ("afterSaving" in target.dataset && isPlain(event) && saving.isDirty) leave(target);
  else return;
  event.preventDefault();
});

/** Close a menu; the focus stays at its head, where a piece that is drawn anew finds it again. */
function shut(menu) {
  if (menu?.contains(document.activeElement)) menu.querySelector("summary").focus({ preventScroll: true });
  if (menu) menu.open = false;
}

function press(button) {
  if (button.name === "do") return act(button.value);
  return saving.write([[button.name, [button.value]]], partOf(button.name), { now: true, redraw: true });
}

async function leave(link) {
  if (await saving.flush()) location.assign(link.href);
  else sayUnsaved();
}

desk.addEventListener("submit", (event) => event.preventDefault());
addEventListener("popstate", () => open(location.href, { push: false }));

function onKey(event) {
  if (event.isComposing || event.target.closest("dialog")) return;
  const { key } = event;
  const isText = event.target.matches(TEXT) || event.target.matches("select");
  const command = event.ctrlKey || event.metaKey;
  if (event.target.matches(picks)) {
    if (key === "Enter" && "picked" in event.target.dataset) pick(event.target);
    else if (key !== "Tab") event.target.dataset.keyed = "true";
  }
  const choice = event.target.closest("[data-choice]");
  const line = event.target.closest("[data-block]");
  if (command && !event.altKey && !isText && key.toLowerCase() === "z") step(event.shiftKey ? "redo" : "undo");
  else if (command && !event.altKey && !isText && key.toLowerCase() === "y") step("redo");
  else if (command && key.toLowerCase() === "s") saving.flush();
  else if (command && key === "Enter") find("[data-add-choice]") && act(find("[data-add-choice]").value);
  else if (event.altKey && key === "Enter" && choice) (choice.querySelector(".goes-to a") ?? choice.querySelector(".goes-to button"))?.click();
  else if (event.altKey && /^Arrow(Up|Down)$/.test(key) && !event.target.matches("select") && (choice || line)) {
    const way = key === "ArrowUp" ? "up" : "down";
    if (choice) act(`choice_${way}:${choice.dataset.choice}`);
    else act(`${way}:${line.dataset.block}`, { then: () => desk.querySelector(`[data-block="${line.dataset.block}"] a`) });
  } else if (key === "Enter" && event.target.matches("input")) saving.flush();
  else return;
  event.preventDefault();
}
document.addEventListener("keydown", onKey);

// --- Beginning -----------------------------------------------------------------------------------------
const left = saving.takeUp();
arm({ form: "", outline: "", side: "" });
piece("outline").querySelector("details").open = matchMedia("(min-width: 60rem)").matches || !desk.dataset.scene;
showState({ state: "saved", at: desk.dataset.savedAt });
if (left.length) {
  restore(desk, held(desk), saving.fields);
  find("[data-recovered]").hidden = !(await saving.flush());
}
document.documentElement.dataset.deskReady = "true";
