/* The shelf's marks: what is on this phone, and without network what has to wait. And what shall be here before that. */

import { whoami } from "../catalog/phone.js";
import { kept, openable } from "./keep.js";

const UNHURRIED = 2000;

const pathOf = (url) => new URL(url, location.href).pathname;

async function mark() {
  const here = new Set((await kept()).map((label) => label.module));
  const opened = new Set(navigator.onLine ? [] : (await openable()).map(pathOf));
  for (const row of document.querySelectorAll("[data-shelf]")) {
    const isHere = here.has(row.dataset.shelf);
    const { href } = row.matches("a") ? row : row.querySelector("a[href]");
    row.querySelector("[data-shelf-kept]").hidden = !isHere;
    row.querySelector("[data-shelf-away]").hidden = isHere || navigator.onLine || opened.has(pathOf(href));
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
mark();
if (document.readyState === "complete") keepAhead();
else addEventListener("load", keepAhead);
