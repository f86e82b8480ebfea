/* The blocks of a draft as cards: each is drawn by the module of its kind, and moved, added or taken away here. */

import { blockOf, emptyData, inserted, moved, placeOf, plain, replaced, same, withData, without } from "./document.js";
import { copyOf, makeIdsOwn, newKey, say, word } from "./page.js";
import { showUnpressed } from "./press.js";
import { showProblems } from "./problems.js";

export class Cards {
  #cards = new Map();
  #problems = [];

  /** `kinds`: Map of kind -> {label, template, mount}; `lend(key)`: what a block's module gets besides. */
  constructor(list, draft, kinds, lend) {
    this.list = list;
    this.draft = draft;
    this.kinds = kinds;
    this.lend = lend;
    list.addEventListener("click", (event) => this.#onClick(event));
    list.addEventListener("keydown", (event) => this.#onKey(event));
    list.addEventListener("focusout", (event) => this.#onLeave(event));
  }

  // --- Showing -------------------------------------------------------------------------------------
  show(document) {
    const { blocks } = document;
    for (const card of [...this.#cards.values()]) {
      if (blockOf(document, card.key)?.kind !== card.kind) this.#drop(card);
    }
    for (const [place, block] of blocks.entries()) {
      const card = this.#cards.get(block.key) ?? this.#make(block);
      if (card.data !== block.data) this.#fill(card, block.data);
      const there = this.list.children[place] ?? null;
      if (there !== card.root) this.#put(card.root, there);
      this.#name(card, place, blocks.length);
    }
  }

  #make(block) {
    const root = copyOf("[data-card]");
    const { key, kind } = block;
    root.dataset.block = key;
    root.id = `block-${key}`;
    makeIdsOwn(root, key);
    const card = { key, kind, root, body: root.querySelector("[data-body]"), isNew: false };
    this.#cards.set(key, card);
    this.#mount(card, block.data);
    return card;
  }

  #mount(card, data) {
    const { mount, template } = this.kinds.get(card.kind) ?? {};
    card.data = data;
    card.problems = [];
    card.handle?.destroy?.();
    card.handle = null;
    const copy = mount && template.content.cloneNode(true);
    card.body.replaceChildren(copy ?? Object.assign(document.createElement("p"), { textContent: word("unknown-kind") }));
    if (!copy) return;
    makeIdsOwn(card.body, card.key);
    card.handle = mount(card.body, data, this.#context(card));
  }

  #context(card) {
    return {
      ...this.lend(card.key),
      key: card.key,
      changed: (field = "") => this.#changed(card, field),
      insert: (kind, parts) => this.#insert(card, kind, parts),
    };
  }

  #fill(card, data) {
    if (!card.handle?.set) return this.#mount(card, data);
    card.data = data;
    card.handle.set(data);
  }

  #drop(card) {
    card.handle?.destroy?.();
    card.root.remove();
    this.#cards.delete(card.key);
  }

