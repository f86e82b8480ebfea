/* Dots of a plot by keyboard and finger. One dot at a time is a tab stop: left and right go to the next one of its
 * company, up and down to the nearest of another company, Home and End to its company's ends, Enter opens the rep's
 * page. A finger takes the nearest dot and opens nothing by mistake. What a dot says stands in its row of the
 * table below; without this script the table's links lead there. */

const NEAR = 22; // a finger's half width, so that each dot is 44 px wide for it
const dotOf = (row) => document.querySelector(`.dots [data-dot="${row.id.slice(4)}"]`);
const rowOf = (dot) => document.getElementById(`dot-${dot.dataset.dot}`);
const placeOf = (dot) => Number.parseFloat(dot.firstElementChild.getAttribute("x"));
const companies = () => [...document.querySelectorAll("[data-company]")];

function dotsOf(company) {
  return [...company.querySelectorAll("tr[id]")].map(dotOf).filter(Boolean);
}

function words(dot) {
  const row = rowOf(dot);
  const said = {
    name: row.cells[0].textContent.trim(),
    company: row.closest("[data-company]").dataset.company,
    x: row.cells[1].textContent.trim(),
    y: row.cells[2].textContent.trim(),
  };
  return dot.closest(".dots").dataset.say.replace(/\{(\w+)\}/g, (_all, key) => said[key]);
}

// --- The chosen dot: the one tab stop, named for whoever hears it, ringed and told for whoever sees it -----
function makeStop(dot) {
  for (const other of dot.closest(".dots").querySelectorAll('[tabindex="0"]')) {
    other.setAttribute("tabindex", "-1");
    other.setAttribute("aria-hidden", "true");
    other.removeAttribute("aria-label");
  }
  dot.setAttribute("aria-label", words(dot));
  dot.setAttribute("tabindex", "0");
  dot.removeAttribute("aria-hidden");
}

function tell(dot) {
  const plot = dot.closest(".dots");
  const ring = plot.querySelector(".ring");
  const mark = dot.firstElementChild;
  ring.setAttribute("cx", mark.getAttribute("x"));
  ring.setAttribute("cy", mark.getAttribute("y"));
  const said = plot.closest("figure").querySelector("[data-said]");
  said.querySelector("span").textContent = words(dot);
  const link = said.querySelector("a");
  link.href = dot.getAttribute("href");
  link.hidden = false;
}

function choose(dot) {
  makeStop(dot);
  tell(dot);
}

function isChosen(dot) {
  const ring = dot.closest(".dots").querySelector(".ring[cx]");
  return dot.getAttribute("tabindex") === "0" && Boolean(ring);
}

// --- Ways from dot to dot ------------------------------------------------------------------------
function nearestAcross(dots, x) {
  const far = (dot) => Math.abs(placeOf(dot) - x);
  return dots.reduce((best, dot) => (far(dot) < far(best) ? dot : best));
}

function next(dot, key) {
  const all = companies().map(dotsOf).filter((dots) => dots.length);
  const place = all.findIndex((dots) => dots.includes(dot));
  const dots = all[place];
  const at = dots.indexOf(dot);
  if (key === "ArrowRight") return dots[at + 1];
  if (key === "ArrowLeft") return dots[at - 1];
  if (key === "Home") return dots[0];
  if (key === "End") return dots[dots.length - 1];
  const other = all[place + (key === "ArrowDown" ? 1 : -1)];
  return other && nearestAcross(other, placeOf(dot));
}

function nearest(plot, event) {
  let found = null;
  let least = NEAR;
  for (const dot of plot.querySelectorAll("[data-dot]")) {
    const box = dot.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const far = Math.hypot(x - event.clientX, y - event.clientY);
    if (far <= least) [found, least] = [dot, far];
  }
  return found;
}

// --- What people do ------------------------------------------------------------------------------
const KEYS = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"]);
let pointer = "mouse";

document.addEventListener("pointerdown", (event) => {
  pointer = event.pointerType;
});

document.addEventListener("keydown", (event) => {
  const dot = event.target.closest?.("[data-dot]");
  if (!dot || !KEYS.has(event.key) || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const other = next(dot, event.key);
  if (!other) return;
  makeStop(other);
  other.focus();
});

document.addEventListener("focusin", (event) => {
  const dot = event.target.closest?.("[data-dot]");
  if (dot) choose(dot);
});

document.addEventListener("pointerover", (event) => {
  const dot = event.pointerType === "mouse" && event.target.closest?.("[data-dot]");
  if (dot) tell(dot);
});

document.addEventListener("click", (event) => {
  const plot = event.target.closest?.(".dots[data-say]");
  if (!plot || !event.detail) return; // no detail: Enter on a link, which opens it
  const hit = event.target.closest("[data-dot]");
  if (hit && pointer === "mouse") return;
  const dot = nearest(plot, event);
  if (!dot || (dot === hit && isChosen(dot))) return;
  event.preventDefault();
  choose(dot);
});

function arm() {
  for (const said of document.querySelectorAll("[data-said]")) {
    const first = companies().flatMap(dotsOf)[0];
    said.hidden = !first;
    if (first && !document.querySelector('.dots [tabindex="0"]')) makeStop(first);
  }
}

document.addEventListener("htmx:after:swap", arm);
arm();
