/* The page without network: which page was wanted, the person's own navigation as their kept pages have it, what waits
 * to be sent, and what is here. Who has signed out has no kept pages: then it names nobody and leads nowhere. */

import { makeRoom } from "../catalog/network.js";
import { actsWaiting, fieldsWaiting, waiting, whoami } from "../catalog/phone.js";
import { all } from "../catalog/store.js";
import { kept, openable, openedPage } from "./keep.js";

const OWN = "/learn/offline/";

const words = (name) => document.querySelector(`[data-words="${name}"]`).content.firstElementChild.cloneNode(true);

async function showWaiting() {
  const person = await whoami();
  const attempts = (await all("attempts", person)).filter((attempt) => waiting(attempt));
  const sheets = (await all("sheets", person)).filter((sheet) => fieldsWaiting(sheet));
  const beats = await all("beats", person);
  const lines = attempts.map((attempt) => line("answers", waiting(attempt), attempt.title));
  lines.push(...sheets.map((sheet) => line("fields", fieldsWaiting(sheet), sheet.title)));
  const runs = (await all("lines", person)).filter((row) => actsWaiting(row));
  lines.push(...runs.map((row) => line("choices", actsWaiting(row), row.title)));
  const seconds = beats.reduce((sum, beat) => sum + beat.seconds, 0);
  if (seconds) lines.push(seconds < 60 ? line("moment") : line("time", Math.round(seconds / 60)));
  document.querySelector("[data-waiting-list]").replaceChildren(...lines);
  document.querySelector("[data-waiting]").hidden = !lines.length;
}

function line(name, count, title) {
  const row = words(name);
  if (count) row.querySelector("[data-count]").textContent = count;
  if (title) row.querySelector("[data-title]").textContent = title;
  return row;
}

async function showKept() {
  const labels = await kept();
  const template = document.querySelector("[data-kept-row]").content;
  const rows = labels.map((label) => {
    const row = document.createElement("li");
    row.append(template.cloneNode(true));
    row.querySelector("a").href = label.url;
    row.querySelector(".t").textContent = label.title;
    const details = [label.minutes, label.size].map((text) => Object.assign(document.createElement("span"), { textContent: text }));
    row.querySelector(".m").replaceChildren(...details);
    return row;
  });
  document.querySelector("[data-kept-list]").replaceChildren(...rows);
  document.querySelector("[data-kept]").hidden = !rows.length;
  document.querySelector("[data-kept-none]").hidden = rows.length > 0;
}

// --- Which page was wanted, and the way on ------------------------------------------------------------------
const places = [...document.querySelector("[data-places]").content.querySelectorAll("a")];
const pathOf = (url) => new URL(url, location.href).pathname;
const isAt = (path) => path === location.pathname || (path !== "/" && location.pathname.startsWith(path));

/** Return that link of these which leads nearest to the page that was wanted. */
function nearest(links) {
  const near = links.filter((link) => isAt(pathOf(link.getAttribute("href"))));
  return near.sort((a, b) => pathOf(b.getAttribute("href")).length - pathOf(a.getAttribute("href")).length)[0];
}

async function showWanted() {
  const pages = await openable();
  const shell = await shellOf(pages);
  nameWanted(shell);
  if (shell) showNav(shell.querySelector(".nav"));
  showPages(pages);
}

/** Return a kept page that has the navigation: home, or another place. */
async function shellOf(pages) {
  const known = places.map((place) => pathOf(place.getAttribute("href"))).sort();
  for (const path of known) {
    const url = pages.find((each) => pathOf(each) === path);
    const page = url && (await openedPage(url));
    if (page?.querySelector(".nav")) return page;
  }
  return null;
}

function nameWanted(shell) {
  if (location.pathname === OWN) return;
  const row = [...(shell?.querySelectorAll("a[data-shelf][href]") ?? [])].find(
    (link) => pathOf(link.getAttribute("href")) === location.pathname,
  );
  const name = (row?.querySelector(".t") ?? nearest(places))?.textContent.trim();
  if (name) document.querySelector("[data-wanted-name]").textContent = name;
  document.querySelector(`[data-wanted="${name ? "named" : ""}"]`).hidden = false;
}

function showNav(nav) {
  if (!nav || document.querySelector(".nav")) return;
  for (const form of nav.querySelectorAll("form")) form.remove(); // can't be sent
  const links = [...nav.querySelectorAll(".tabs a")];
  for (const link of links) link.removeAttribute("aria-current");
  const now = location.pathname === OWN ? null : nearest(links.filter((link) => !link.dataset.opens));
  now?.setAttribute("aria-current", "page");
  if (now?.closest("#more")) nav.querySelector('[data-opens="more"]').setAttribute("aria-current", "true");
  document.querySelector(".main").before(document.adoptNode(nav));
  document.body.classList.replace("plain", "with-nav");
}

/** Show the places that were opened before, or kept ahead. */
function showPages(urls) {
  const here = new Set(urls.map(pathOf));
  const rows = places
    .filter((place) => here.has(pathOf(place.getAttribute("href"))))
    .map((place) => {
      const row = document.createElement("li");
      row.append(document.querySelector("[data-page-row]").content.cloneNode(true));
      row.querySelector("a").href = place.getAttribute("href");
      row.querySelector(".t").textContent = place.textContent;
      return row;
    });
  document.querySelector("[data-pages-list]").replaceChildren(...rows);
  document.querySelector("[data-pages]").hidden = !rows.length;
}

document.querySelector("[data-again]").href = location.href;
document.addEventListener("tomoni:sent", showWaiting);
showWanted();
showWaiting();
showKept();
makeRoom();
