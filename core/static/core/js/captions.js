/* Captions edited beside their video. The rows on the page are the captions; the server checks them.
 *
 * What is typed and not saved yet is kept on this device (kept.js), and offered when the page is opened again. */

import { Kept } from "./kept.js";

const root = document.querySelector("[data-captions]");
const video = root.querySelector("video");
const list = root.querySelector("[data-rows]");
const form = root.querySelector("[data-rows-form]");
const template = root.querySelector("template[data-row]").content.firstElementChild;
const words = root.querySelector("template[data-words]").content;
const word = (name) => words.querySelector(`[data-word="${name}"]`).textContent;

const [USUAL, SHORTEST] = [2500, 300]; // milliseconds
const FIELDS = ["begins", "ends", "text", "settings"];
const past = [];
const kept = new Kept(`captions:${root.dataset.asset}:${root.dataset.lang}`, () => ({ base: base().value, rows: rows().map(values) }));
let isSaved = true;

// --- Rows and times ---------------------------------------------------------------------------------------
const base = () => root.querySelector("[data-base]");
const rows = () => [...list.querySelectorAll("[data-cue]")];
const field = (row, name) => row.querySelector(`[name="${name}"]`);
const values = (row) => Object.fromEntries(FIELDS.map((name) => [name, field(row, name).value]));
const nowMs = () => Math.round(video.currentTime * 1000);
const at = (row, name) => readTime(field(row, name).value);

function readTime(typed) {
  const parts = typed.normalize("NFKC").trim().replace(",", ".").split(":").map(Number);
  if (!typed.trim() || parts.length > 3 || parts.some((part) => !(part >= 0))) return null;
  return Math.round(parts.reduce((sum, part) => sum * 60 + part, 0) * 1000);
}

