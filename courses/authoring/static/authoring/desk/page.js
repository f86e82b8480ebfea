/* What the page lends to all of the editor: its words, its voice, its ways to the server. */

const words = new Map();
const holders = [...document.querySelectorAll("template")].map((each) => each.content);
for (const each of holders.flatMap((holder) => [...holder.querySelectorAll("[data-word]")])) {
  words.set(each.dataset.word, each.textContent.trim());
}

/** Return words of the page in the reader's language; {name} in them stands for a value. */
export function word(key, values = {}) {
  return (words.get(key) ?? key).replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}

const zone = known(document.querySelector("[data-zone]")?.dataset.zone);
const { lang } = document.documentElement;
const days = new Intl.DateTimeFormat("sv", { timeZone: zone }); // 2025-06-03

/** Return the time zone, or nothing where this browser is older than it. */
function known(name) {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }) && name;
  } catch {
    return undefined;
  }
}

/** Return a moment as the client's clock shows it, as other pages do; with its date if that isn't today. */
export function clock(moment) {
  const at = new Date(moment);
  const [day, today] = [days.format(at), days.format(new Date())];
  const date = day === today ? {} : { month: "short", day: "numeric" };
  if (day.slice(0, 4) !== today.slice(0, 4)) date.year = "numeric";
  const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone };
  return at.toLocaleString(lang === "en" ? "en-GB" : lang, { ...time, ...date });
}

const voice = document.querySelector("[data-say]");
let silence = 0;

/** Tell somebody who can't see the page what has just happened. */
export function say(text) {
  clearTimeout(silence);
  voice.textContent = "";
  setTimeout(() => (voice.textContent = text), 50); // a live region speaks of what changes, not of what stays
  silence = setTimeout(() => (voice.textContent = ""), 8000);
}

/** Return a copy of what stands in one of the page's templates. */
export function copyOf(selector) {
  return document.querySelector(`template${selector}`).content.firstElementChild.cloneNode(true);
}

const NAMING = ["for", "aria-labelledby", "aria-describedby", "aria-controls", "list", "form", "data-opens", "data-close"];

/** Make the ids in a copy its own, and what refers to them. */
export function makeIdsOwn(root, suffix) {
  const known = new Set([...root.querySelectorAll("[id]")].map((each) => each.id));
  for (const each of root.querySelectorAll("[id]")) each.id += `-${suffix}`;
  for (const name of NAMING) {
    for (const each of [root, ...root.querySelectorAll(`[${name}]`)]) {
      if (!each.hasAttribute(name)) continue;
      const ids = each.getAttribute(name).split(" ");
      each.setAttribute(name, ids.map((id) => (known.has(id) ? `${id}-${suffix}` : id)).join(" "));
    }
  }
  for (const each of root.querySelectorAll('input[type="radio"][name]')) each.name += `-${suffix}`;
}

/** Return a random key for a block, an item or an option. */
export function newKey(length = 8) {
  const letters = "abcdefghijkmnpqrstuvwxyz23456789";
  return [...crypto.getRandomValues(new Uint8Array(length))].map((each) => letters[each % letters.length]).join("");
}

/** Open a dialog of the page; resolves to what it was closed with, "" where it was left. */
export function ask(dialog) {
  const before = document.activeElement;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      if (before?.isConnected) before.focus({ preventScroll: true });
      resolve(dialog.returnValue);
    }, { once: true });
  });
}
