/* What this phone keeps for its person until the server has it: answers, learning time, and what is entered in forms.
 *
 * Everything is written to the phone first and sent then, so that no network, a closed tab or an expired
 * session loses nothing. Sending again is harmless: the server knows every attempt, answer and beat by its
 * key. It runs in pages and in the service worker. Pages hear "tomoni:sent" on document, other tabs' changes too.
 * One file for all kinds, since each more would be one more request of every learner's page. */

import { all, change, edit, get, put, remove } from "./store.js";

const PATIENCE = 10_000;
const LONGEST_PAUSE = 60_000;
const BEATS_AT_ONCE = 100;
const FORGET_AFTER = 30 * 24 * 3600 * 1000;
const JUST_NOW = 60_000;
const LEFT_BEHIND = "tomoni-beats-";
const AFRESH = "[data-afresh]";
const SCORED_AFTER = 1500;

const inPage = typeof document !== "undefined";
const tabs = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("tomoni");

/** How the last sending went: "" (well), "offline", "busy" (the server asks for a pause) or "signed_out". */
export let trouble = "";

let heard = false; // a server has answered, and was still there when asked last

// --- Who is learning -----------------------------------------------------------------------------
const named = inPage ? document.querySelector('meta[name="person"]')?.content : "";

/** Return the id of the person whose phone this is: the page names them, else the note of the last page. */
export async function whoami() {
  return named || (await get("notes", "person"))?.value || "";
}

// --- Attempts ------------------------------------------------------------------------------------
/* A row: {person, id, module, title, items, version, retry, answers: {item: {options, seq, at}},
 * saved: {item: seq}, submitAt, state, resultUrl, receivedAt, problem, touched}. */

const isOpen = (attempt) => attempt.state === "open";
const unsent = (attempt) =>
  Object.entries(attempt.answers).filter(([item, given]) => given.seq > (attempt.saved[item] ?? -1));
const waits = (attempt) => unsent(attempt).length > 0 || (isOpen(attempt) && Boolean(attempt.submitAt));

/** How many answers of an attempt still wait to be sent; handing in alone counts as one. */
export const waiting = (attempt) => unsent(attempt).length || Number(waits(attempt));

/** Return the attempt that this person works on in a quiz; starts one where none is open.
 *
 * `quiz`: {person, module, title, items, version, retry, attempt (open on the server, or ""), renderedAt
 * (the server's clock), chosen: {item: options}}. What waits on the phone wins over what the page shows; otherwise
 * a page that is newer than the server's last word wins. */
export function begin(quiz) {
  const fresh = (row) => quiz.renderedAt > (row.receivedAt ?? "");
  return change("attempts", quiz.person, (rows) => {
    const mine = rows.filter((row) => row.module === quiz.module).sort((a, b) => b.touched - a.touched);
    const closed = mine.find((row) => !isOpen(row) && row.resultUrl && !fresh(row));
    const known = (row) => row.id === quiz.attempt || !row.receivedAt || !fresh(row) || waits(row);
    const found = mine.find((row) => isOpen(row) && !row.problem && known(row)) ?? closed ?? blank(quiz);
    if (isOpen(found)) takeOver(found, quiz, fresh(found));
    return found;
  });
}

function blank({ person, module, title, items, version, retry, attempt }) {
  const id = attempt || uuid();
  return { person, id, module, title, items, version, retry, answers: {}, saved: {}, state: "open", touched: Date.now() };
}

function takeOver(row, { attempt, chosen }, fresh) {
  if (row.id !== attempt) return;
  for (const [item, options] of Object.entries(chosen)) {
    const here = row.answers[item];
    if (here && (!fresh || here.seq > (row.saved[item] ?? -1))) continue;
    const seq = row.saved[item] ?? here?.seq ?? 0;
    row.answers[item] = { options, seq, at: null };
    row.saved[item] = seq;
  }
}

/** Keep what was chosen for an item; resolves once it is on the phone. */
export async function answer(attempt, item, options) {
  const row = await edit("attempts", [attempt.person, attempt.id], (now) => {
    if (!isOpen(now) || now.submitAt) return null;
    const last = Math.max(0, ...Object.values(now.answers).map((given) => given.seq));
    const seq = Math.max(Date.now(), last + 1);
    now.answers[item] = { options, seq, at: new Date().toISOString() };
    return { ...now, touched: Date.now(), problem: null };
  });
  changed(attempt.id);
  return row;
}

