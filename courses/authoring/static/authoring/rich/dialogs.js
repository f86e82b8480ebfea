/* Asking for a link's address, and for the term that a word is. */

import { api } from "../desk/api.js";
import { ask, word } from "../desk/page.js";
import { isSafe } from "./clean.js";

// --- Link --------------------------------------------------------------------------------------------
const linking = document.querySelector("[data-link-dialog]");

/** Return an address that was typed as people type them, made whole. */
export function wholeAddress(typed) {
  const text = typed.normalize("NFKC").trim();
  if (!text || isSafe(text)) return text;
  if (/^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/.test(text)) return `mailto:${text}`;
  if (/^[\w-]+(\.[\w-]+)+([/?#]\S*)?$/.test(text)) return `https://${text}`;
  return "";
}

/** Ask where a link leads, and set, change or take it away. */
export async function askLink(editor) {
  const input = linking.querySelector("input");
  const error = linking.querySelector("[data-link-error]");
  const now = editor.getAttributes("link").href ?? "";
  input.value = now;
  error.hidden = true;
  linking.querySelector('[value="away"]').hidden = !now;
  const onSubmit = (event) => {
    const bad = event.submitter?.value === "set" && !wholeAddress(input.value);
    error.hidden = !bad;
    input.setAttribute("aria-invalid", String(bad));
    if (bad) event.preventDefault();
  };
  linking.addEventListener("submit", onSubmit);
  const answer = await ask(linking);
  linking.removeEventListener("submit", onSubmit);
  const edit = editor.chain().focus().extendMarkRange("link");
  const href = wholeAddress(input.value);
  if (answer === "away") edit.unsetLink().run();
  else if (answer === "set" && !now && editor.state.selection.empty) {
    editor.chain().focus().insertContent({ type: "text", text: input.value.trim(), marks: [{ type: "link", attrs: { href } }] }).run();
  } else if (answer === "set") edit.setLink({ href }).run();
  else editor.commands.focus();
}

// --- Term --------------------------------------------------------------------------------------------
const naming = document.querySelector("[data-term-dialog]");

/** Ask which term a word is; typing searches, arrows choose, Enter takes. */
export async function askTerm(editor, url) {
  const input = naming.querySelector("input");
  const list = naming.querySelector('[role="listbox"]');
  const { from, to } = editor.state.selection;
  const marked = editor.state.doc.textBetween(from, to, " ").trim();
  const picker = new Picker(input, list, naming.querySelector("[data-term-none]"), url);
  naming.querySelector('[value="away"]').hidden = !editor.isActive("term");
  input.value = marked.slice(0, 60);
  picker.search();
  const answer = await ask(naming);
  const { chosen } = picker;
  picker.end();
  const edit = editor.chain().focus();
  if (answer === "away") edit.extendMarkRange("term").unsetMark("term").run();
  else if (answer !== "set" || !chosen) editor.commands.focus();
  else if (marked) edit.setMark("term", { term: chosen.id }).setTextSelection(to).unsetMark("term").run();
  else edit.insertContent({ type: "text", text: chosen.word, marks: [{ type: "term", attrs: { term: chosen.id } }] }).run();
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
    else if (this.chosen) naming.close("set");
    event.preventDefault();
  }

  #onClick(option) {
    if (!option) return;
    this.#choose([...this.list.children].indexOf(option));
    naming.close("set");
  }
}
