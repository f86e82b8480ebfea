/* The service worker: pages, media and styles for when there is no network.
 *
 * Pages come from the network first, and from the phone if it is away, slow or broken; a form that finds no network
 * leaves its page as it is. Only pages that name their person (X-Keep-For) are kept, in that person's cache; another
 * person's page, and signing out, remove it. A page may name others that are kept ahead of their first opening
 * ("ahead").
 * What the person asked to keep is in "kept:<person>:<module>" (see keep.js), styles and scripts in
 * "static:<version>". Answers are no cache's business: they are in IndexedDB, and this worker sends them
 * when the network comes back while no page is open. Core puts TOMONI_ASSETS above this text, so a deploy
 * that changes an asset changes the worker; the new one takes over at once, since pages name their own assets. */

import { flush, trouble, whoami } from "/static/catalog/phone.js";
import { put, remove } from "/static/catalog/store.js";

const { version, urls } = self.TOMONI_ASSETS;
const STATIC = `static:${version}`;
const SHELL = "shell";
const OFFLINE = "/learn/offline/";
const WAITING = "/attempts/waiting/";
const PATIENCE = 4000;
const PAGES_AT_MOST = 60;
const SIGNS_IN = /^\/(accounts|i|ace|demo|setup)\//;
const HASHED = /\.[0-9a-f]{12}\.\w+$/;

// --- Its life ------------------------------------------------------------------------------------------
self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(Promise.all([keepAssets(), keepShell()]));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([self.clients.claim(), forgetOldAssets(), keepOpenPages()]));
});

self.addEventListener("message", (event) => {
  if (event.data.type === "hello") event.waitUntil(speak(event.data.language));
  if (event.data.type === "ahead") event.waitUntil(keepAhead(event.data));
});

self.addEventListener("sync", (event) => {
  event.waitUntil(
    flush().then(() => {
      if (trouble) throw new Error(trouble); // the browser tries again later
    }),
  );
});

async function keepAssets() {
  await (await caches.open(STATIC)).addAll(urls);
}

/** Keep the two pages that stand in for others; they name nobody. */
async function keepShell() {
  const cache = await caches.open(SHELL);
  await cache.addAll([OFFLINE, WAITING].map((url) => new Request(url, { cache: "reload" })));
}

/** Keep them in the language that the person reads now. */
async function speak(language) {
  const shown = await (await caches.open(SHELL)).match(OFFLINE);
  if (shown?.headers.get("Content-Language") !== language) await keepShell().catch(() => {});
}

/** The page that brought this worker came before it: keep it as well. */
async function keepOpenPages() {
  for (const { url } of await self.clients.matchAll({ type: "window", includeUncontrolled: true })) {
    const asked = turns;
    const response = await fetch(url, { headers: { Accept: "text/html" } }).catch(() => null);
    const owner = response?.ok && response.headers.get("X-Keep-For");
    if (owner) await keepPage(url, response, owner, asked);
  }
}

/** The version before stays: a page that is still open, or kept, may name its files. */
async function forgetOldAssets() {
  const old = (await caches.keys()).filter((name) => name.startsWith("static:") && name !== STATIC);
  await Promise.all(old.slice(0, -1).map((name) => caches.delete(name)));
}

// --- What is asked for -----------------------------------------------------------------------------------
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method === "POST" && url.pathname.endsWith("/logout/")) event.waitUntil(forgetPerson());
  if (request.method === "POST" && request.mode === "navigate") event.respondWith(sent(request, url));
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(event, url));
  else if (HASHED.test(url.pathname) && url.pathname.startsWith("/static/")) event.respondWith(asset(request));
  else if (url.pathname.startsWith("/media/")) event.respondWith(media(request));
});

async function asset(request) {
  const found = await caches.match(request, { ignoreVary: true });
  if (found) return found;
  const response = await fetch(request);
  if (response.ok) await (await caches.open(STATIC)).put(request, response.clone());
  return response;
}

/** Send a form. Where that fails its page stays as it is, with all that was typed, and tells (`ui.js`). */
async function sent(request, url) {
  try {
    const response = await fetch(request);
    const isDone = response.type === "opaqueredirect";
    // Once more after signing out: another tab may have been answered meanwhile.
    if (isDone && url.pathname.endsWith("/logout/")) await forgetPerson();
    else if (isDone && SIGNS_IN.test(url.pathname)) await turn();
    return response;
  } catch {
    if (url.pathname.endsWith("/logout/")) return (await standIn(url)) ?? Response.error();
    url.hash = "";
    for (const page of await self.clients.matchAll({ type: "window" })) page.postMessage({ type: "unsent", url: url.href });
    return new Response(null, { status: 204 }); // to which no browser leaves a page
  }
}

