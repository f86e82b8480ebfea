/* The draft in this page: its document, and the way back and forth through all that was done.
 *
 * Tells "change" with {from, to, why: "edit" | "undo" | "redo" | "taken"}. */

const STEPS = 300;
const PAUSE = 700;
const LONGEST = 4000;

export class Draft extends EventTarget {
  #past = [];
  #future = [];
  #step = { group: "", began: 0, last: 0 };

  constructor(document) {
    super();
    this.document = document;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  /** Go on with a new document. What follows quickly in one group (typing in one field) is one step back. */
  change(document, { group = "", why = "edit" } = {}) {
    if (document === this.document) return;
    const now = Date.now();
    const { began, last } = this.#step;
    const goesOn = group && group === this.#step.group && now - last < PAUSE && now - began < LONGEST;
    if (!goesOn) this.#past.push(this.document);
    if (this.#past.length > STEPS) this.#past.shift();
    this.#future = [];
    this.#step = { group, began: goesOn ? began : now, last: now };
    this.#go(document, why);
  }

  undo() {
    if (!this.canUndo) return;
    this.#future.push(this.document);
    this.#go(this.#past.pop(), "undo");
  }

  redo() {
    if (!this.canRedo) return;
    this.#past.push(this.document);
    this.#go(this.#future.pop(), "redo");
  }

  #go(document, why) {
    const from = this.document;
    this.document = document;
    if (why !== "edit") this.#step = { group: "", began: 0, last: 0 };
    this.dispatchEvent(new CustomEvent("change", { detail: { from, to: document, why } }));
  }
}
