/* "/" opens what can be done here: typing goes on and filters, arrows choose, Enter takes, Escape closes.
 * The focus stays in the text, which names the chosen option as its active descendant. */

import { say, word } from "../desk/page.js";

const BEGUN = /(?:^|[\s　])([/／]([^\s/／　]{0,16}))$/;

/** Letters as they are compared: width, case and kana make no difference. */
const folded = (text) =>
  text.normalize("NFKC").toLowerCase().replace(/[ァ-ヶ]/g, (each) => String.fromCharCode(each.charCodeAt(0) - 0x60));

const list = document.querySelector("[data-slash]");
const options = [...(list?.querySelectorAll('[role="option"]') ?? [])];

export class Slash {
  #from = -1;
  #left = -1; // where Escape has closed it
  #chosen = null;

  /** `run(name, kind)` is called after the typed "/…" is gone. */
  constructor(editor, run) {
    this.editor = editor;
    this.run = run;
  }

  get isOpen() {
    return this.#from >= 0;
  }

  /** Look whether a "/" stands before the cursor; called after every change. */
  look() {
    const { selection } = this.editor.state;
    const { $from, empty } = selection;
    const before = empty && $from.parent.isTextblock ? $from.parent.textBetween(0, $from.parentOffset, "", "￼") : "";
    const found = this.editor.isFocused && !$from.parent.type.spec.code && BEGUN.exec(before);
    if (!found) return this.close();
    const from = $from.pos - found[1].length;
    if (from === this.#left) return;
    this.#show(from, folded(found[2]));
  }

  #show(from, query) {
    const hits = options.filter((option) => folded(`${option.textContent} ${option.dataset.also}`).includes(query));
    for (const option of options) option.hidden = !hits.includes(option);
    for (const group of list.querySelectorAll('[role="group"]')) {
      group.hidden = !group.querySelector('[role="option"]:not([hidden])');
    }
    if (!hits.length) return this.close();
    const isNew = !this.isOpen;
    this.#from = from;
    list.hidden = false;
    open = this;
    const { dom } = this.editor.view;
    dom.setAttribute("aria-controls", list.id);
    this.#choose(hits.includes(this.#chosen) ? this.#chosen : hits[0]);
    this.#place();
    if (isNew || query) say(word("slash-open", { n: hits.length, name: this.#chosen.querySelector("[data-name]").textContent }));
  }

  #place() {
    const at = this.editor.view.coordsAtPos(this.#from);
    const { offsetWidth: width, offsetHeight: height } = list;
    const seen = visualViewport; // what a phone's keyboard leaves free
    const below = at.bottom + 6;
    const fits = below + height < (seen ? seen.offsetTop + seen.height : innerHeight);
    list.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
    list.style.top = `${Math.max(8, fits ? below : at.top - height - 6)}px`;
  }

  #choose(option) {
    for (const each of options) each.setAttribute("aria-selected", String(each === option));
    this.#chosen = option;
    this.editor.view.dom.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  /** A key while it is open; returns whether it was meant for the menu. */
  onKey(event) {
    if (!this.isOpen || event.isComposing) return false;
    const hits = options.filter((option) => !option.hidden);
    const at = hits.indexOf(this.#chosen);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
    if (event.altKey) return false;
    if (next !== undefined) this.#choose(hits[(next + hits.length) % hits.length]);
    else if (event.key === "Enter" || event.key === "Tab") this.take(this.#chosen);
    else if (event.key === "Escape") {
      this.#left = this.#from;
      this.close();
    } else return false;
    event.preventDefault();
    return true;
  }

  take(option) {
    const from = this.#from;
    this.close();
    this.editor.chain().focus().deleteRange({ from, to: this.editor.state.selection.from }).run();
    this.run(option.dataset.do, option.dataset.insert);
  }

  close() {
    if (!this.isOpen) return;
    this.#from = -1;
    this.#chosen = null;
    list.hidden = true;
    open = null;
    const { dom } = this.editor.view;
    dom.removeAttribute("aria-controls");
    dom.removeAttribute("aria-activedescendant");
  }
}

let open = null;
list?.addEventListener("pointerdown", (event) => event.preventDefault());
list?.addEventListener("click", ({ target }) => {
  const option = target.closest('[role="option"]');
  if (option) open?.take(option);
});
addEventListener("scroll", () => open?.look(), { passive: true });
