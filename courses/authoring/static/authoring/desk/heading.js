/* What stands above the blocks: title, summary, minutes, language, picture. */

import { mountPicture } from "../blocks/picture.js";
import { withField } from "./document.js";

export class Heading {
  constructor(root, draft, context) {
    this.root = root;
    this.draft = draft;
    this.inputs = [...root.querySelectorAll("[data-doc]")];
    for (const input of this.inputs) {
      input.addEventListener("input", () => this.#onInput(input));
      input.addEventListener("blur", () => this.show(draft.document));
    }
    const frame = root.querySelector('[data-picture="picture"]');
    this.picture = frame && mountPicture(frame, draft.document.picture, context, () => this.#change("picture", this.picture.value()));
  }

  #onInput(input) {
    const { doc: field } = input.dataset;
    if (field !== "minutes") return this.#change(field, input.value);
    const minutes = Number.parseInt(input.value.normalize("NFKC"), 10);
    if (minutes >= 1 && minutes <= 60) this.#change(field, minutes); // anything else stays in the field alone
  }

  #change(field, value) {
    this.draft.change(withField(this.draft.document, field, value), { group: `document.${field}` });
  }

  show(now) {
    for (const input of this.inputs) {
      const value = String(now[input.dataset.doc] ?? "");
      const typing = input === document.activeElement && input.dataset.doc === "minutes";
      if (input.value !== value && !typing) input.value = value;
    }
    if (this.picture && this.picture.value() !== (now.picture ?? null)) this.picture.set(now.picture);
    for (const title of document.querySelectorAll("[data-title]")) {
      title.textContent = now.title.trim() || title.dataset.untitled;
      title.lang = now.title.trim() ? now.language : document.documentElement.lang;
    }
  }

  focus(field) {
    if (field === "blocks") return this.root.querySelector(".add-end").focus();
    if (field !== "title") this.root.querySelector("[data-about]").open = true;
    const input = this.inputs.find((each) => each.dataset.doc === field) ?? this.inputs[0];
    if (field === "picture") this.picture?.focus();
    else input.focus();
  }
}
