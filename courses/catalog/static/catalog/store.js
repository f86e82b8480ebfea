/* The phone's own memory: IndexedDB in a few promises. Where there is none (some private windows) it is
 * kept in the page instead, so that everything still works while the page is open.
 *
 * Stores: "attempts" [person, id], "beats" [person, session, seq], "sheets" [person, id], "lines" [person, id],
 * "notes" [name]. */

const NAME = "tomoni";
const VERSION = 3;
const STORES = {
  attempts: ["person", "id"],
  beats: ["person", "session", "seq"],
  sheets: ["person", "id"],
  lines: ["person", "id"],
  notes: ["name"],
};

let opening;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      for (const [store, keyPath] of Object.entries(STORES)) {
        if (!request.result.objectStoreNames.contains(store)) request.result.createObjectStore(store, { keyPath });
      }
    };
    request.onsuccess = () => {
      const db = request.result;
      db.onclose = db.onversionchange = () => {
        db.close();
        opening = undefined;
      };
      resolve(db);
    };
    request.onerror = () => reject(request.error);
  }).catch(() => null);
  return opening;
}

/** Run `work(objectStore, give)` in one transaction; resolves to what was given once it is on the disk. */
async function within(store, mode, work) {
  const db = await open();
  if (!db) return pretend(store, work);
  return new Promise((resolve, reject) => {
    // "strict": an answer survives an empty battery in the next second.
    const transaction = db.transaction(store, mode, { durability: "strict" });
    let result;
    transaction.oncomplete = () => resolve(result);
    transaction.onabort = () => reject(transaction.error);
    work(transaction.objectStore(store), (value) => {
      result = value;
    });
  });
}

const memory = new Map();

function pretend(store, work) {
  const rows = memory.get(store) ?? memory.set(store, new Map()).get(store);
  const key = (value) => JSON.stringify(value);
  const keyOf = (row) => key(STORES[store].map((name) => row[name]));
  let result;
  const answer = (value) => ({
    set onsuccess(listener) {
      listener({ target: { result: structuredClone(value) } });
    },
  });
  work(
    {
      get: (wanted) => answer(rows.get(key(wanted))),
      getAll: () => answer([...rows.values()]),
      put: (row) => rows.set(keyOf(row), structuredClone(row)),
      delete: (wanted) => rows.delete(key(wanted)),
    },
    (value) => {
      result = value;
    },
  );
  return result;
}

/** Return one row, or undefined. */
export function get(store, ...key) {
  return within(store, "readonly", (rows, give) => {
    rows.get(key).onsuccess = ({ target }) => give(target.result);
  });
}

/** Return all rows of a person. */
export async function all(store, person) {
  const rows = await within(store, "readonly", (found, give) => {
    found.getAll().onsuccess = ({ target }) => give(target.result);
  });
  return rows.filter((row) => row.person === person);
}

/** Write one row. */
export function put(store, row) {
  return within(store, "readwrite", (rows) => rows.put(row));
}

/** Delete rows by their keys. */
export function remove(store, keys) {
  return within(store, "readwrite", (rows) => {
    for (const key of keys) rows.delete(key);
  });
}

/** Let `make(rows)` see all rows of a person and write what it returns, with nobody in between. */
export function change(store, person, make) {
  return within(store, "readwrite", (rows, give) => {
    rows.getAll().onsuccess = ({ target }) => {
      const made = make(target.result.filter((row) => row.person === person));
      if (made) rows.put(made);
      give(made);
    };
  });
}

/** Change one row, with nobody in between; `make(row)` returns the new row, or nothing to leave it. */
export function edit(store, key, make) {
  return within(store, "readwrite", (rows, give) => {
    rows.get(key).onsuccess = ({ target }) => {
      const made = target.result && make(target.result);
      if (made) rows.put(made);
      give(made ?? target.result);
    };
  });
}
