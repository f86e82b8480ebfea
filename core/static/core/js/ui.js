/* What every page shares and HTML alone can't do. Pages work without it; nothing here knows a feature.
 *
 * Attributes: data-focus (gets the focus: error summary, new heading after a swap), data-dismiss=".banner",
 * data-reveal="input-id", data-copy="input-id" (data-done: what to say), data-opens="id" / data-close="id"
 * (a dialog or sheet), data-menu (a <details> that closes by itself), data-theme-choice, data-busy="off",
 * data-keeps-file (a form whose chosen file comes back with it).
 * Events on document: "tomoni:sync" {state: saved|phone|offline|waiting|"", count} changes the chip in the
 * bar; "tomoni:toast" {text} says a short word; "tomoni:unsent" tells that a form could not be sent. */

const YEAR = 60 * 60 * 24 * 365;
const BUSY_AT_MOST = 15_000;
const TOAST_STAYS = 6_000;

// --- Focus: the summary of errors, or the heading of what has just been swapped in -------------
function focusNew() {
  const element = document.querySelector("[data-focus]");
  element?.focus();
  element?.removeAttribute("data-focus"); // once: a later swap elsewhere must not take the focus back
}

function focusField(link) {
  const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  const field = target?.matches("fieldset")
    ? target.querySelector("input, select, textarea")
    : target;
  field?.focus();
  return Boolean(field);
}

// --- Busy: the pressed button keeps its width and label, and a second press sends nothing ------
const sent = new Map();

function onSubmit(event) {
  const form = event.target;
  if (event.submitter?.getAttribute("aria-disabled") === "true") event.preventDefault();
  if (event.defaultPrevented || form.method === "dialog") return;
  if (isHeld(event)) {
    event.preventDefault();
    sayUnsent();
    return;
  }
  if (form.dataset.busy === "off") return;
  if (sent.has(form)) {
    event.preventDefault();
    return;
  }
  sent.set(form, event.submitter);
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(() => calm(form), BUSY_AT_MOST);
}

function calm(form) {
  sent.get(form)?.removeAttribute("aria-busy");
  sent.delete(form);
}

function calmAll() {
  for (const form of [...sent.keys()]) calm(form);
}

// --- No network: a form that is sent as a page stays as it is, and is told to be unsent --------------
let underway = "";

/** Whether a form can't be sent now. The service worker tells when that shows only on the way (`sw.js`). */
function isHeld({ target: form, submitter }) {
  const where = new URL(submitter?.getAttribute("formaction") || form.getAttribute("action") || "", location.href);
  const isPost = (submitter?.getAttribute("formmethod") || form.method).toLowerCase() === "post";
  // Who signs out leaves nothing on the phone, with or without network: that is the service worker's to do.
  if (isPost && where.pathname.endsWith("/logout/")) forgetDrafts();
  if (!isPost || where.pathname.endsWith("/logout/")) return false;
  where.hash = "";
  underway = where.href;
  return !navigator.onLine;
}

function sayUnsent() {
  underway = "";
  calmAll();
  forgetUnsent();
  const toasts = document.querySelector("[data-toasts]");
  toasts?.append(document.querySelector("[data-unsent-words]").content.cloneNode(true));
  if (toasts) arm(toasts);
  document.dispatchEvent(new CustomEvent("tomoni:unsent"));
}

/** Remove what forms keep of what is being written in them; its names begin alike. */
function forgetDrafts() {
  try {
    for (const name of Object.keys(localStorage)) if (name.startsWith("tomoni-draft-")) localStorage.removeItem(name);
  } catch {} // forbidden in some private windows: then there is none
}

function forgetUnsent() {
  for (const said of document.querySelectorAll("[data-unsent]")) said.remove();
}

// --- The other language: what is typed goes along ------------------------------------------------
const TYPED = "main :is(textarea, select, input:not([type=hidden], [type=password], [type=file]))[name]";
const ALONG = "tomoni-along";
const here = () => location.pathname + location.search;

function takeAlong() {
  const rows = [...document.querySelectorAll(TYPED)].map(({ name, value, checked }) => [name, value, checked]);
  try {
    sessionStorage.setItem(ALONG, JSON.stringify({ page: here(), rows }));
  } catch {} // forbidden in some private windows
}

/** Put back what stood in these fields before the language was changed, and tell the page's scripts. */
function putBack() {
  let along = null;
  try {
    along = JSON.parse(sessionStorage.getItem(ALONG) ?? "null");
    sessionStorage.removeItem(ALONG);
  } catch {}
  if (along?.page !== here()) return;
  for (const [place, field] of [...document.querySelectorAll(TYPED)].entries()) {
    const [name, value, checked] = along.rows[place] ?? [];
    const isTicked = field.matches("[type=checkbox], [type=radio]");
    if (name !== field.name || (isTicked ? field.value !== value || field.checked === checked : field.value === value)) continue;
    if (isTicked) field.checked = checked;
    else field.value = value;
    for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
  }
}

// --- A chosen file: kept until the next page, in case its form comes back refused (chosen.js) -----
function keepFile() {
  try {
    if (sessionStorage.getItem("tomoni-chosen") || document.querySelector("[data-keeps-file]")) import("./chosen.js");
  } catch {} // forbidden in some private windows
}

