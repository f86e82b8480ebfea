/* A quick post: its file is sent at once and goes on after a lost network, a title is suggested from the first
 * words. Publishing waits for the file. Without this the form works as any form does. */

import { forget, send } from "../core/js/resumable.js";
import { draft, keepDraft, throwAway } from "./draft.js";

const form = document.querySelector("[data-post]");
const part = (name) => document.querySelector(`[data-post-${name}]`);
const { file, text, title, asset, audience, key } = form.elements;
const SAYINGS = ["too-large", "offline", "unreadable", "signed_out", "refused"];
const LONGEST = 40;
let sending = null;
let wantsOut = false;

// --- The title; `titling.py` says the same ------------------------------------------------------------------
function suggested(words) {
  const first = words.trim().split(/[。．！？!?\n]|\.(?:\s|$)/)[0].trim();
  const letters = [...first];
  if (letters.length <= LONGEST) return first;
  const cut = letters.slice(0, LONGEST);
  const pause = cut.findLastIndex((letter) => /[、，,\s]/.test(letter));
  return `${cut.slice(0, pause >= LONGEST / 2 ? pause : LONGEST - 1).join("").trimEnd()}…`;
}

// --- What was begun before, and is kept while it is written ---------------------------------------------------------
const begun = draft();
const ownKey = key.value;
const isFresh = "fresh" in form.dataset && !form.elements.text.defaultValue;
if (isFresh && begun) {
  [key.value, text.value, title.value] = [begun.key, begun.text, begun.title];
  part("draft").hidden = false;
}

/** Begin anew, under a key of its own. */
part("afresh").addEventListener("click", () => {
  throwAway();
  [key.value, text.value, title.value] = [ownKey, "", ""];
  isOwn = false;
  part("draft").hidden = true;
  text.focus();
});

const keepWords = () => keepDraft({ key: key.value, text: text.value, title: title.value });

let isOwn = title.value !== "" && title.value !== suggested(text.value);
title.addEventListener("input", () => (isOwn = title.value !== ""));
text.addEventListener("input", () => isOwn || (title.value = suggested(text.value)));
for (const field of [text, title]) field.addEventListener("input", keepWords);

// --- The file -----------------------------------------------------------------------------------------------
function say(name, words = "") {
  for (const each of SAYINGS) part(each).hidden = each !== name;
  if (name && words) part(name).querySelector("span").textContent = words;
  if (name) part(name).scrollIntoView({ block: "nearest" });
}

function show() {
  part("progress").hidden = !sending;
  part("there").hidden = !asset.value;
  part("remove-row").hidden = !(sending || asset.value);
  part("then").hidden = !(wantsOut && sending);
}

function tell({ sent, size, waiting = false }) {
  const percent = Math.floor((100 * sent) / Math.max(size, 1));
  part("progress").querySelector("progress").value = percent;
  part("percent").textContent = `${percent}%`;
  part("sending").hidden = waiting;
  part("waiting").hidden = !waiting;
}

let shown = "";

/** Show the picture that was chosen, or none: what goes out to everybody is seen before. */
function picture(chosen) {
  URL.revokeObjectURL(shown);
  shown = chosen ? URL.createObjectURL(chosen) : "";
  part("picture").hidden = !chosen;
  if (chosen) part("picture").querySelector("img").src = shown;
}

async function take(chosen) {
  sending?.stop.abort();
  say("");
  asset.value = "";
  picture(null);
  if (chosen.size > Number(form.dataset.most)) return say("too-large");
  const mine = { stop: new AbortController(), chosen };
  sending = mine;
  const isPicture = chosen.type.startsWith("image/");
  part("alt").hidden = !isPicture;
  picture(isPicture ? chosen : null);
  tell({ sent: 0, size: chosen.size });
  show();
  try {
    const words = isPicture ? { kind: "image" } : {};
    const done = await send(chosen, { words, tell: (state) => mine === sending && tell(state), signal: mine.stop.signal });
    if (mine !== sending) return;
    asset.value = done.asset;
    part("name").textContent = chosen.name;
  } catch (error) {
    if (error.name === "AbortError") await forget(chosen);
    else if (error.message) say("refused", error.message);
    else say(SAYINGS.includes(error.code) ? error.code : "offline");
  } finally {
    if (mine === sending) {
      sending = null;
      if (wantsOut && asset.value) publish();
      wantsOut = false;
      show();
    }
  }
}

function choose(withCamera) {
  file.toggleAttribute("capture", false);
  if (withCamera) file.setAttribute("capture", "environment");
  file.click();
}

function without() {
  const now = sending;
  sending = null;
  now?.stop.abort();
  asset.value = "";
  wantsOut = false;
  picture(null);
  part("alt").hidden = true;
  say("");
  show();
  part("camera").focus();
}

file.addEventListener("change", () => {
  const [chosen] = file.files;
  if (!chosen) return;
  take(chosen);
  file.value = ""; // it is named by its asset; the form carries no bytes
});
part("camera").addEventListener("click", () => choose(true));
part("choose").addEventListener("click", () => choose(false));
part("remove").addEventListener("click", without);
addEventListener("beforeunload", (event) => sending && event.preventDefault());

// --- Publishing -----------------------------------------------------------------------------------------------
let isOut = false;

const publish = () => form.requestSubmit();

form.addEventListener("submit", (event) => {
  if (isOut) return event.preventDefault();
  if (!sending) {
    isOut = true;
    setTimeout(() => (isOut &&= !event.defaultPrevented)); // held where there is no network
    return;
  }
  event.preventDefault();
  wantsOut = true;
  show();
});
addEventListener("pageshow", () => (isOut = false));
document.addEventListener("tomoni:unsent", () => (isOut = false));

// --- What is asked only then ------------------------------------------------------------------------------------
const partners = () => (part("partners").hidden = audience.value !== "chosen");
audience.addEventListener("change", partners);
partners();

// A list of partners that is longer than a screen is narrowed by what is typed.
const folded = (words) => words.normalize("NFKC").toLowerCase().trim();
const rows = [...part("partners").querySelectorAll(".checks label")];
const find = part("find").querySelector("input");
part("find").hidden = rows.length <= 12;
find.addEventListener("input", () => {
  const wanted = folded(find.value);
  for (const row of rows) row.hidden = !row.querySelector("input").checked && !folded(row.textContent).includes(wanted);
});
find.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());

part("alt").hidden = true;
part("plain").hidden = true;
part("buttons").hidden = false;

// What the server said of a file stands where files are taken now; the file itself is no use any more.
const told = part("plain").querySelector(".err");
if (told) {
  asset.value = "";
  say("refused", told.textContent.trim());
  document.querySelector('a[href="#id_file"]')?.setAttribute("href", "#camera");
}
show();