/** Keep that the attempt is to be handed in. */
export async function handIn(attempt) {
  const row = await edit("attempts", [attempt.person, attempt.id], (now) =>
    isOpen(now) ? { ...now, submitAt: now.submitAt ?? new Date().toISOString(), touched: Date.now() } : null,
  );
  changed(attempt.id);
  return row;
}

async function sendAttempt(attempt) {
  const sent = unsent(attempt);
  const body = await deliver(`/api/attempts/${attempt.id}/`, attempt.person, {
    module: attempt.module,
    quiz_version: attempt.version || null,
    retry: attempt.retry,
    answers: sent.map(([item, given]) => ({ item, ...given })),
    submit: Boolean(attempt.submitAt),
  });
  const row = await edit("attempts", [attempt.person, attempt.id], (now) => noteReceipt(now, sent, body));
  if (!body.refused && body.attempt !== attempt.id && body.state === "open") {
    // Another phone was first: its attempt is the attempt, and this phone goes on with it.
    await put("attempts", { ...row, id: body.attempt, state: "open", submitAt: null, resultUrl: null });
  }
  changed(attempt.id);
  return row;
}

function noteReceipt(now, sent, body) {
  if (body.refused) return { ...now, problem: body.refused };
  for (const [item, given] of sent) {
    const theirs = body.saved[item] ?? given.seq;
    now.saved[item] = given.seq;
    if (theirs <= given.seq || body.state !== "open" || now.answers[item].seq !== given.seq) continue;
    // Another phone's clock is ahead of ours: what was chosen here a moment ago is the later choice all the same.
    if (Date.now() - given.seq < JUST_NOW) now.answers[item].seq = theirs + 1;
  }
  const state = body.attempt === now.id ? body.state : "superseded";
  const resultUrl = body.state === "open" ? null : body.result_url;
  return { ...now, state, resultUrl, receivedAt: body.received_at, late: body.late, problem: null };
}

// --- Learning time ---------------------------------------------------------------------------------
const unconfirmed = new Map();

/** Keep a few seconds of learning. `beat`: {module, session, seq, kind, seconds, from_ms?, to_ms?, video?}. */
export async function keepBeat(beat) {
  const person = await whoami();
  if (!person) return;
  const row = { person, ...beat, at: new Date().toISOString() };
  unconfirmed.set(`${row.session} ${row.seq}`, row);
  await put("beats", row);
}

async function sendBeats(person) {
  const rows = await all("beats", person);
  for (let start = 0; start < rows.length; start += BEATS_AT_ONCE) {
    const some = rows.slice(start, start + BEATS_AT_ONCE);
    const body = await deliver("/api/heartbeats/", person, { beats: some.map(plain) });
    // What the server refuses once it refuses for ever; time alone is not worth asking again.
    if (body) await remove("beats", some.map((row) => [row.person, row.session, row.seq]));
    for (const row of some) unconfirmed.delete(`${row.session} ${row.seq}`);
    if (inPage && document.querySelector("[data-unread]")) renewSoon(); // what was opened a moment ago isn't new any more
  }
}

const plain = ({ person: _person, ...beat }) => beat;

/** Send what this page still holds while it goes away. Neither that nor the phone's database need be in time then: it is
 * also written where writing is done at once, for the next page. */
export function sendBeatsNow() {
  if (!unconfirmed.size) return;
  const rows = [...unconfirmed.values()];
  try {
    localStorage.setItem(LEFT_BEHIND + uuid(), JSON.stringify(rows));
  } catch {} // full, or forbidden: then it is the database's, and the network's
  if (!navigator.onLine) return;
  const beats = rows.slice(-BEATS_AT_ONCE).map(plain);
  post("/api/heartbeats/", named, { beats }, { keepalive: true }).catch(() => {});
}

/** Take over what the page before could only leave behind. What arrived all the same counts once. */
async function takeUpBeats() {
  const found = Object.keys(globalThis.localStorage ?? {}).filter((key) => key.startsWith(LEFT_BEHIND));
  for (const key of found) {
    for (const row of JSON.parse(localStorage.getItem(key) ?? "[]")) await put("beats", row);
    localStorage.removeItem(key);
  }
}

