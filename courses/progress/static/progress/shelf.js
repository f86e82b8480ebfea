/* The shelf's marks: what is on this phone, and without network what has to wait. */

import "../catalog/phone.js";
import { kept, openable } from "./keep.js";

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

addEventListener("online", mark);
addEventListener("offline", mark);
document.addEventListener("htmx:after:swap", mark);
mark();