function writeTime(ms) {
  const whole = Math.max(0, Math.round(ms));
  const [hours, minutes] = [Math.floor(whole / 3_600_000), Math.floor(whole / 60_000) % 60];
  const seconds = ((whole % 60_000) / 1000).toFixed(3).padStart(6, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${seconds}` : `${minutes}:${seconds}`;
}

function make(cue) {
  const row = template.cloneNode(true);
  for (const name of FIELDS) field(row, name).value = cue[name] ?? "";
  arm(row);
  return row;
}

function arm(row) {
  for (const each of row.querySelectorAll('[data-tools], [data-do="play"]')) each.hidden = false;
}

/** Put a row where its time belongs. */
function insert(row) {
  const begins = at(row, "begins");
  const later = rows().find((each) => at(each, "begins") > begins);
  list.insertBefore(row, later ?? null);
  changed();
}

// --- What a change brings with it -----------------------------------------------------------------------------
function remember() {
  past.push(rows().map(values));
  if (past.length > 50) past.shift();
  root.querySelector('[data-do="undo"]').disabled = false;
}

function changed() {
  isSaved = false;
  root.querySelector("[data-saved]").textContent = word("unsaved");
  kept.soon(() => !isSaved && (root.querySelector("[data-saved]").textContent = word("kept")));
  for (const [index, row] of rows().entries()) row.setAttribute("aria-label", word("number").replace("{n}", index + 1));
  root.querySelector("[data-none]").hidden = rows().length > 0;
  showOnVideo();
}

const track = video.addTextTrack("captions", root.dataset.label, root.dataset.lang);
track.mode = "showing";

function showOnVideo() {
  for (const cue of [...(track.cues ?? [])]) track.removeCue(cue);
  for (const row of rows()) {
    const [begins, ends, text] = [at(row, "begins"), at(row, "ends"), field(row, "text").value];
    if (begins !== null && ends > begins && text.trim()) {
      track.addCue(new VTTCue(begins / 1000, ends / 1000, text.replace(/<(?!\/?(?:b|i|u|ruby|rt|v)\b)/g, "&lt;")));
    }
  }
}

function follow() {
  const moment = nowMs();
  for (const row of rows()) {
    const isNow = at(row, "begins") <= moment && moment < at(row, "ends");
    if (isNow && !row.hasAttribute("data-now") && !video.paused && !list.contains(document.activeElement)) {
      row.scrollIntoView({ block: "nearest" });
    }
    row.toggleAttribute("data-now", isNow);
  }
}

// --- Doing --------------------------------------------------------------------------------------------------------
const acts = {
  play(row) {
    video.currentTime = (at(row, "begins") ?? 0) / 1000;
    video.play().catch(() => {});
  },
  begin(row) {
    remember();
    field(row, "begins").value = writeTime(nowMs());
    changed();
  },
  end(row) {
    remember();
    field(row, "ends").value = writeTime(nowMs());
    changed();
  },
  split(row) {
    remember();
    const text = field(row, "text");
    const [begins, ends, moment] = [at(row, "begins") ?? 0, at(row, "ends") ?? 0, nowMs()];
    const inside = moment > begins + SHORTEST && moment < ends - SHORTEST;
    const middle = inside ? moment : Math.round((begins + ends) / 2);
    const place = text.selectionStart > 0 && text.selectionStart < text.value.length ? text.selectionStart : middleOf(text.value);
    const second = { ...values(row), begins: writeTime(middle), ends: field(row, "ends").value, text: text.value.slice(place).trim() };
    text.value = text.value.slice(0, place).trim();
    field(row, "ends").value = writeTime(middle);
    const other = make(second);
    row.after(other);
    changed();
    field(other, "text").focus();
  },
  delete(row) {
    remember();
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    changed();
    (next ? field(next, "text") : root.querySelector('[data-do="add"]')).focus();
  },
  add() {
    remember();
    const moment = nowMs();
    const next = rows().map((row) => at(row, "begins")).find((begins) => begins > moment);
    const end = Math.min(next ?? Infinity, moment + USUAL, Number(root.dataset.duration) || Infinity);
    const row = make({ begins: writeTime(moment), ends: writeTime(Math.max(end, moment + SHORTEST)) });
    insert(row);
    video.pause();
    field(row, "text").focus();
    row.scrollIntoView({ block: "nearest" });
  },
  undo() {
    const before = past.pop();
    if (!before) return;
    list.replaceChildren(...before.map(make));
    root.querySelector('[data-do="undo"]').disabled = past.length === 0;
    changed();
  },
  earlier: () => shift(-1),
  later: () => shift(1),
};

function middleOf(text) {
  const half = Math.floor(text.length / 2);
  const found = [...text.matchAll(/[\n。、．，.!?！？\s]/g)].map((each) => each.index + 1);
  return found.sort((a, b) => Math.abs(a - half) - Math.abs(b - half))[0] ?? half;
}

function shift(way) {
  const by = way * 1000 * Number(root.querySelector("[data-by]").value);
  const from = root.querySelector("[data-from-here]").checked ? nowMs() : 0;
  if (!by) return;
  remember();
  for (const row of rows().filter((each) => at(each, "ends") > from)) {
    for (const name of ["begins", "ends"]) {
      if (at(row, name) !== null) field(row, name).value = writeTime(at(row, name) + by);
    }
  }
  changed();
}

// --- Saving -------------------------------------------------------------------------------------------------------
async function save() {
  const button = form.querySelector(".btn[aria-busy], .act .btn");
  const sent = rows();
  button.setAttribute("aria-busy", "true");
  try {
    const token = document.cookie.match(/(?:^|; )(?:__Host-)?csrf=([^;]*)/)?.[1] ?? "";
    const body = JSON.stringify({ base: base().value, rows: sent.map(values) });
    const answer = await fetch(root.dataset.url, {
      method: "PUT",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token, "X-Person": kept.person },
      body,
    });
    if ([401, 403].includes(answer.status)) tell("", { signedOut: true });
    else take(answer.ok, await answer.json(), sent, body);
  } catch {
    tell(word("offline"));
  } finally {
    button.removeAttribute("aria-busy");
  }
}

function take(ok, told, sent, body) {
  const isAllSent = body === JSON.stringify({ base: base().value, rows: rows().map(values) });
  if (told.base) base().value = told.base;
  for (const row of sent) mark(row, []);
  for (const [index, row] of sent.entries()) {
    const mine = (told.problems ?? []).filter((each) => each.row === index);
    if (mine.length) mark(row, mine);
  }
  tell(ok ? "" : told.message);
  const first = list.querySelector('[aria-invalid="true"]');
  if (first) first.focus();
  if (!ok || !isAllSent) return kept.soon(); // with the base to go on from
  isSaved = true;
  kept.forget();
  root.querySelector("[data-saved]").textContent = word("saved");
}

function mark(row, problems) {
  for (const name of ["begins", "ends", "text"]) {
    if (problems.some((each) => each.field === name)) field(row, name).setAttribute("aria-invalid", "true");
    else field(row, name).removeAttribute("aria-invalid");
  }
  const shown = row.querySelector("[data-errors]");
  shown.hidden = !problems.length;
  shown.querySelector("span").textContent = problems.map((each) => each.message).join(" ");
}

function tell(text, { signedOut = false } = {}) {
  root.querySelector("[data-signed-out]").hidden = !signedOut;
  const banner = root.querySelector("[data-problem]");
  banner.hidden = !text;
  banner.querySelector("p").textContent = text;
}

// --- What was typed here before -----------------------------------------------------------------------------------
async function offer() {
  const [found, ...older] = await kept.left();
  for (const each of older) kept.forget(each.window);
  if (!found) return;
  if (JSON.stringify(found.rows) === JSON.stringify(rows().map(values))) return kept.forget(found.window);
  const banner = root.querySelector("[data-kept]");
  banner.querySelector("[data-kept-changed]").hidden = found.base === base().value;
  banner.querySelector("time").textContent = new Date(found.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  banner.hidden = false;
  const decided = () => {
    banner.hidden = true;
    kept.forget(found.window);
  };
  banner.querySelector('[data-kept-do="drop"]').onclick = decided;
  banner.querySelector('[data-kept-do="take"]').onclick = async () => {
    remember();
    list.replaceChildren(...found.rows.map(make));
    base().value = found.base; // so that what somebody else has saved meanwhile isn't overwritten unseen
    changed();
    if (await kept.now()) decided();
    list.querySelector('[name="text"]')?.focus();
  };
}

// --- Begin --------------------------------------------------------------------------------------------------------
root.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button) acts[button.dataset.do](button.closest("[data-cue]"));
});
list.addEventListener("input", () => changed());
video.addEventListener("timeupdate", follow);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  save();
});
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key !== "s") return;
  event.preventDefault();
  save();
});
addEventListener("beforeunload", (event) => {
  if (!isSaved && !kept.isKept) event.preventDefault();
});
for (const each of root.querySelectorAll("[data-tools]")) each.hidden = false;
for (const row of rows()) {
  if (FIELDS.every((name) => !field(row, name).value)) row.remove();
  else arm(row);
}
root.querySelector("[data-none]").hidden = rows().length > 0;
showOnVideo();
offer();
