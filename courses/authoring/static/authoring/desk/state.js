/* Where the work is, in the bar and, when it needs a person, below it. */

import { clock, say, word } from "./page.js";

const TROUBLES = ["computer", "busy", "signedout", "refused"];

const chip = document.querySelector("[data-sync]");
chip?.setAttribute("aria-live", "off"); // it changes with every pause; what matters is said apart
let last = "";
let patience = 0;

/** Show a state of saving: see saver.js. */
export function showState({ state, at, message = "" }) {
  clearTimeout(patience);
  // A pause of typing is no news: "saving" is shown where it takes a while.
  if (state === "saving" && last === "saved") patience = setTimeout(() => change(state), 400);
  else change(state, at);
  if (state !== "saving") showTrouble(state, message);
  if (state !== last && (TROUBLES.includes(state) || (TROUBLES.includes(last) && state === "saved"))) {
    say(message || word(`state-${state}`));
  }
  if (state !== "saving") last = state;
}

function showTrouble(state, message) {
  for (const banner of document.querySelectorAll("[data-saving-trouble]")) {
    banner.hidden = banner.dataset.savingTrouble !== state;
    if (message && !banner.hidden) banner.querySelector("[data-text]").textContent = message;
  }
}

function change(state, at) {
  const detail = { state: `desk-${state}`, count: at ? clock(at) : "" };
  document.dispatchEvent(new CustomEvent("tomoni:sync", { detail }));
}
