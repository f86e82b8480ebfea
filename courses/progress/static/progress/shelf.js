/* The shelf's marks: what is on this phone, and without network what has to wait. */

import "../catalog/phone.js";
import { kept } from "./keep.js";

async function mark() {
  const here = new Set((await kept()).map((label) => label.module));
  for (const row of document.querySelectorAll("[data-shelf]")) {
    const isHere = here.has(row.dataset.shelf);
    row.querySelector("[data-shelf-kept]").hidden = !isHere;
    row.querySelector("[data-shelf-away]").hidden = isHere || navigator.onLine;
  }
}

addEventListener("online", mark);
addEventListener("offline", mark);
document.addEventListener("htmx:after:swap", mark);
mark();
