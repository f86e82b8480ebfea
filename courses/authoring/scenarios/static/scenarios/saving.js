/* Saving by itself: what was typed is kept on this computer at once, and sent when typing pauses.
 *
 * Each field belongs to a part of the draft (a scene, an explanation, the settings); a part is sent with the revision
 * that its author looked at. What is refused stays here until it is written anew; what came with it is sent without it.
 * Tells "state" ({state, at?, message?}), "saved" (the answer), "refused" ({names, message}), "conflict" ({answer, part}). */

import { NotReachedError, send } from "../authoring/desk/api.js";

const PAUSE = 700;
const LONGEST_RETRY = 30_000;
const STATES = { offline: "computer", busy: "busy", signed_out: "signedout" };

export class Saving extends EventTarget {
  #pending = new Map();
  #refused = new Map();
  #bases = new Map();
  #timer = 0;
  #failures = 0;
  #running = null;
  #acting = null;
  #halted = "";

  /** `url`: where edits go; `revision`: what the page shows; `keep`: the name of this computer's copy. */
  constructor({ url, revision, keep }) {
    super();
    Object.assign(this, { url, revision, keep });
    addEventListener("online", () => this.#pending.size && this.flush());
    addEventListener("pagehide", () => this.#lastWord());
  }

  get isDirty() {
    return this.#pending.size + this.#refused.size > 0;
  }

  /** What is only here, in the order in which it was written. */
  get #held() {
    return [...this.#refused, ...this.#pending];
  }

  get fields() {
    return this.#held.map(([name, { values }]) => [name, values]);
  }

  /** Names of the fields that were refused, each with why. */
  get refused() {
    return [...this.#refused].map(([name, { message }]) => [name, message]);
  }

  /** The page shows everything as of this revision. */
  shows(revision) {
    this.revision = revision;
    this.#bases.clear();
  }

  baseOf = (part) => this.#bases.get(part) ?? this.revision;

  /** Fields that belong together were changed; `now` sends them at once, `redraw` asks for the form anew. */
  write(entries, part, { now = false, redraw = false } = {}) {
    const group = `${part}:${Math.random()}`;
    for (const [name, values] of entries) {
      this.#refused.delete(name);
      this.#pending.delete(name);
      this.#pending.set(name, { values, part, redraw, group });
    }
    this.#copy();
    this.#tell(this.#failures ? "computer" : "saving");
    clearTimeout(this.#timer);
    if (now) return this.flush();
    this.#timer = setTimeout(() => this.flush(), PAUSE);
    return undefined;
  }

  /** Send until nothing is left, after what was pressed before; resolves to whether that went well. */
  async flush() {
    while (this.#acting) await this.#acting.catch(() => {});
    return this.#flush();
  }

  async #flush() {
    clearTimeout(this.#timer);
    this.#running ??= this.#send().finally(() => (this.#running = null));
    await this.#running;
    if (this.#pending.size && !this.#failures && !this.#halted) return this.#flush();
    return !this.isDirty;
  }

  async #send() {
    while (this.#pending.size && !this.#halted) {
      const { part } = this.#pending.values().next().value;
      const sent = [...this.#pending].filter(([, each]) => each.part === part);
      try {
        await this.#round(part, sent);
      } catch (error) {
        if (!(error instanceof NotReachedError)) throw error;
        this.#failures += 1;
        this.#tell(STATES[error.kind]);
        this.#timer = setTimeout(() => this.flush(), Math.max(error.pause, Math.min(1000 * 2 ** this.#failures, LONGEST_RETRY)));
        return;
      }
    }
  }

  async #round(part, sent) {
    const { ok, status, body } = await send("POST", this.url, this.#form("save", part, sent));
    this.#failures = 0;
    if (status === 409) {
      this.#halted = part;
      this.#tell("conflict");
      this.dispatchEvent(new CustomEvent("conflict", { detail: { answer: body, part } }));
      return;
    }
    if (!ok) return this.#refuse(part, sent, body.message);
    for (const [name, each] of sent) if (this.#pending.get(name) === each) this.#pending.delete(name);
    this.#bases.set(part, body.revision);
    this.#copy();
    if (!this.isDirty) this.#tell("saved", { at: body.saved_at });
    this.dispatchEvent(new CustomEvent("saved", { detail: body }));
    if (!this.#pending.size) this.#tellRefused();
  }

  /** Find out by sending each group alone which was refused; it stays here, the others are saved. */
  async #refuse(part, sent, message) {
    const groups = new Set(sent.map(([, { group }]) => group));
    if (groups.size > 1) {
      for (const group of groups) if (!this.#halted) await this.#round(part, sent.filter(([, each]) => each.group === group));
      return;
    }
    for (const [name, each] of sent) {
      if (this.#pending.get(name) !== each) continue;
      this.#pending.delete(name);
      this.#refused.set(name, { ...each, message });
    }
    this.#copy();
    this.dispatchEvent(new CustomEvent("refused", { detail: { names: sent.map(([name]) => name), message } }));
    this.#tellRefused();
  }

  #tellRefused() {
    const [, message] = this.refused.at(-1) ?? [];
    if (message) this.#tell("refused", { message });
  }

  #form(action, part, entries = []) {
    const form = new FormData();
    for (const [name, value] of this.context()) form.append(name, value);
    form.append("do", action);
    form.append("base", this.baseOf(part));
    for (const [name, { values, redraw }] of entries) {
      for (const value of values) form.append(name, value);
      if (redraw) form.set("redraw", "1");
    }
    return form;
  }

  /** Where the page is; the desk says it. */
  context = () => [];

  /** Do what a button says, once everything typed is saved. Resolves to the answer, null where it was not reached.
   *
   * One act follows another, over what `show` has put on the page of the answer before. What was pressed behind one that
   * was not reached, or met somebody else's change, is not done: it resolves to undefined. */
  async act(action, part, show) {
    const before = this.#acting;
    const mine = this.#actAfter(before, action, part, show);
    this.#acting = mine;
    try {
      return await mine;
    } finally {
      if (this.#acting === mine) this.#acting = null;
    }
  }

  async #actAfter(before, action, part, show) {
    if (before) {
      const answer = await before;
      if (!answer || answer.status === 409) return undefined;
    }
    return this.#act(action, part, show);
  }

  async #act(action, part, show) {
    if (!(await this.#flush())) return null;
    try {
      const answer = await send("POST", this.url, this.#form(action, part));
      if (answer.ok && answer.body.saved_at) this.#tell("saved", { at: answer.body.saved_at });
      if (answer.ok) await show(answer.body);
      return answer;
    } catch (error) {
      if (!(error instanceof NotReachedError)) throw error;
      this.#tell(STATES[error.kind]);
      return null;
    }
  }

  /** Go on after a conflict: with mine, over what stands at `revision`, or without. */
  resolve(mine, revision) {
    const part = this.#halted;
    this.#halted = "";
    if (mine) this.#bases.set(part, revision);
    else for (const kept of [this.#pending, this.#refused]) for (const [name, each] of kept) if (each.part === part) kept.delete(name);
    this.#copy();
    return this.flush();
  }

  /** Take up what was typed here before and never arrived. Returns the fields. */
  takeUp() {
    let rows = [];
    try {
      rows = JSON.parse(localStorage.getItem(this.keep) ?? "[]");
    } catch {
      return [];
    }
    for (const { name, values, part, base, group = name } of rows) {
      this.#pending.set(name, { values, part, redraw: false, group });
      this.#bases.set(part, base);
    }
    return rows;
  }

  #copy() {
    const rows = this.#held.map(([name, { values, part, group }]) => ({ name, values, part, group, base: this.baseOf(part) }));
    try {
      if (rows.length) localStorage.setItem(this.keep, JSON.stringify(rows));
      else localStorage.removeItem(this.keep);
    } catch {
      // no room here: the server alone keeps it
    }
  }

  #lastWord() {
    if (!this.#pending.size || this.#halted || this.#running) return;
    const { part } = this.#pending.values().next().value;
    const sent = [...this.#pending].filter(([, each]) => each.part === part);
    send("POST", this.url, this.#form("save", part, sent), { keepalive: true }).catch(() => {});
  }

  #tell(state, more = {}) {
    this.dispatchEvent(new CustomEvent("state", { detail: { state, ...more } }));
  }
}
