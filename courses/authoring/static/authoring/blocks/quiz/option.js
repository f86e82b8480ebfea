/* One option of a question: its text, whether it is right, and why. */

export class Option {
  #raw;
  #word;

  constructor(raw, { root, word }, group) {
    this.#word = word;
    this.root = root.querySelector("template[data-option]").content.firstElementChild.cloneNode(true);
    this.root.option = this;
    this.field("correct").name = group;
    this.set(raw);
  }

  get key() {
    return this.#raw.key;
  }

  get isBlank() {
    return !this.field("text").value && !this.field("explanation").value;
  }

  field(name) {
    return this.root.querySelector(`[data-o="${name}"]`);
  }

  value() {
    return { ...this.#raw, text: this.field("text").value, correct: this.field("correct").checked, explanation: this.field("explanation").value };
  }

  /** Show this option, changing only what is different. */
  set(raw) {
    this.#raw = raw;
    for (const name of ["text", "explanation"]) {
      if (this.field(name).value !== (raw[name] ?? "")) this.field(name).value = raw[name] ?? "";
    }
    this.field("correct").checked = Boolean(raw.correct);
  }

  unmark() {
    this.field("correct").checked = false;
  }

  /** Name it by its letter; among several right ones it has a box, else a round mark. */
  letter(letter, several) {
    const mark = this.field("correct");
    const { checked } = mark;
    mark.type = several ? "checkbox" : "radio";
    mark.checked = checked;
    this.root.querySelector("[data-letter]").textContent = letter;
    this.root.querySelector("[data-right-name]").textContent = this.#word("right", { letter });
    this.root.querySelector("[data-menu-name]").textContent = this.#word("option-menu", { letter });
    this.field("text").setAttribute("aria-label", this.#word("option", { letter }));
    this.field("explanation").setAttribute("aria-label", this.#word("why", { letter }));
  }
}
