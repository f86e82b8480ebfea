/* Modules kept on this phone: a cache for each, "kept:<person>:<module>", that the service worker serves from.
 * It holds the module's page, its quiz, what they are drawn with, and its media. A cache without its label
 * ("/kept.json", written last) is unfinished. */

import { whoami } from "../catalog/phone.js";

const LABEL = "/kept.json";
const nameOf = (person, module) => `kept:${person}:${module}`;

/** Whether this browser can keep anything: it needs a secure origin. */
export const canKeep = "caches" in globalThis && "serviceWorker" in navigator;

/** Return the labels of all modules that this person keeps here: {module, version, title, minutes, size, url}. */
export async function kept() {
  const person = await whoami();
  if (!canKeep || !person) return [];
  const mine = (await caches.keys()).filter((name) => name.startsWith(nameOf(person, "")));
  const labels = await Promise.all(mine.map(readLabel));
  return labels.filter(Boolean);
}

/** Return the addresses of the pages that this person has opened here, or that were kept ahead: they open without network. */
export async function openable() {
  const found = await (await pages())?.keys();
  return found?.map(({ url }) => url) ?? [];
}

/** Return one of these pages as it is kept, parsed; null where it isn't. */
export async function openedPage(url) {
  const found = await (await pages())?.match(url, { ignoreVary: true });
  return found ? new DOMParser().parseFromString(await found.text(), "text/html") : null;
}

async function pages() {
  const person = await whoami();
  const name = `pages:${person}`;
  return canKeep && person && (await caches.has(name)) ? caches.open(name) : null;
}

async function readLabel(name) {
  const found = await (await caches.open(name)).match(LABEL);
  return found?.json();
}

/** Keep a module, or renew it. `pages` and `media` are addresses, `pack` that of a scenario that is played here
 * ("": none); `tell(fraction)` hears how far it is.
 * Rejects when it could not be kept; what was kept before stays then. */
export async function keep(label, { pages, media, pack }, tell, signal) {
  const person = await whoami();
  const name = nameOf(person, label.module);
  const before = await readLabel(name);
  const cache = await caches.open(name);
  try {
    navigator.storage?.persist?.(); // asks the browser not to clear it when the phone is short of room
    const files = await keepPages(cache, pages, signal);
    await keepFiles(cache, [...files], signal);
    const more = pack ? await keepPackage(cache, pack, signal) : [];
    await keepMedia(cache, [...media, ...more], tell, signal);
    await forgetOthers(cache, [...pages, ...files, ...media, ...more, ...(pack ? [pack] : [])]);
    await cache.put(LABEL, new Response(JSON.stringify(label)));
  } catch (error) {
    if (!before) await caches.delete(name);
    throw error;
  }
}

/** Remove a module from this phone. */
export async function drop(module) {
  await caches.delete(nameOf(await whoami(), module));
}

async function keepPages(cache, pages, signal) {
  const files = new Set();
  for (const url of pages) {
    const response = await fetch(url, { signal, headers: { Accept: "text/html" } });
    if (!response.ok || response.redirected) throw new Error(`${url}: ${response.status}`);
    const text = await response.clone().text();
    for (const file of filesOf(text)) files.add(file);
    await cache.put(url, response);
  }
  return files;
}

/** Keep what a scenario is played with; returns the addresses of its media. */
async function keepPackage(cache, url, signal) {
  const response = await fetch(url, { signal, headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  await cache.put(url, response.clone());
  const { media } = await response.json();
  return Object.values(media).flatMap((found) =>
    typeof found === "string" ? [found] : [found.src, found.poster, ...found.tracks.map(({ src }) => src)].filter(Boolean),
  );
}

/** Return what a page is drawn with: styles, scripts, symbols and drawings of ours. */
function filesOf(text) {
  const parsed = new DOMParser().parseFromString(text, "text/html");
  const named = [...parsed.querySelectorAll("link[href], script[src], img[src], use[href]")];
  const addresses = named.map((element) => element.getAttribute("href") ?? element.getAttribute("src"));
  return addresses.filter((url) => url.startsWith("/static/")).map((url) => url.split("#")[0]);
}

async function keepFiles(cache, files, signal) {
  await Promise.all(
    files.map(async (url) => {
      if (await cache.match(url)) return;
      const response = await fetch(url, { signal });
      if (!response.ok) throw new Error(`${url}: ${response.status}`);
      await cache.put(url, response);
    }),
  );
}

async function keepMedia(cache, media, tell, signal) {
  for (const [index, url] of media.entries()) {
    if (await cache.match(url, { ignoreSearch: true })) continue;
    await keepOne(cache, url, (part) => tell((index + part) / media.length), signal);
  }
  tell(1);
}

async function keepOne(cache, url, tell, signal) {
  const response = await fetch(url, { signal });
  if (response.status !== 200) throw new Error(`${url}: ${response.status}`);
  const isPacked = !["identity", null].includes(response.headers.get("Content-Encoding"));
  const total = isPacked ? 0 : Number(response.headers.get("Content-Length"));
  const parts = [];
  let received = 0;
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    received += value.length;
    if (total) tell(received / total);
  }
  if (total && received !== total) throw new Error(`${url}: ${received} of ${total}`);
  const headers = { "Content-Type": response.headers.get("Content-Type") ?? "application/octet-stream" };
  await cache.put(url, new Response(new Blob(parts), { headers }));
}

/** After a renewal the files of the version before go. */
async function forgetOthers(cache, wanted) {
  const paths = new Set([LABEL, ...wanted].map((url) => new URL(url, location.href).pathname));
  for (const request of await cache.keys()) {
    if (!paths.has(new URL(request.url).pathname)) await cache.delete(request);
  }
}
