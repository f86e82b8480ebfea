/* The shelf's marks: what is on this phone, whose answers wait there to be sent, and without network what has to wait.
 * And what shall be here before that. */

import { waiting, whoami } from "../catalog/phone.js";
import { all } from "../catalog/store.js";
import { kept, openable } from "./keep.js";

const UNHURRIED = 2000;

const pathOf = (url) => new URL(url, location.href).pathname;

/** Return the attempts that were handed in here and still wait to be sent, by their modules. */
async function handedIn() {
  const person = await whoami();
  const rows = person ? await all("attempts", person) : [];
  return new Map(rows.filter((row) => row.submitAt && !row.problem && waiting(row)).map((row) => [row.module, row.id]));
}

function sayWaiting(row, attempt) {
  for (const said of row.querySelectorAll("[data-shelf-waits]")) said.remove();
  const words = row.querySelector("[data-shelf-words]");
  if (!attempt || !words) return;
  const said = words.content.cloneNode(true);
  for (const link of said.querySelectorAll("a")) link.href = `/attempts/${attempt}/`;
  words.after(said);
}

async function mark() {
  const waits = await handedIn();
  const here = new Set((await kept()).map((label) => label.module));
  const opened = new Set(navigator.onLine ? [] : (await openable()).map(pathOf));
  for (const row of document.querySelectorAll("[data-shelf]")) {
    const attempt = waits.get(row.dataset.shelf);
    sayWaiting(row, attempt);
    for (const todo of row.querySelectorAll("[data-shelf-to-do]")) todo.hidden = Boolean(attempt);
    const isHere = here.has(row.dataset.shelf);
    const { href } = row.matches("a") ? row : row.querySelector("a[href]:not([data-shelf-waits])");
    row.querySelector("[data-shelf-kept]").hidden = !isHere;
    row.querySelector("[data-shelf-away]").hidden = isHere || Boolean(attempt) || navigator.onLine || opened.has(pathOf(href));
  }
}

/** Let the worker keep the pages that this one leads to by `data-ahead`: they are needed on the way, where they couldn't
 * be opened for the first time. */
async function keepAhead() {
  const urls = [...document.querySelectorAll("a[data-ahead]")].map(({ href }) => href);
  const person = await whoami();
  if (!person || !urls.length || !navigator.serviceWorker) return;
  const { active } = await navigator.serviceWorker.ready;
  const ask = () => active.postMessage({ type: "ahead", person, urls });
  if (globalThis.requestIdleCallback) requestIdleCallback(ask, { timeout: UNHURRIED });
  else setTimeout(ask, UNHURRIED);
}

addEventListener("online", mark);
addEventListener("offline", mark);
document.addEventListener("htmx:after:swap", mark);
document.addEventListener("tomoni:sent", mark);
mark();
if (document.readyState === "complete") keepAhead();
else addEventListener("load", keepAhead);
