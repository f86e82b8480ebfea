/* One question: what is asked, of which kind, its options, what is to be remembered, how much it counts. */

import { Option } from "./option.js";
import { arrange, armOrder, newKey } from "./order.js";
import { forget, tell } from "./problems.js";
import { trueAndFalse } from "./words.js";

const MOST = 8;
const LETTERS = "ABCDEFGH";
let counter = 0;

export class Question {
  #raw;
  #tools;
  #settled = false;

  /** `tools`: {root, word, say, changed, keep} of the quiz around it. */
  constructor(raw, tools) {
    this.#tools = tools;
    this.root = tools.root.querySelector("template[data-question]").content.firstElementChild.cloneNode(true);
    this.root.question = this;
    this.name = `quiz-${(counter += 1)}`;
    this.list = this.root.querySelector("[data-options]");
    for (const radio of this.#field("kind").querySelectorAll("input")) radio.name = `${this.name}-kind`;
    this.set({ key: newKey(), kind: "single", stem: "", weight: 1, explanation: "", ...raw, options: this.#begin(raw) });
    this.root.addEventListener("input", (event) => this.#onInput(event));
    this.root.addEventListener("click", (event) => this.#onClick(event));
    this.list.addEventListener("keydown", (event) => this.#onKey(event));
    this.list.addEventListener("paste", (event) => this.#onPaste(event));
    armOrder(this.list, "[data-option]", (row, place) => this.#move(row.option, place));
  }

  get key() {
    return this.#raw.key;
  }

  get bank() {
    return this.#raw.bank;
  }

  get kind() {
    return this.#field("kind").querySelector("input:checked")?.value ?? "single";
  }

  get options() {
    return [...this.list.children].map((each) => each.option);
  }

  #field(name) {
    return this.root.querySelector(`[data-q="${name}"]`);
  }

  #begin({ kind, options }) {
    if (options) return options;
    if (kind === "truefalse") return trueAndFalse(this.#tools.root);
    return [0, 1, 2].map(() => ({ key: newKey(), text: "", correct: false, explanation: "" })); // which is right, only its author says
  }

  value() {
    return {
      ...this.#raw,
      kind: this.kind,
      stem: this.#field("stem").value,
      weight: Number(this.#field("weight").value) || 1,
      explanation: this.#field("explanation").value,
      options: this.options.map((option) => option.value()),
    };
  }

  /** What a second one of it begins with: no copy of the bank's any more. */
  copy() {
    const { bank, ...rest } = this.value();
    return rest;
  }

  /** Show this question, changing only what is different. */
  set(raw) {
    this.#raw = raw;
    for (const name of ["stem", "explanation", "weight"]) {
      const input = this.#field(name);
      const text = String(raw[name] ?? (name === "weight" ? 1 : ""));
      if (input.value !== text) input.value = text;
    }
    const kind = this.#field("kind").querySelector(`[value="${CSS.escape(raw.kind ?? "single")}"]`);
    if (kind) kind.checked = true;
    const there = new Map(this.options.map((each) => [each.key, each]));
    const now = (raw.options ?? []).map((each) => {
      const option = there.get(each.key) ?? this.#add(each);
      if (there.has(each.key)) option.set(each);
      return option.root;
    });
    arrange(this.list, now);
    this.#letter();
    this.markKept(raw.bank);
  }

  #add(raw, before = null) {
    const option = new Option(raw, this.#tools, `${this.name}-right`);
    this.list.insertBefore(option.root, before);
    return option;
  }

  #letter() {
    for (const [place, each] of this.options.entries()) each.letter(LETTERS[place] ?? String(place + 1), this.kind === "multiple");
    this.root.querySelector("[data-add-option]").hidden = this.options.length >= (this.kind === "truefalse" ? 2 : MOST);
  }

  /** Say which one it is, and what it asks where it is folded. */
  number(place) {
    const { word } = this.#tools;
    this.root.querySelector("[data-number]").textContent = word("question", { n: place });
    this.root.querySelector("[data-menu-name]").textContent = word("question-menu", { n: place });
    this.#glance();
  }

  #glance() {
    const folded = this.root.hasAttribute("data-folded");
    this.root.querySelector("[data-glance]").textContent = folded ? this.#field("stem").value.trim() || this.#tools.word("empty") : "";
  }

  fold(folded) {
    this.root.toggleAttribute("data-folded", folded);
    this.root.querySelector("[data-body]").hidden = folded;
    this.root.querySelector("[data-fold]").setAttribute("aria-expanded", String(!folded));
    this.#glance();
  }

  closeMenu() {
    for (const menu of this.root.querySelectorAll("[data-menu]")) menu.open = false;
  }

  /** Remember whose copy it is, where it is one. */
  markKept(id) {
    if (id) this.#raw.bank = id;
    this.root.querySelector("[data-from-bank]").hidden = !this.#raw.bank;
  }

  /** Go to a field: stem, options.2.text, … or to the head or the menu of the question. */
  focus(field) {
    if (field === "menu") return this.root.querySelector("summary").focus();
    if (field === "head") return this.root.querySelector("[data-fold]").focus();
    this.fold(false);
    const [name, place, part] = field.split(".");
    const option = name === "options" ? this.options[Number(place ?? 1) - 1] : null;
    const target = option ? option.field(part ?? "text") : this.#field(name);
    (target?.matches("fieldset") ? target.querySelector("input") : (target ?? this.#field("stem"))).focus();
  }

  /** Note that somebody has left it: from now on it says what is to be mended. True the first time. */
  settle() {
    const first = !this.#settled;
    this.#settled = true;
    return first;
  }

  /** Say at each field what is to be mended; a question that is just being written is left alone. */
  problems(list) {
    forget(this.root);
    const shown = this.#settled ? list : [];
    this.root.toggleAttribute("data-error", shown.length > 0);
    for (const { field, message } of shown) {
      const [name, place, part] = field.split(".");
      const option = name === "options" && part ? this.options[Number(place) - 1] : null;
      const input = option ? option.field(part) : this.#field(name);
      const frame = option?.root ?? input?.closest(".field") ?? this.root.querySelector("[data-body]");
      tell(this.#tools.root, input?.matches("fieldset") ? null : input, frame, message);
    }
  }

  #changed(field = "") {
    this.#tools.changed(`items.${this.key}${field && "."}${field}`);
  }

  #onInput({ target }) {
    if (target.closest('[data-q="kind"]')) this.#turn();
    this.#changed(target.dataset.q ?? `${target.closest("[data-option]")?.option.key ?? "kind"}.${target.dataset.o ?? ""}`);
  }

  /** Change to another kind: one right option, several, or a statement with its two. */
  #turn() {
    const blank = this.options.every((option) => !option.value().text.trim());
    if (this.kind === "truefalse" && blank) {
      this.list.replaceChildren();
      for (const each of trueAndFalse(this.#tools.root)) this.#add(each);
    }
    const right = this.options.filter((option) => option.value().correct);
    if (this.kind !== "multiple" && right.length > 1) {
      for (const option of right.slice(1)) option.unmark();
      this.#tools.say(this.#tools.word("one-right"));
    }
    this.#letter();
  }

  #onClick({ target }) {
    const option = target.closest("[data-option]")?.option;
    const act = target.closest("[data-act]")?.dataset.act;
    if (target.closest("[data-fold]")) this.fold(!this.root.hasAttribute("data-folded"));
    else if (target.closest("[data-add-option]")) this.#insert().focus();
    else if (option && act) this.#act(option, act);
  }

  #act(option, act) {
    this.closeMenu();
    if (act === "remove") this.#remove(option);
    else {
      this.#move(option, this.options.indexOf(option) + (act === "up" ? -1 : 1));
      option.root.querySelector("summary").focus();
    }
  }

  #insert(before = null, text = "") {
    const option = this.#add({ key: newKey(), text, correct: false, explanation: "" }, before);
    this.#letter();
    this.#changed();
    return option.field("text");
  }

  #remove(option) {
    const next = option.root.previousElementSibling ?? option.root.nextElementSibling;
    option.root.remove();
    this.#letter();
    (next?.option.field("text") ?? this.root.querySelector("[data-add-option]")).focus();
    this.#tools.say(this.#tools.word("removed-option"));
    this.#changed();
  }

  #move(option, place) {
    const others = this.options.filter((each) => each !== option);
    const to = Math.max(0, Math.min(place, others.length));
    if (this.options[to] === option) return;
    this.list.insertBefore(option.root, others[to]?.root ?? null);
    this.#letter();
    this.#tools.say(this.#tools.word("moved-option", { letter: LETTERS[to] }));
    this.#changed();
  }

  /** Enter goes to the next option and makes it at the end; Backspace takes an empty one away. */
  #onKey(event) {
    const option = event.target.closest("[data-option]")?.option;
    if (event.target.dataset.o !== "text" || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const next = option.root.nextElementSibling;
    if (event.key === "Enter") {
      if (next) next.option.field("text").focus();
      else if (!this.root.querySelector("[data-add-option]").hidden) this.#insert().focus();
    } else if (event.key === "Backspace" && option.isBlank && this.options.length > 2) this.#remove(option);
    else return;
    event.preventDefault();
  }

  /** Several lines that are pasted become several options. */
  #onPaste(event) {
    const option = event.target.closest("[data-option]")?.option;
    if (event.target.dataset.o !== "text" || !option) return;
    const lines = event.clipboardData.getData("text/plain").split(/\r?\n/).map((text) => text.trim()).filter(Boolean);
    if (lines.length < 2) return;
    event.preventDefault();
    event.target.setRangeText(lines[0], event.target.selectionStart, event.target.selectionEnd, "end");
    for (const text of lines.slice(1)) {
      const blank = this.options.find((each, place) => place > this.options.indexOf(option) && each.isBlank);
      if (blank) blank.field("text").value = text;
      else if (this.options.length < MOST) this.#insert(null, text);
    }
    this.#changed();
  }
}
