/* Two wrote in one draft, or one in two windows: who and when, and what becomes of both. Nothing is decided unasked. */

import { differences, joined, plain } from "./document.js";
import { ask, clock, copyOf, say, word } from "./page.js";

export class Conflict {
  #theirs = null;

  /** `naming(row)` says in words which block or field a difference is in. */
  constructor(root, dialog, { draft, saver, naming }) {
    Object.assign(this, { root, dialog, draft, saver, naming });
    root.addEventListener("click", ({ target }) => this.#onClick(target.closest("[data-resolve]")));
    saver.addEventListener("conflict", ({ detail }) => this.show(detail));
  }

  show(theirs) {
    this.#theirs = theirs;
    const { by, own, at } = theirs;
    const said = { name: by || word("somebody"), time: clock(at) };
    this.root.querySelector("[data-conflict-title]").textContent = word(own ? "conflict-title-own" : "conflict-title", said);
    this.root.querySelector('[data-resolve="theirs"]').textContent = word(own ? "take-own" : "take-theirs");
    this.root.querySelector('[data-resolve="join"]').hidden = this.#rows().some((row) => row.clash);
    this.root.hidden = false;
    this.root.scrollIntoView({ block: "nearest" });
  }

  #rows = () => differences(this.saver.ancestor, this.draft.document, this.#theirs.document);

  #onClick(button) {
    const way = button?.dataset.resolve;
    if (way === "look") this.#look();
    else if (way === "join") this.#decide((row) => (row.side === "theirs" ? "theirs" : "mine"), way);
    else if (way) this.#decide(() => way, way);
  }

  #decide(choose, way) {
    const theirs = this.#theirs;
    const whole = { theirs: theirs.document, mine: this.draft.document }[way];
    const document = whole ?? joined(this.saver.ancestor, this.draft.document, theirs.document, choose);
    this.#theirs = null;
    this.root.hidden = true;
    this.saver.goOn(theirs, document);
    say(word(`conflict-${way}`));
  }

  /** Show mine and theirs side by side; block by block one is chosen. */
  async #look() {
    const rows = this.#rows();
    const list = this.dialog.querySelector("[data-compare-rows]");
    list.replaceChildren(...rows.map((row, place) => this.#row(row, place)));
    if ((await ask(this.dialog)) !== "use" || !this.#theirs) return;
    const chosen = new Map(rows.map((row, place) => [row.field ?? row.key, this.#chosen(place)]));
    this.#decide((row) => chosen.get(row.field ?? row.key) ?? "mine", "join");
  }

  #chosen = (place) => this.dialog.querySelector(`[name="side-${place}"]:checked`).value;

  #row(row, place) {
    const item = copyOf("[data-compare-row]");
    item.querySelector("legend").textContent = this.naming(row);
    for (const side of ["mine", "theirs"]) {
      const input = item.querySelector(`input[value="${side}"]`);
      input.name = `side-${place}`;
      input.checked = side === (row.side === "theirs" ? "theirs" : "mine");
      item.querySelector(`[data-side="${side}"]`).replaceChildren(...said(row, side));
    }
    const { own, by } = this.#theirs;
    item.querySelector("[data-who]").textContent = word(own ? "theirs-own" : "theirs-of", { name: by || word("somebody") });
    return item;
  }
}

function said(row, side) {
  const value = row[side];
  const lines = row.key ? plain(value, true) : [String(value ?? "")];
  const shown = lines.some((line) => line) ? lines : [word(value ? "empty" : "not-there")];
  return shown.map((line) => Object.assign(document.createElement("p"), { textContent: line }));
}
