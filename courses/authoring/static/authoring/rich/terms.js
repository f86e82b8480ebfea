/* Asking which term a word is: one of the list, or a new one that is added to it. */

import { api, NotReachedError } from "../desk/api.js";
import { ask, word } from "../desk/page.js";

const dialog = document.querySelector("[data-term-dialog]");

/** Ask which term a word is; typing searches, arrows choose, Enter takes. */
export async function askTerm(editor, url) {
  const input = dialog.querySelector('[role="combobox"]');
  const { from, to } = editor.state.selection;
  const marked = editor.state.doc.textBetween(from, to, " ").trim();
  const picker = new Picker(input, dialog.querySelector('[role="listbox"]'), dialog.querySelector("[data-term-none]"), url);
  const adding = new Adding(input, url, (term) => picker.take(term));
  dialog.querySelector('[value="away"]').hidden = !editor.isActive("term");
  input.value = marked.slice(0, 60);
  picker.search();
  const answer = await ask(dialog);
  const { chosen } = picker;
  picker.end();
  adding.end();
  const edit = editor.chain().focus();
  if (answer === "away") edit.extendMarkRange("term").unsetMark("term").run();
  else if (answer !== "set" || !chosen) editor.commands.focus();
  else if (marked) edit.setMark("term", { term: chosen.id }).setTextSelection(to).unsetMark("term").run();
  else edit.insertContent({ type: "text", text: chosen.word, marks: [{ type: "term", attrs: { term: chosen.id } }] }).run();
}

/** The part of the dialog that adds a word to the list. */
class Adding {
  constructor(input, url, take) {
    Object.assign(this, { input, url, take });
    this.box = dialog.querySelector("[data-term-new]");
    this.error = dialog.querySelector("[data-term-error]");
    this.ending = new AbortController();
    this.box.open = false;
    for (const field of this.box.querySelectorAll("input, textarea")) field.value = "";
    this.#complain("");
    const { signal } = this.ending;
    this.box.querySelector("[data-term-add]").addEventListener("click", () => this.#add(), { signal });
    this.box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || !event.target.matches("input")) return;
      event.preventDefault();
      this.#add();
    }, { signal });
  }

  end = () => this.ending.abort();

  #complain(text) {
    this.error.hidden = !text;
    this.error.querySelector("[data-text]").textContent = text;
  }

  async #add() {
    const value = (name) => this.box.querySelector(`[name="${name}"]`).value.trim();
    const language = document.querySelector('[data-doc="language"]').value;
    const term = { word: this.input.value.trim(), reading: value("reading"), meaning: value("meaning"), language };
    try {
      const { ok, body } = await api.post(this.url, term);
      if (ok) this.take(body);
      else this.#complain(body.message);
    } catch (error) {
      if (!(error instanceof NotReachedError)) throw error;
      this.#complain(word("not-reached"));
    }
  }
}

class Picker {
  #rows = [];
  #at = -1;
  #timer = 0;
  #asked = 0;

  constructor(input, list, none, url) {
    Object.assign(this, { input, list, none, url });
    this.ending = new AbortController();
    const { signal } = this.ending;
    input.addEventListener("input", () => this.#later(), { signal });
    input.addEventListener("keydown", (event) => this.#onKey(event), { signal });
    list.addEventListener("click", ({ target }) => this.#onClick(target.closest("[role=option]")), { signal });
  }

  get chosen() {
    return this.#rows[this.#at];
  }

  end() {
    clearTimeout(this.#timer);
    this.ending.abort();
  }

  /** Take a term that isn't in the rows. */
  take(term) {
    this.#rows = [term];
    this.#at = 0;
    dialog.close("set");
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.search(), 200);
  }

  async search() {
    const asked = (this.#asked += 1);
    let found = [];
    try {
      const { ok, body } = await api.get(this.url, { q: this.input.value.trim() });
      found = ok ? body.terms : [];
      this.none.textContent = word("term-none");
    } catch {
      this.none.textContent = word("not-reached");
    }
    if (asked !== this.#asked || this.ending.signal.aborted) return;
    this.#rows = found;
    this.list.replaceChildren(...found.map((term, place) => this.#option(term, place)));
    this.none.hidden = found.length > 0;
    this.list.hidden = !found.length;
    this.input.setAttribute("aria-expanded", String(found.length > 0));
    this.#choose(found.length ? 0 : -1);
  }

  #option({ word: written, reading, meaning }, place) {
    const option = document.createElement("li");
    Object.assign(option, { role: "option", id: `term-option-${place}` });
    const parts = { b: written, span: reading, small: meaning };
    for (const [tag, text] of Object.entries(parts)) {
      if (text) option.append(Object.assign(document.createElement(tag), { textContent: text }), " ");
    }
    return option;
  }

  #choose(place) {
    this.#at = place;
    for (const [at, option] of [...this.list.children].entries()) option.setAttribute("aria-selected", String(at === place));
    const option = this.list.children[place];
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  #onKey(event) {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const count = this.#rows.length;
    if (step && count) this.#choose((this.#at + step + count) % count);
    else if (event.key !== "Enter") return;
    else if (this.chosen) dialog.close("set");
    event.preventDefault();
  }

  #onClick(option) {
    if (!option) return;
    this.#choose([...this.list.children].indexOf(option));
    dialog.close("set");
  }
}