/** Count the time in which somebody reads or answers, a quarter of a minute at a time and what is left at the end, while
 * they touched the page lately or a video plays. */
export function attend(kind, module, isElsewhere = () => false) {
  const session = uuid();
  let seq = 0;
  let touched = Date.now();
  let since = Date.now();
  let wasThere = document.visibilityState === "visible";
  for (const type of ["pointerdown", "keydown", "scroll", "touchstart", "timeupdate"]) {
    addEventListener(type, () => (touched = Date.now()), { passive: true, capture: true });
  }
  const count = () => {
    const now = Date.now();
    const seconds = Math.min(Math.round((now - since) / 1000), 15);
    const isThere = wasThere && now - touched < 30_000 && !isElsewhere();
    since = now;
    wasThere = document.visibilityState === "visible";
    return isThere && seconds > 0 ? keepBeat({ module, session, seq: seq++, kind, seconds }) : null;
  };
  setInterval(() => count()?.then(flush), 15_000);
  // Also what is shorter: a scene of a scenario is a page of its own, and rarely takes a quarter of a minute.
  addEventListener("visibilitychange", count, { capture: true });
  addEventListener("pagehide", count, { capture: true });
}

// --- Sheets: forms whose fields are kept one by one --------------------------------------------------------
/* A row: {person, id, url, title, about, given: {field: {value, seq}}, saved: {field: seq}, receivedAt, problem, touched}.
 * The server is told {...about, given: {field: value}}; a field told again changes nothing there. */

const unsentIn = (sheet) => Object.entries(sheet.given).filter(([name, { seq }]) => seq > (sheet.saved[name] ?? 0));

/** How many fields of a sheet still wait to be sent. */
export const fieldsWaiting = (sheet) => unsentIn(sheet).length;

/** Return the value that this phone holds of a field, if it says more than a page from `renderedAt`. */
export function heldIn(sheet, name, renderedAt) {
  const given = sheet?.given[name];
  const isNewer = given && (given.seq > (sheet.saved[name] ?? 0) || sheet.receivedAt >= renderedAt);
  return isNewer ? given.value : undefined;
}

/** Keep fields of a sheet; `make(row)` returns {field: value}. Resolves once they are on the phone. */
export async function enter({ id, url, title, about }, make) {
  const person = await whoami();
  const row = await change("sheets", person, (rows) => {
    const now = rows.find((each) => each.id === id) ?? { person, id, given: {}, saved: {} };
    for (const [name, value] of Object.entries(make(now))) {
      now.given[name] = { value, seq: (now.given[name]?.seq ?? 0) + 1 };
    }
    return { ...now, url, title, about, problem: null, touched: Date.now() };
  });
  refused.delete(id);
  changed(id);
  return row;
}

async function sendSheet(sheet) {
  const sent = unsentIn(sheet);
  const given = Object.fromEntries(sent.map(([name, { value }]) => [name, value]));
  const body = await deliver(sheet.url, sheet.person, { ...sheet.about, given });
  const row = await edit("sheets", [sheet.person, sheet.id], (now) => {
    if (body.refused) return { ...now, problem: body.refused };
    for (const [name, { seq }] of sent) now.saved[name] = seq;
    return { ...now, receivedAt: body.received_at, problem: null };
  });
  changed(sheet.id);
  return row;
}

// --- Lines: acts that follow from each other and are sent in their order -----------------------------------
/* A row: {person, id, url, title, about, acts: [{key, …}], begun, answer, moved, problem, touched}, and what its page
 * keeps besides. The server is told {...about, acts}, and each act's key makes it count once. It answers what the
 * acts after these are told (`about`), or (409, or `refused`) that it stands elsewhere: then they can't follow. */

/** How many acts of a line still wait to be sent. */
export const actsWaiting = (line) => line.acts.length;

/** Change a line, or begin it; `make(row)` returns what is new in it, or nothing to leave it. */
export async function extend({ id, url, title }, make) {
  const person = await whoami();
  const row = await change("lines", person, (rows) => {
    const now = rows.find((each) => each.id === id) ?? { person, id, url, title, about: {}, acts: [], begun: Date.now() };
    const made = make(now);
    return made && { ...now, ...made, problem: null, touched: Date.now() };
  });
  refused.delete(id);
  changed(id);
  return row ?? (await get("lines", person, id));
}

