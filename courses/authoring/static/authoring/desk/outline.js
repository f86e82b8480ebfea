/* The list of a draft's blocks beside it: where one is, where something is to be mended, a way to each. */

import { copyOf, word } from "./page.js";

/** Draw the outline. `glance(block)` gives a block's first words, `label(block)` its kind. */
export function drawOutline(list, document, { label, glance, problems, current }) {
  const flagged = new Set(problems.map((problem) => problem.block));
  const rows = document.blocks.map((block, place) => {
    const row = list.children[place] ?? copyOf("[data-outline-row]");
    const link = row.querySelector("a");
    const words = glance(block);
    link.dataset.goto = block.key;
    if (link.hash !== `#block-${block.key}`) link.href = `#block-${block.key}`;
    set(row.querySelector("[data-no]"), String(place + 1));
    const first = row.querySelector("[data-glance]");
    set(first, words || label(block));
    if (words) first.lang = document.language;
    else first.removeAttribute("lang");
    set(row.querySelector("[data-kind-label]"), words ? label(block) : "");
    row.querySelector("[data-flag]").hidden = !flagged.has(block.key);
    if (block.key === current) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
    return row;
  });
  if (rows.length !== list.children.length || rows.some((row, place) => row !== list.children[place])) {
    list.replaceChildren(...rows);
  }
  list.dataset.count = word("blocks", { n: rows.length });
}

function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