  /** Put a card before another one; where the browser can, it keeps the focus on the way. */
  #put(root, before) {
    if (root.isConnected && this.list.moveBefore) return this.list.moveBefore(root, before);
    const focused = root.contains(document.activeElement) ? document.activeElement : null;
    this.list.insertBefore(root, before);
    focused?.focus({ preventScroll: true });
  }

  label(block) {
    return this.kinds.get(block.kind)?.label ?? block.kind;
  }

  #name(card, place, count) {
    const label = this.label(card);
    const set = (selector, text) => {
      const element = card.root.querySelector(selector);
      if (element && element.textContent !== text) element.textContent = text;
    };
    set("[data-no]", String(place + 1));
    set("[data-kind-label]", label);
    for (const each of card.root.querySelectorAll("[data-of-block]")) {
      const said = word(each.dataset.ofBlock, { n: place + 1, kind: label });
      if (each.textContent !== said) each.textContent = said;
    }
    const ends = { up: place === 0, down: place === count - 1 };
    for (const [way, atEnd] of Object.entries(ends)) {
      card.root.querySelector(`[data-move="${way}"]`).setAttribute("aria-disabled", String(atEnd));
    }
  }

  // --- Problems ------------------------------------------------------------------------------------
  showProblems(problems = this.#problems) {
    this.#problems = problems;
    for (const card of this.#cards.values()) {
      const mine = card.isNew ? [] : problems.filter((each) => each.block === card.key);
      if (!same(card.problems ?? [], mine)) showProblems(card, mine);
      card.problems = mine;
    }
  }

  #onLeave({ target, relatedTarget }) {
    const card = this.#of(target);
    if (!card?.isNew || card.root.contains(relatedTarget) || relatedTarget?.closest("dialog")) return;
    card.isNew = false;
    showUnpressed(() => this.showProblems());
  }

  // --- Changing ------------------------------------------------------------------------------------
  #changed(card, field) {
    if (!card.handle) return;
    const data = card.handle.value();
    if (same(data, card.data)) return this.list.dispatchEvent(new CustomEvent("recheck", { bubbles: true }));
    card.data = data;
    this.draft.change(withData(this.draft.document, card.key, data), { group: `${card.key}.${field}` });
  }

  /** Add a block of a kind at a place; the focus goes into it. `give`: what its module gets, as a dropped file. */
  add(kind, place, data = emptyData(kind), give = null) {
    const block = { key: newKey(), kind, data };
    this.draft.change(inserted(this.draft.document, place, block));
    this.#welcome(block, give);
  }

  /** Part a text: the block becomes `before`, a new block, and `after`; empty parts fall away. */
  #insert(card, kind, { before = null, after = null, data = emptyData(kind), give = null }) {
    const block = { key: newKey(), kind, data };
    const parts = [
      ...(before ? [{ key: card.key, kind: card.kind, data: before }] : []),
      block,
      ...(after ? [{ key: newKey(), kind: card.kind, data: after }] : []),
    ];
    this.draft.change(replaced(this.draft.document, card.key, parts));
    this.#welcome(block, give);
  }

  #welcome(block, give) {
    const card = this.#cards.get(block.key);
    if (!card) return;
    card.isNew = true;
    card.root.scrollIntoView({ block: "nearest" });
    card.handle?.focus?.();
    if (give) card.handle?.take?.(give);
    this.showProblems();
    say(word("added", { kind: this.label(block) }));
  }

  move(key, place) {
    const block = blockOf(this.draft.document, key);
    const count = this.draft.document.blocks.length;
    const next = moved(this.draft.document, key, place);
    if (next === this.draft.document) return;
    this.draft.change(next);
    this.#cards.get(key).root.scrollIntoView({ block: "nearest" });
    say(word("moved", { kind: this.label(block), n: placeOf(next, key) + 1, count }));
  }

  remove(key) {
    const { document } = this.draft;
    const place = placeOf(document, key);
    const next = document.blocks[place + 1] ?? document.blocks[place - 1];
    this.draft.change(without(document, key));
    if (next) this.nameOf(next.key).focus();
    else globalThis.document.querySelector("[data-add]")?.focus();
    this.list.dispatchEvent(new CustomEvent("removed", { bubbles: true, detail: this.label(document.blocks[place]) }));
  }

  double(key) {
    const { document } = this.draft;
    const { kind, data } = blockOf(document, key);
    this.add(kind, placeOf(document, key) + 1, freshKeys(structuredClone(data)));
  }

  nameOf = (key) => this.#cards.get(key)?.root.querySelector("[data-name]");

  /** Put the focus into a block, at a field of it where there is one. */
  focus(key, field = "") {
    const card = this.#cards.get(key);
    if (!card) return;
    card.root.scrollIntoView({ block: "start" });
    const input = field && card.root.querySelector(`[data-field="${CSS.escape(field)}"]`);
    if (input?.matches("input, textarea, select, button")) input.focus();
    else if (card.handle?.focus) card.handle.focus(field);
    else this.nameOf(key).focus();
  }

  /** Return how a field of a block is called on its card, "" where it has no label of its own. */
  partOf(key, field) {
    const card = this.#cards.get(key);
    if (card?.handle?.part) return card.handle.part(field);
    const input = field && card?.body.querySelector(`[data-field="${CSS.escape(field)}"]`);
    const label = input?.id && card.body.querySelector(`label[for="${input.id}"]`);
    return label ? label.firstChild.textContent.trim() : "";
  }

  /** Return the first lines of a block, for the outline. */
  glance = (block) => plain(block)[0]?.slice(0, 60) ?? "";

  // --- Buttons and keys ----------------------------------------------------------------------------
  #of = (element) => this.#cards.get(element.closest("[data-block]")?.dataset.block);

  #onClick({ target }) {
    const card = this.#of(target);
    const button = target.closest(".blk-head button");
    if (!card || !button || button.getAttribute("aria-disabled") === "true") return;
    const place = placeOf(this.draft.document, card.key);
    const menu = button.closest("[data-menu]");
    if (menu) menu.open = false;
    if (button.dataset.move) this.move(card.key, place + (button.dataset.move === "up" ? -1 : 1));
    else if ("double" in button.dataset) this.double(card.key);
    else if ("remove" in button.dataset) this.remove(card.key);
    else if ("addBelow" in button.dataset) {
      this.list.dispatchEvent(new CustomEvent("wanted", { bubbles: true, detail: place + 1 }));
    }
  }

  #onKey(event) {
    const card = this.#of(event.target);
    if (!card || event.isComposing || event.target.matches("select")) return;
    const place = placeOf(this.draft.document, card.key);
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.altKey && step && !event.defaultPrevented) this.move(card.key, place + step);
    else if (event.ctrlKey && event.key === "Enter") { // a text has prevented its default, as it does with every Enter
      this.list.dispatchEvent(new CustomEvent("wanted", { bubbles: true, detail: place + 1 }));
    } else return;
    event.preventDefault();
  }
}

/** Give a copy keys of its own wherever the original had them. */
function freshKeys(value) {
  if (Array.isArray(value)) return value.map(freshKeys);
  if (!value || typeof value !== "object") return value;
  const copy = Object.fromEntries(Object.entries(value).map(([name, each]) => [name, freshKeys(each)]));
  if (typeof copy.key === "string" && "stem" in copy) copy.key = newKey();
  return copy;
}