// --- Sheets, dialogs and menus ------------------------------------------------------------------
function open(id, opener) {
  const element = document.getElementById(id);
  if (element instanceof HTMLDialogElement) {
    element.showModal();
    return;
  }
  const opened = element.toggleAttribute("data-open");
  opener?.setAttribute("aria-expanded", String(opened));
  if (opened) element.focus();
}

function close(element) {
  if (element instanceof HTMLDialogElement) {
    element.close();
    return;
  }
  element.removeAttribute("data-open");
  const opener = document.querySelector(`[data-opens="${element.id}"]`);
  opener?.setAttribute("aria-expanded", "false");
  if (element.contains(document.activeElement)) opener?.focus();
}

function closeOthers(target) {
  for (const menu of document.querySelectorAll("[data-menu][open]")) {
    if (!menu.contains(target)) menu.open = false;
  }
  for (const sheet of document.querySelectorAll("[data-open]")) {
    if (!sheet.contains(target) && !target.closest?.(`[data-opens="${sheet.id}"]`)) close(sheet);
  }
}

// --- Toast and sync -----------------------------------------------------------------------------
function toast(text) {
  const element = document.createElement("p");
  element.className = "toast";
  element.textContent = text;
  document.querySelector("[data-toasts]")?.append(element);
  setTimeout(() => element.remove(), TOAST_STAYS);
}

let lastSync = null;

function sync({ state = "", count = 0 }) {
  for (const chip of document.querySelectorAll("[data-sync]")) {
    const words = document.querySelector(`[data-sync-state="${state}"]`)?.content.cloneNode(true);
    const number = words?.querySelector("[data-count]");
    if (number) number.textContent = count;
    chip.dataset.state = state;
    chip.replaceChildren(...(words ? [words] : []));
  }
}

function onNetwork() {
  sync(navigator.onLine ? (lastSync ?? {}) : { state: "offline" });
}

// --- Theme: kept in a cookie so that the server draws the next page in it from the first byte --
function setTheme(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `theme=${theme}; path=/; max-age=${theme ? YEAR : 0}; samesite=lax${secure}`;
  const colour = getComputedStyle(document.documentElement).getPropertyValue("--paper").trim();
  for (const meta of document.querySelectorAll('meta[name="theme-color"]')) meta.content = colour;
}

// --- Small helpers of forms -----------------------------------------------------------------------
function reveal(button) {
  const input = document.getElementById(button.dataset.reveal);
  const shown = input.type === "password";
  input.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", String(shown));
}

async function copy(button) {
  const input = document.getElementById(button.dataset.copy);
  input.select();
  await navigator.clipboard.writeText(input.value);
  toast(button.dataset.done);
}

function arm(root) {
  const inert = "[data-dismiss], [data-reveal], [data-copy]";
  for (const button of root.querySelectorAll(inert)) {
    button.hidden = Boolean(button.dataset.copy) && !navigator.clipboard;
  }
  for (const pill of root.querySelectorAll(".pills-many > [aria-current]")) {
    const row = pill.parentElement; // it scrolls sideways: what was chosen is in its middle
    row.scrollLeft = pill.offsetLeft - row.offsetLeft - (row.clientWidth - pill.offsetWidth) / 2;
  }
}

function onClick(event) {
  const target = event.target.closest(
    "[data-opens], [data-close], [data-dismiss], [data-reveal], [data-copy], .summary a",
  );
  closeOthers(event.target);
  if (!target) return;
  const { opens, close: closes, dismiss, reveal: reveals, copy: copies } = target.dataset;
  if (opens) open(opens, target);
  else if (closes) close(document.getElementById(closes));
  else if (dismiss) target.closest(dismiss).remove();
  else if (reveals) reveal(target);
  else if (copies) copy(target);
  else if (!focusField(target)) return;
  event.preventDefault();
}

function onKey(event) {
  if (event.key !== "Escape") return;
  for (const sheet of document.querySelectorAll("[data-open]")) close(sheet);
  const menu = document.activeElement?.closest("[data-menu][open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
}

document.addEventListener("click", onClick);
document.addEventListener("keydown", onKey);
document.addEventListener("submit", onSubmit);
document.addEventListener("submit", ({ target }) => target.matches(".lang") && takeAlong());
window.addEventListener("load", putBack, { once: true });
document.addEventListener("change", (event) => {
  if (event.target.closest("[data-theme-choice]")) setTheme(event.target.value);
});
document.addEventListener("tomoni:toast", (event) => toast(event.detail.text));
document.addEventListener("tomoni:sync", (event) => {
  lastSync = event.detail;
  sync(event.detail);
});
document.addEventListener("htmx:after:swap", () => {
  arm(document);
  focusNew();
});
document.addEventListener("htmx:finally:request", calmAll);
window.addEventListener("pageshow", calmAll);
window.addEventListener("online", onNetwork);
window.addEventListener("online", forgetUnsent);
window.addEventListener("offline", onNetwork);
navigator.serviceWorker?.addEventListener("message", ({ data }) => {
  if (data.type === "unsent" && data.url === underway) sayUnsent();
});

arm(document);
focusNew();
keepFile();
if (!navigator.onLine) onNetwork();
