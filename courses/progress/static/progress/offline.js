/* The page without network: what waits to be sent, and which modules are here. */

import { makeRoom } from "../catalog/network.js";
import { actsWaiting, fieldsWaiting, waiting, whoami } from "../catalog/phone.js";
import { all } from "../catalog/store.js";
import { kept } from "./keep.js";

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
  if (seconds) lines.push(line("time", `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`));
  document.querySelector("[data-waiting-list]").replaceChildren(...lines);
  document.querySelector("[data-waiting]").hidden = !lines.length;
}

function line(name, count, title) {
  const row = words(name);
  row.querySelector("[data-count]").textContent = count;
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

document.addEventListener("tomoni:sent", showWaiting);
showWaiting();
showKept();
makeRoom();
