/* Picking from the item bank: a search, and each item that fits with a button. */

const PAUSE = 250;
const LETTERS = "ABCDEFGH";

export class BankDialog {
  #timer = 0;
  #asked = 0;

  /** `tools`: {word, context, take(item), holds(id)}. */
  constructor(root, tools) {
    this.root = root;
    this.tools = tools;
    this.dialog = root.querySelector("[data-bank-dialog]");
    this.url = root.querySelector("[data-quiz]").dataset.bank;
    this.list = this.dialog.querySelector("[data-bank-list]");
    this.words = this.dialog.querySelector("[data-bank-word]");
    this.tag = this.dialog.querySelector("[data-bank-tag]");
    this.words.addEventListener("input", (event) => this.#soon(event));
    this.words.addEventListener("compositionend", () => this.#soon({}));
    this.tag.addEventListener("change", () => this.#search());
    this.dialog.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target === this.words) event.preventDefault();
    });
    this.dialog.addEventListener("click", ({ target }) => {
      if (target.closest("[data-shut]")) this.dialog.close();
      else if (target.closest("[data-take]")) this.#take(target.closest("li"));
    });
  }

  open() {
    const before = document.activeElement;
    this.dialog.addEventListener("close", () => before?.isConnected && before.focus(), { once: true });
    this.dialog.showModal();
    this.words.focus();
    this.#search();
  }

  #soon({ isComposing }) {
    clearTimeout(this.#timer);
    if (!isComposing) this.#timer = setTimeout(() => this.#search(), PAUSE);
  }

  async #search() {
    const asked = (this.#asked += 1);
    const said = this.dialog.querySelector("[data-bank-said]");
    const { word, context } = this.tools;
    said.textContent = word("searching");
    let answer = null;
    try {
      answer = await context.api.get(this.url, { q: this.words.value.trim(), tag: this.tag.value });
    } catch {
      // told below, as every other answer that is none
    }
    if (asked !== this.#asked) return; // somebody has typed on
    if (!answer?.ok) {
      said.textContent = word("unreached");
      return;
    }
    const { items, tags, more } = answer.body;
    this.#offer(tags);
    this.list.replaceChildren(...items.map((item) => this.#row(item)));
    said.textContent = word(items.length ? (more ? "found-most" : "found") : "nothing", { n: items.length });
  }

  #offer(tags = []) {
    const { value } = this.tag;
    const [all] = this.tag.options;
    this.tag.replaceChildren(all, ...tags.map((tag) => new globalThis.Option(tag, tag)));
    this.tag.value = tags.includes(value) ? value : "";
  }

  #row(item) {
    const row = this.root.querySelector("template[data-found]").content.firstElementChild.cloneNode(true);
    const { word } = this.tools;
    const options = item.options.map(({ text }, place) => `${LETTERS[place]} ${text}`).join(" · ");
    row.item = item;
    row.querySelector("[data-stem]").textContent = item.stem;
    row.querySelector("[data-stem]").lang = item.language;
    row.querySelector("[data-about]").textContent = [item.code, ...item.tags, options].join(" · ");
    if (this.tools.holds(item.id)) row.querySelector("[data-take-word]").textContent = word("put-in-again");
    row.querySelector("[data-take]").setAttribute("aria-label", `${row.querySelector("[data-take-word]").textContent}: ${item.stem}`);
    return row;
  }

  #take(row) {
    if (!this.tools.take(row.item)) return;
    const label = row.querySelector("[data-take-word]");
    label.textContent = this.tools.word("put-in");
    row.querySelector("[data-take]").setAttribute("aria-label", `${label.textContent}: ${row.item.stem}`);
  }

  destroy() {
    clearTimeout(this.#timer);
    if (this.dialog.open) this.dialog.close();
  }
}
