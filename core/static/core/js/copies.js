/* Drafts as this computer keeps them until the server has them: one row for each window that was writing.
 *
 * A row: {person, module, window, at} and what its desk keeps: of a module {base (revision), ancestor (document of that
 * revision), document}, of captions {base, rows}, of a form that keeps the
 * chosen {file}. `module` names the draft: a module's id, `captions:<video>:<language>`,
 * `file:<path>`.
 * A row whose window lives no more is what a crash, a killed browser or a lost network left behind. */

const NAME = "tomoni-desk";
const STORE = "drafts";

let opening;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: ["person", "module", "window"] });
    request.onsuccess = () => {
      request.result.onclose = request.result.onversionchange = () => {
        request.result.close();
        opening = undefined;
      };
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
  return opening;
}

async function within(mode, work) {
  const db = await open();
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(STORE, mode, { durability: "strict" });
    const request = work(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

const lockOf = (window) => `tomoni-desk-${window}`;

/** The copies of one person's draft. */
export class Copies {
  constructor(person, module, window) {
    this.person = person;
    this.module = module;
    this.window = window;
    // Held as long as this window lives, however it ends.
    navigator.locks?.request(lockOf(window), () => new Promise(() => {}));
  }

  /** Keep the draft; resolves to whether it is on the disk now. */
  async keep(row) {
    try {
      await within("readwrite", (rows) =>
        rows.put({ ...row, person: this.person, module: this.module, window: this.window, at: Date.now() }),
      );
      return true;
    } catch {
      return false; // no room, or a private window: the server alone keeps it
    }
  }

  /** Return what this window keeps, or undefined. */
  async own() {
    try {
      return await within("readonly", (rows) => rows.get([this.person, this.module, this.window]));
    } catch {
      return undefined;
    }
  }

  async forget(window = this.window) {
    try {
      await within("readwrite", (rows) => rows.delete([this.person, this.module, window]));
    } catch {
      /* it will be found equal to the server's, and forgotten, the next time */
    }
  }

  /** Return what windows left behind that are no more, the newest first. */
  async left() {
    try {
      const rows = await within("readonly", (found) => found.getAll());
      const held = (await navigator.locks?.query())?.held?.map((lock) => lock.name) ?? [];
      return rows
        .filter((row) => row.person === this.person && row.module === this.module)
        .filter((row) => row.window !== this.window && !held.includes(lockOf(row.window)))
        .sort((a, b) => b.at - a.at);
    } catch {
      return [];
    }
  }
}
