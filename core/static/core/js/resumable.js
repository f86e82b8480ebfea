/* Sends a large file piece by piece and goes on where it stopped (tus 1.0): after a lost network, a reload,
 * another day. The server counts what it has; here lies only where each file's upload is. */

const door = () => document.querySelector("[data-upload-door]")?.dataset.uploadDoor ?? "/media/uploads/";
const [FIRST, LEAST, MOST] = [512 * 1024, 128 * 1024, 8 * 1024 * 1024];
const [TOO_QUICK, TOO_SLOW] = [2_000, 8_000]; // a piece shall take a few seconds: then the bar moves, and little is lost
const PATIENCE = 60_000;
const PAUSES = [1, 2, 4, 8, 15, 30];
const GIVE_UP_AFTER = 10 * 60_000;

/** Why a file was not taken. `code` is the server's, or `offline`, `unreadable`, `signed_out`; `message` is the server's. */
export class UploadError extends Error {
  constructor(code, message = "") {
    super(message);
    this.code = code;
  }
}

/** Send a file; resolves to {asset} (its id). `words`: {title, alt, kind} go along. `tell({sent, size, waiting})`
 * hears how far it is. `signal` stops it; going on later is possible until `forget(file)`. Throws UploadError. */
export async function send(file, { words = {}, tell = () => {}, signal } = {}) {
  const awake = await navigator.wakeLock?.request("screen").catch(() => null); // or a phone falls asleep over it
  try {
    return await new Sending(file, words, tell, signal).run();
  } finally {
    awake?.release().catch(() => {});
  }
}

/** Cancel what was sent of a file. */
export async function forget(file) {
  const place = noted(file);
  note(file, null);
  if (place) await ask("DELETE", place).catch(() => {});
}

class Sending {
  constructor(file, words, tell, signal) {
    Object.assign(this, { file, words, signal, block: FIRST, sent: 0, fails: 0, since: Date.now() });
    this.tell = (waiting = false) => tell({ sent: this.sent, size: file.size, waiting });
  }

  async run() {
    for (;;) {
      try {
        const asset = await this.goOn();
        if (asset) return { asset };
      } catch (error) {
        if (this.signal?.aborted) throw new DOMException("", "AbortError");
        if (error instanceof UploadError) throw error;
        await this.rest(error.pause);
      }
    }
  }

  /** Ask where it stands, then send pieces until something comes between. */
  async goOn() {
    const place = await this.place();
    const stands = await ask("HEAD", place, { signal: this.signal });
    if (stands.status === 404) return note(this.file, null);
    let { asset, offset } = await read(stands);
    while (!asset) {
      this.sent = offset;
      this.tell();
      const began = performance.now();
      const answer = await this.piece(place, offset);
      if (answer.status === 404) return note(this.file, null);
      ({ asset, offset } = await read(answer));
      this.fails = 0;
      this.since = Date.now();
      this.pace(performance.now() - began);
    }
    this.sent = this.file.size;
    this.tell();
    note(this.file, null);
    return asset;
  }

  async place() {
    const known = noted(this.file);
    if (known) return known;
    const words = { filename: this.file.name, ...this.words };
    const pairs = Object.entries(words).filter(([, word]) => word).map(([key, word]) => `${key} ${base64(word)}`);
    const headers = { "Upload-Length": String(this.file.size), "Upload-Metadata": pairs.join(",") };
    const answer = await ask("POST", door(), { headers, signal: this.signal });
    await read(answer);
    return note(this.file, new URL(answer.headers.get("Location"), location.href).pathname);
  }

  async piece(place, offset) {
    const body = this.file.slice(offset, offset + this.block);
    const headers = { "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" };
    try {
      return await ask("PATCH", place, { headers, body, signal: this.signal });
    } catch (error) {
      await body.slice(0, 1).arrayBuffer().catch(() => { throw new UploadError("unreadable"); });
      this.block = Math.max(LEAST, this.block / 2);
      throw error;
    }
  }

  pace(took) {
    if (took < TOO_QUICK) this.block = Math.min(MOST, this.block * 2);
    else if (took > TOO_SLOW) this.block = Math.max(LEAST, this.block / 2);
  }

  /** Wait a while, or until the network is back. */
  async rest(pause = PAUSES[Math.min(this.fails++, PAUSES.length - 1)]) {
    if (Date.now() - this.since > GIVE_UP_AFTER) throw new UploadError("offline");
    this.tell(true);
    await new Promise((go) => {
      setTimeout(go, pause * 1000);
      addEventListener("online", go, { once: true });
      this.signal?.addEventListener("abort", go, { once: true });
    });
    if (this.signal?.aborted) throw new DOMException("", "AbortError");
  }
}

/** Return {asset, offset} of an answer. Throws UploadError for a refusal, another error where it may pass. */
async function read(answer) {
  const number = Number(answer.headers.get("Upload-Offset"));
  if (answer.ok) return { asset: answer.headers.get("Upload-Asset"), offset: number };
  const told = await answer.json().catch(() => ({}));
  if (answer.status === 401 || answer.status === 403) throw new UploadError("signed_out", told.message);
  const passes = [408, 409, 423, 460, 500, 502, 503, 504].includes(answer.status);
  if (passes) throw Object.assign(new Error(told.code), { pause: Number(answer.headers.get("Retry-After")) || undefined });
  throw new UploadError(told.code ?? "refused", told.message);
}

async function ask(method, url, { headers = {}, body, signal } = {}) {
  const token = document.cookie.match(/(?:^|; )(?:__Host-)?csrf=([^;]*)/)?.[1] ?? "";
  const all = { "Tus-Resumable": "1.0.0", "X-CSRFToken": token, Accept: "application/json", ...headers };
  const stop = new AbortController();
  const halt = () => stop.abort();
  const late = setTimeout(halt, PATIENCE);
  signal?.addEventListener("abort", halt, { once: true });
  try {
    return await fetch(url, { method, headers: all, body, signal: stop.signal });
  } finally {
    clearTimeout(late);
    signal?.removeEventListener("abort", halt);
  }
}

const base64 = (word) => btoa(String.fromCharCode(...new TextEncoder().encode(word)));

// --- Where each file's upload is: found again after a reload by who sends it, its name, size and time ---------
const person = () => document.querySelector('meta[name="person"]')?.content ?? "";
const keyOf = (file) => `upload:${person()}${door() === "/media/uploads/" ? "" : door()}:${file.name}:${file.size}:${file.lastModified}`;
const here = new Map();

function noted(file) {
  try {
    return localStorage.getItem(keyOf(file)) ?? here.get(keyOf(file));
  } catch {
    return here.get(keyOf(file));
  }
}

function note(file, place) {
  const key = keyOf(file);
  if (place) here.set(key, place);
  else here.delete(key);
  try {
    if (place) localStorage.setItem(key, place);
    else localStorage.removeItem(key);
  } catch {
    // a private window may have no storage: then it goes on until the page is closed
  }
  return place;
}