async function sendLine(line) {
  const body = await deliver(line.url, line.person, { ...line.about, acts: line.acts });
  const sent = new Set(line.acts.map(({ key }) => key));
  const row = await edit("lines", [line.person, line.id], (now) => {
    const moved = body.refused && body.told?.code === "moved" ? body.told : body.refused === true ? body : null;
    if (moved) return { ...now, acts: [], moved };
    if (body.refused) return { ...now, problem: body.refused };
    const acts = now.acts.filter(({ key }) => !sent.has(key));
    return { ...now, acts, about: { ...now.about, ...body.about }, answer: body, problem: null };
  });
  changed(line.id);
  return row;
}

// --- Sending ---------------------------------------------------------------------------------------
class NotSentError extends Error {
  constructor(kind, { pause = 0, isStumble = false } = {}) {
    super(kind);
    this.kind = kind;
    this.pause = pause;
    this.isStumble = isStumble; // it failed over what it was sent, and may take all else
  }
}

async function csrf() {
  for (const name of ["__Host-csrf", "csrf"]) {
    const value = inPage
      ? document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1)
      : (await globalThis.cookieStore?.get(name))?.value;
    if (value) return value;
  }
  return "";
}

async function post(url, person, body, options = {}) {
  const headers = {
    "Content-Type": "application/json",
    Accept: "application/json",
    "X-CSRFToken": await csrf(),
    "X-Person": person,
  };
  const signal = options.keepalive ? undefined : AbortSignal.timeout?.(PATIENCE);
  return fetch(url, { method: "POST", headers, body: JSON.stringify(body), signal, ...options });
}

/** Return what the server answered, or {refused: message}. Throws NotSentError where trying again helps. */
async function deliver(url, person, body) {
  if (navigator.onLine === false) throw new NotSentError("offline");
  let response;
  let told;
  try {
    response = await post(url, person, body);
    told = response.headers.get("Content-Type")?.includes("json") ? await response.json() : {};
  } catch {
    throw new NotSentError("offline");
  }
  heard = true;
  if (response.ok) return told;
  // Where the cookies are gone altogether, the server misses the one of its forms first; signing in brings both.
  if (response.status === 401 || told.code === "old_page") throw new NotSentError("signed_out");
  if (response.status >= 500 || [403, 408, 429].includes(response.status)) {
    const pause = Number(response.headers.get("Retry-After")) * 1000 || 0;
    throw new NotSentError("busy", { pause, isStumble: response.status === 500 });
  }
  return { refused: told.message || `${response.status}`, told };
}

const refused = new Set();

async function round() {
  const person = await whoami();
  if (!person) return;
  const lines = (await all("lines", person)).sort((a, b) => a.begun - b.begun);
  const stumbles = [
    await sendRows("attempts", await all("attempts", person), waits, sendAttempt),
    await sendRows("sheets", await all("sheets", person), fieldsWaiting, sendSheet),
    await sendRows("lines", lines, actsWaiting, sendLine),
  ];
  await sendBeats(person);
  const stumble = stumbles.find(Boolean);
  if (stumble) throw stumble;
}

/** Send what waits of these rows. Returns the error of one at which the server stumbled: it holds nothing else up but
 * the later runs of its scenario, which the server would take for a run that went on elsewhere. */
async function sendRows(store, rows, waitsIn, send) {
  let stumble = null;
  const held = new Set();
  for (let row of rows) {
    if (row.scenario && held.has(row.scenario)) continue;
    try {
      for (let tries = 0; tries < 5 && waitsIn(row) && !refused.has(row.id); tries += 1) {
        row = await send(row);
        if (row.problem) refused.add(row.id); // tried once a page: a later version may take it
      }
    } catch (error) {
      if (!error.isStumble) throw error;
      stumble ??= error;
      held.add(row.scenario);
    }
    if (!waitsIn(row) && Date.now() - row.touched > FORGET_AFTER) await remove(store, [[row.person, row.id]]);
  }
  return stumble;
}

const alone = (work) => (navigator.locks ? navigator.locks.request("tomoni-send", work) : work());