// --- Pages -----------------------------------------------------------------------------------------------
async function page(event, url) {
  const asked = turns;
  const kept = await keptPage(url);
  const network = fetch(event.request).then((response) => {
    const owner = response.headers.get("X-Keep-For");
    if (owner && response.ok) event.waitUntil(keepPage(event.request, response.clone(), owner, asked));
    return response;
  });
  event.waitUntil(network.catch(() => {})); // also a late answer is kept
  const response = await inTime(network, kept).catch(() => null);
  if (response && response.status < 500) return response;
  return (asked === turns && kept) || ((await standIn(url)) ?? response ?? Response.error());
}

function inTime(network, kept) {
  if (!kept) return network;
  const slow = new Promise((resolve) => setTimeout(resolve, PATIENCE, null));
  return Promise.race([network, slow]);
}

async function standIn(url) {
  const shell = await caches.open(SHELL);
  return shell.match(url.pathname.startsWith("/attempts/") ? WAITING : OFFLINE);
}

/** Return a page kept for who is here: what was seen last, except for a module, whose kept copy has its video with it.
 *
 * After somebody signed in there is none until a page has said who that is. */
async function keptPage(url) {
  const person = await whoami();
  if (!person) return null;
  const isModule = /^\/modules\/[^/]+\/$/.test(url.pathname);
  const own = [`pages:${person}`, `kept:${person}:`];
  const order = isModule ? own.reverse() : own;
  for (const ignoreSearch of [false, true]) {
    for (const prefix of order) {
      const found = await matchIn(prefix, url.href, { ignoreSearch, ignoreVary: true });
      if (found) return found;
    }
  }
  return null;
}

async function matchIn(prefix, request, options) {
  for (const name of await caches.keys()) {
    if (!name.startsWith(prefix)) continue;
    const found = await (await caches.open(name)).match(request, options);
    if (found) return found;
  }
  return null;
}

/** How often somebody signed in or out: whoever asked for a page before is perhaps not who is here now. */
let turns = 0;

/** Another person may be here from now on. */
async function turn() {
  turns += 1;
  await remove("notes", [["person"]]);
}

/** Keep a page for its person; `asked`: the turn in which it was asked for. What comes later than that is dropped. */
async function keepPage(request, response, owner, asked) {
  if (asked !== turns) return;
  await put("notes", { name: "person", value: owner });
  await forgetPages((name) => name.split(":")[1] !== owner);
  const cache = await caches.open(`pages:${owner}`);
  await cache.delete(request); // so that it comes last, and what was not opened for long comes first
  await cache.put(request, response);
  if (asked !== turns) {
    await caches.delete(`pages:${owner}`); // its person has left meanwhile
    await remove("notes", [["person"]]);
    return;
  }
  const all = await cache.keys();
  await Promise.all(all.slice(0, -PAGES_AT_MOST).map((old) => cache.delete(old)));
}

/** Keep pages that nobody has opened yet, so that they open without network all the same; each once a day. */
async function keepAhead({ person, urls }) {
  for (const url of urls) {
    const asked = turns;
    if (await isOfToday(url, person)) continue;
    const response = await fetch(url, { headers: { Accept: "text/html" } }).catch(() => null);
    const isTheirs = response?.ok && !response.redirected && response.headers.get("X-Keep-For") === person;
    // Who has signed out meanwhile leaves nothing behind, nor finds the page of who is here now.
    if (isTheirs && (await whoami()) === person) await keepPage(url, response, person, asked);
  }
}

async function isOfToday(url, person) {
  const found = await matchIn(`pages:${person}`, url, { ignoreVary: true });
  return new Date(found?.headers.get("Date") ?? 0).toDateString() === new Date().toDateString();
}

async function forgetPages(belongsToOthers) {
  const names = (await caches.keys()).filter((name) => /^(pages|kept):/.test(name));
  await Promise.all(names.filter(belongsToOthers).map((name) => caches.delete(name)));
}

async function forgetPerson() {
  await turn();
  await forgetPages(() => true);
}

// --- Media ---------------------------------------------------------------------------------------------
async function media(request) {
  // The address is the file's own; its token changes with the hour.
  const found = await matchIn("kept:", request, { ignoreSearch: true, ignoreVary: true });
  if (!found) return fetch(request);
  const range = request.headers.get("Range");
  return range ? slice(found, range) : found;
}

/** Return the part of a file that a player asks for. */
async function slice(response, range) {
  const blob = await response.blob();
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? [];
  const start = from ? Number(from) : Math.max(blob.size - Number(to), 0);
  const end = from && to ? Math.min(Number(to), blob.size - 1) : blob.size - 1;
  if (from === undefined || start > end) {
    return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${blob.size}` } });
  }
  const headers = {
    "Accept-Ranges": "bytes",
    "Content-Length": String(end - start + 1),
    "Content-Range": `bytes ${start}-${end}/${blob.size}`,
    "Content-Type": response.headers.get("Content-Type") ?? "application/octet-stream",
  };
  return new Response(blob.slice(start, end + 1), { status: 206, headers });
}
