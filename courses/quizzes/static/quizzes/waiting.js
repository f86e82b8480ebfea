/* An attempt without a result: does it wait on this phone? The page leads to the result by itself once it is sent. */

import { makeRoom } from "../catalog/network.js";
import { waiting, whoami } from "../catalog/phone.js";
import { get } from "../catalog/store.js";

const root = document.querySelector("[data-waiting]");
const id = location.pathname.split("/").at(-2);
/** The server's own page names its person; the one that stands in without network names nobody. */
const isStandIn = !document.querySelector('meta[name="person"]');

function show(state) {
  for (const part of root.querySelectorAll("[data-waiting-if]")) part.hidden = part.dataset.waitingIf !== state;
  root.dataset.ready = "true";
  if (state === "away") makeRoom();
}

function showKept(attempt) {
  root.querySelector("[data-waiting-count]").textContent = Object.keys(attempt.answers).length;
  const at = new Date(attempt.submitAt);
  root.querySelector("[data-waiting-time]").textContent = at.toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" });
  root.querySelector("[data-refused]").hidden = !attempt.problem;
  root.querySelector("[data-refused-text]").textContent = attempt.problem ?? "";
  show("kept");
}

async function look() {
  const person = await whoami();
  const attempt = person ? await get("attempts", person, id) : null;
  if (attempt?.resultUrl && (attempt.resultUrl !== location.pathname || !isStandIn)) location.replace(attempt.resultUrl);
  else if (attempt?.resultUrl) show("away");
  else if (attempt && !attempt.submitAt) location.replace(`/modules/${attempt.module}/quiz/`);
  else if (attempt && waiting(attempt)) showKept(attempt);
  else show(isStandIn ? "away" : "unknown");
}

document.addEventListener("tomoni:sent", async ({ detail }) => {
  if (detail.id !== id) return;
  const attempt = await get("attempts", await whoami(), id);
  if (attempt?.resultUrl) location.replace(attempt.resultUrl); // it has just been taken in, so there is network
  else look();
});
look();
