/* What is typed in this window and not saved yet, as this device keeps it. `read` returns it: plain values. */

import { Copies } from "./copies.js";

const AFTER = 200;

const newName = () => [...crypto.getRandomValues(new Uint8Array(8))].map((each) => each.toString(16).padStart(2, "0")).join("");

export class Kept {
  #timer = 0;
  #isWanted = false;

  constructor(name, read) {
    this.read = read;
    this.person = document.querySelector('meta[name="person"]')?.content ?? "";
    this.copies = new Copies(this.person, name, newName());
    this.isKept = true;
    addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.now());
    addEventListener("pagehide", () => this.now());
  }

  /** Keep it within a moment; then tell. */
  soon(tell = () => {}) {
    this.#isWanted = true;
    this.isKept = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(async () => (await this.now()) && tell(), AFTER);
  }

  /** Keep it if there is something to keep; resolves to whether it is on the disk. */
  async now() {
    clearTimeout(this.#timer);
    if (!this.#isWanted) return true;
    const kept = await this.copies.keep(this.read());
    if (!this.#isWanted) await this.copies.forget(); // it was saved meanwhile
    this.isKept = kept;
    return kept;
  }

  /** The server has it, or nobody wants it any more. */
  forget(window) {
    if (window) return this.copies.forget(window);
    clearTimeout(this.#timer);
    this.#isWanted = false;
    this.isKept = true;
    return this.copies.forget();
  }

  /** Return what windows left behind that are no more, the newest first. */
  left() {
    return this.copies.left();
  }
}
