/* Keeping a question in the item bank: asks for tags, sends a copy, remembers whose copy it is from then on. */

import { showAt } from "./problems.js";

export class KeepDialog {
  #question = null;

  /** `tools`: {word, say, changed, context}. */
  constructor(root, tools) {
    this.tools = tools;
    this.dialog = root.querySelector("[data-keep-dialog]");
    this.url = root.querySelector("[data-quiz]").dataset.bank;
    this.dialog.addEventListener("click", ({ target }) => {
      if (target.closest("[data-shut]")) this.dialog.close();
      else if (target.closest("[data-keep-it]")) this.#send();
    });
    this.dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || !event.target.dataset.keep) return;
      event.preventDefault();
      this.#send();
    });
  }

  ask(question) {
    this.#question = question;
    this.#tell([]);
    this.dialog.addEventListener("close", () => question.root.isConnected && question.focus("menu"), { once: true });
    this.dialog.showModal();
    this.dialog.querySelector("[data-keep]").focus();
  }

  #tell(messages) {
    showAt(this.dialog.querySelector("[data-keep-problem]"), this.tools, messages);
  }

  async #send() {
    const { word, say, changed, context } = this.tools;
    const question = this.#question;
    const button = this.dialog.querySelector("[data-keep-it]");
    if (button.getAttribute("aria-busy")) return;
    const [skills, products] = ["skills", "products"].map((name) => this.dialog.querySelector(`[data-keep="${name}"]`).value);
    const { kind, stem, weight, explanation, options } = question.value();
    const language = document.querySelector('[data-doc="language"], select[data-field="language"]')?.value ?? "";
    button.setAttribute("aria-busy", "true");
    let answer = null;
    try {
      answer = await context.api.post(this.url, { kind, stem, weight, explanation, options, skills, products, language });
    } catch {
      // told below
    }
    button.removeAttribute("aria-busy");
    if (!answer?.ok) {
      this.#tell([answer?.body?.message ?? word("unreached")]);
      return;
    }
    question.markKept(answer.body.id);
    changed(`items.${question.key}.bank`);
    this.dialog.close();
    say(word("kept"));
  }

  destroy() {
    if (this.dialog.open) this.dialog.close();
  }
}
