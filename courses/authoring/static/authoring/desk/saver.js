/* Saving by itself: to this computer within a moment, to the server when typing pauses and at least every two seconds.
 *
 * Tells "state" with {state, at?, message?, field?}: saved, saving, computer (no network), busy, signedout, conflict,
 * refused; "conflict" with what the server holds; "problems" with {problems, warnings}. Nothing is ever written over what
 * somebody else has saved: each saving names the revision that it builds on. */

import { NotReachedError, send } from "./api.js";
import { same } from "./document.js";

const COPY_AFTER = 200;
const PAUSE = 1000;
const AT_LEAST = 1500; // the rest of the two seconds is for the way to the server
const LONGEST_RETRY = 30_000;
const KEEPALIVE_MOST = 60_000;

const STATES = { offline: "computer", busy: "busy", signed_out: "signedout" };

export class Saver extends EventTarget {
  #copyTimer = 0;
  #saveTimer = 0;
  #firstUnsaved = 0;
  #failures = 0;
  #running = null;
  #unanswered = null;
  #kept = true;
  #halted = false;

  constructor({ draft, url, revision, savedAt, copies }) {
    super();
    Object.assign(this, { draft, url, revision, savedAt, copies });
    this.ancestor = draft.document;
    draft.addEventListener("change", () => this.touched());
    addEventListener("online", () => this.#soon(0));
    addEventListener("focus", () => this.#failures && this.#soon(0));
    addEventListener("visibilitychange", () => this.#onHidden());
    addEventListener("pagehide", () => this.#lastWord());
    addEventListener("beforeunload", (event) => this.isDirty && !this.#kept && event.preventDefault());
  }

  get isDirty() {
    return this.draft.document !== this.ancestor;
  }

  /** Something has changed: keep it here within a moment, and save it soon. */
  touched() {
    this.#copyTimer ||= setTimeout(() => this.#copy(), COPY_AFTER);
    if (this.#halted) return;
    const now = Date.now();
    this.#firstUnsaved ||= now;
    if (!this.#failures) this.#tell("saving");
    this.#soon(Math.max(0, Math.min(PAUSE, this.#firstUnsaved + AT_LEAST - now)));
  }

  async #copy() {
    clearTimeout(this.#copyTimer);
    this.#copyTimer = 0;
    if (!this.isDirty) return;
    const { revision: base, ancestor } = this;
    const rows = { base, ancestor, unanswered: this.#unanswered, document: this.draft.document };
    this.#kept = await this.copies.keep(rows);
    if (!this.isDirty) await this.copies.forget(); // it was saved meanwhile
  }

  #soon(wait) {
    if (this.#halted) return;
    clearTimeout(this.#saveTimer);
    this.#saveTimer = setTimeout(() => this.save(), wait);
  }

  /** Save what isn't saved yet; resolves when that is done, or can't be for now. */
  save() {
    clearTimeout(this.#saveTimer);
    this.#running ??= this.#round().finally(() => {
      this.#running = null;
      if (this.isDirty && !this.#failures && !this.#halted && this.#firstUnsaved) this.touched();
    });
    return this.#running;
  }

  /** Save until nothing is left to save; resolves to whether that went well. */
  async flush() {
    while (this.isDirty && !this.#halted) {
      await this.save();
      if (this.#failures) break;
    }
    return !this.isDirty;
  }

  async #round() {
    if (!this.isDirty || this.#halted) return;
    const sent = this.draft.document;
    this.#firstUnsaved = 0;
    this.#unanswered = sent;
    try {
      const { status, body } = await send("PUT", this.url, { base: this.revision, document: sent });
      this.#failures = 0;
      if (status === 200) await this.#saved(sent, body);
      else if (status === 409) await this.#refusedAsOld(sent, body);
      else this.#tell("refused", { message: body.message, field: body.field });
    } catch (error) {
      if (!(error instanceof NotReachedError)) throw error;
      this.#failures += 1;
      this.#tell(STATES[error.kind]);
      this.#soon(Math.max(error.pause, Math.min(1000 * 2 ** this.#failures, LONGEST_RETRY)));
    }
  }

  /** Ask the server again what it thinks of the draft: a video has become ready, say. */
  async recheck() {
    if (this.isDirty || this.#halted) return; // the next saving tells it
    const { ok, body } = await send("GET", this.url).catch(() => ({}));
    if (ok && body.revision === this.revision) this.#judged(body);
  }

  #judged({ problems = [], warnings = [] }) {
    this.dispatchEvent(new CustomEvent("problems", { detail: { problems, warnings } }));
  }

  async #saved(sent, answer) {
    const { revision, saved_at: at } = answer;
    this.#takeOver(revision, sent, at);
    this.#judged(answer);
    if (this.isDirty) return;
    this.#tell("saved", { at });
    await this.copies.forget();
  }

  async #refusedAsOld(sent, theirs) {
    const mine = [sent, this.#unanswered].find((each) => each && same(each, theirs.document));
    if (mine) {
      // It is what we sent ourselves, and only the answer was lost.
      this.#takeOver(theirs.revision, mine, theirs.at);
      if (!this.isDirty) this.#tell("saved", { at: theirs.at });
      this.#firstUnsaved = this.isDirty ? Date.now() : 0;
      return;
    }
    this.halt(theirs);
  }

  #takeOver(revision, document, at) {
    this.revision = revision;
    this.ancestor = document;
    this.savedAt = at;
    this.#unanswered = null;
  }

  /** Save no more until it is decided what becomes of mine and theirs: {revision, by, at, document}. */
  halt(theirs) {
    this.#halted = true;
    this.#tell("conflict");
    this.#copy();
    this.dispatchEvent(new CustomEvent("conflict", { detail: theirs }));
  }

  /** Go on from what somebody else has saved, with the document that was decided on. */
  goOn(theirs, document) {
    this.#halted = false;
    this.#takeOver(theirs.revision, theirs.document, theirs.at);
    this.draft.change(document, { why: "taken" });
    if (this.isDirty) return this.touched();
    this.#tell("saved", { at: theirs.at });
    this.copies.forget();
  }

  #tell(state, more = {}) {
    this.dispatchEvent(new CustomEvent("state", { detail: { state, ...more } }));
  }

  #onHidden() {
    if (document.visibilityState === "hidden") this.#copy();
    else if (this.isDirty) this.#soon(0);
  }

  /** The page goes away: this computer has it already; the server gets it if it is short enough for the way. */
  #lastWord() {
    this.#copy();
    if (!this.isDirty || this.#halted || this.#running) return;
    const body = { base: this.revision, document: this.draft.document };
    if (JSON.stringify(body).length * 3 > KEEPALIVE_MOST) return;
    this.#unanswered = body.document;
    send("PUT", this.url, body, { keepalive: true }).catch(() => {});
  }
}