let running = null;
let again = false;
let failures = 0;
let timer = 0;

/** Send all that waits. Resolves when that is done or has to wait; tries again by itself. */
export function flush() {
  again = true;
  running ??= (async () => {
    clearTimeout(timer);
    try {
      while (again) {
        again = false;
        await alone(round);
      }
      trouble = "";
      failures = 0;
    } catch (error) {
      if (!(error instanceof NotSentError)) throw error;
      trouble = error.kind;
      heard &&= trouble !== "offline";
      retryLater(error);
    } finally {
      running = null;
      if (inPage) report();
    }
  })();
  return running;
}

function retryLater({ kind, pause }) {
  failures += 1;
  if (kind === "offline") askForBackgroundSync();
  if (!inPage || kind === "signed_out") return;
  const step = Math.max(pause, Math.min(1000 * 2 ** failures, LONGEST_PAUSE));
  timer = setTimeout(flush, step * (1 + Math.random() / 2));
}

async function askForBackgroundSync() {
  if (!inPage) return;
  const registration = await navigator.serviceWorker?.getRegistration();
  registration?.sync?.register("tomoni").catch(() => {});
}

// --- Telling ---------------------------------------------------------------------------------------
function changed(id) {
  tabs?.postMessage({ id });
  if (inPage) tell({ id, elsewhere: false });
}

function tell(detail) {
  document.dispatchEvent(new CustomEvent("tomoni:sent", { detail }));
  renewSoon();
}

let renewing = 0;

/** Draw a page anew that says what comes next, once what was sent is scored as well. */
function renewSoon() {
  clearTimeout(renewing);
  if (document.querySelector(AFRESH)) renewing = setTimeout(renew, SCORED_AFTER);
}

function renew() {
  globalThis.htmx?.ajax("GET", location.href, { target: AFRESH, select: AFRESH, swap: "outerMorph" });
}

/** Bring the chip in the bar up to date: where is my work? */
export async function report() {
  const person = await whoami();
  const rows = person ? await all("attempts", person) : [];
  const sheets = person ? await all("sheets", person) : [];
  const lines = person ? await all("lines", person) : [];
  const counted = [[rows, waiting], [sheets, fieldsWaiting], [lines, actsWaiting]];
  const waiters = counted.flatMap(([found, count]) => found.map((row) => [row, count(row)]));
  const count = waiters.reduce((sum, [row, n]) => sum + (row.problem ? 0 : n), 0);
  const standsIn = !named && !heard; // a page that names nobody is shown because there is no network, until a server answers
  const cut = standsIn || !navigator.onLine || trouble === "offline";
  const here = document.querySelector("[data-quiz], [data-sheet], [data-scenario]") ? "phone" : "waiting";
  const isWrong = document.querySelector('[data-sheet] [aria-invalid="true"]'); // so what stands there is nowhere else
  const state = isWrong ? "mend" : count ? here : cut ? "offline" : "saved";
  document.dispatchEvent(new CustomEvent("tomoni:sync", { detail: { state, count } }));
  const shown = cut ? "offline" : trouble;
  for (const banner of document.querySelectorAll("[data-trouble]")) banner.hidden = banner.dataset.trouble !== shown;
  for (const link of document.querySelectorAll("[data-sign-in]")) {
    link.href = `${link.dataset.signIn}?next=${encodeURIComponent(location.pathname + location.search)}`;
  }
}

/** Return a random id, also where the page is not on a secure origin. */
export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

async function start() {
  if (named) await put("notes", { name: "person", value: named });
  addEventListener("online", flush);
  addEventListener("offline", report);
  addEventListener("pagehide", sendBeatsNow);
  addEventListener("visibilitychange", () => document.visibilityState === "visible" && flush());
  tabs?.addEventListener("message", ({ data }) => {
    tell({ id: data.id, elsewhere: true });
    report();
  });
  navigator.serviceWorker?.register("/sw.js", { type: "module" }).then(
    ({ active }) => active?.postMessage({ type: "hello", language: document.documentElement.lang }),
    () => {}, // a private window may refuse it: the pages work without
  );
  await takeUpBeats().catch(() => {}); // forbidden in some private windows
  await flush();
}

if (inPage) start();
