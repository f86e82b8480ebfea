/* The quiz, one question at a time. What is chosen is kept on the phone at once and sent then (see phone.js).
 * Without this script the page is one form; all words stand in the template. */

import { answer, attend, begin, flush, handIn, report, trouble } from "../catalog/phone.js";
import { get } from "../catalog/store.js";

const form = document.querySelector("[data-quiz]");
const questions = [...form.querySelectorAll("[data-item]")];
const review = form.querySelector("[data-review]");
const go = document.querySelector("[data-go]");
const back = document.querySelector("[data-back]");
const anyway = document.querySelector("[data-anyway]");
const person = document.querySelector('meta[name="person"]').content;

let attempt;
let place = Math.max(questions.findIndex((question) => question.hasAttribute("data-now")), 0); // as the server drew it
let sending = false;
let left = false;
let reviewed = false; // from then on only what has no answer yet is led through
let turnedAt = -Infinity;
const AT_REST = 500;

const chosenIn = (question) => [...question.querySelectorAll("input:checked")].map((input) => input.value);
const inputsOf = (question) => [...question.querySelectorAll("input")];
const shownIn = (question) => inputsOf(question).filter((input) => input.defaultChecked).map((input) => input.value);
const isTouched = (question) => inputsOf(question).some((input) => input.checked !== input.defaultChecked);
const isAnswered = (question) => chosenIn(question).length > 0;
const inReview = () => place === questions.length;
const firstOpen = () => questions.findIndex((question) => !isAnswered(question));

// --- Drawing -----------------------------------------------------------------------------------------
function draw() {
  questions.forEach((question, index) => question.toggleAttribute("data-now", index === place));
  review.hidden = !inReview();
  if (inReview()) drawReview();
  drawSegments();
  back.hidden = place === 0;
  anyway.hidden = !inReview();
  go.textContent = words();
}

function words() {
  if (inReview()) return go.dataset[firstOpen() < 0 ? "last" : "rest"];
  if (!isAnswered(questions[place])) return go.dataset.later;
  return go.dataset[following() < 0 ? "last" : "answer"];
}

/** Return where the button leads: to a question, to the review (their number), or -1: all is sent. */
function following() {
  if (inReview()) return firstOpen();
  const later = questions.findIndex((question, index) => index > place && !(reviewed && isAnswered(question)));
  return later < 0 && firstOpen() >= 0 ? questions.length : later;
}

function drawSegments() {
  const segments = document.querySelectorAll(".seg li");
  segments.forEach((segment, index) => {
    segment.className = index === place ? "now" : isAnswered(questions[index]) ? "done" : "";
  });
  const legend = questions[place]?.querySelector("legend span") ?? review.querySelector("h2");
  document.querySelector("[data-seg]").setAttribute("aria-label", legend.textContent);
}

function drawReview() {
  for (const row of review.querySelectorAll("[data-review-item]")) {
    const done = isAnswered(form.querySelector(`[data-item="${row.dataset.reviewItem}"]`));
    for (const mark of row.querySelectorAll("[data-review-tick]")) {
      mark.hidden = (mark.dataset.reviewTick === "done") !== done;
    }
  }
}

function show(where) {
  place = where;
  turnedAt = performance.now();
  reviewed ||= inReview();
  draw();
  scrollTo({ top: 0 });
  (questions[place] ?? review).querySelector("h2").focus({ preventScroll: true });
}

/** Put the kept answers into the form; what was chosen while the page was still waking up stays. */
function fill() {
  for (const question of questions.filter((each) => !early.has(each))) {
    const kept = attempt.answers[question.dataset.item];
    for (const input of inputsOf(question)) {
      input.checked = kept ? kept.options.includes(input.value) : false;
    }
  }
}

// --- Answering ---------------------------------------------------------------------------------------
const early = new Set();
let keeping;
let begun = false;
let changes = 0;

function keep(question) {
  const options = chosenIn(question);
  if (!begun) early.add(question);
  changes += 1;
  keeping = keeping.then(async () => {
    attempt = await answer(attempt, question.dataset.item, options);
  });
  setTimeout(report, 400); // a quick answer of the server needs no word in between
  keeping.then(flush);
}

function next() {
  const where = following();
  return where < 0 ? send() : show(where);
}

async function send() {
  if (sending) return;
  sending = true;
  go.setAttribute("aria-busy", "true");
  await keeping;
  attempt = await handIn(attempt);
  close();
  await flush();
  go.removeAttribute("aria-busy");
  sending = false;
  if (!(await follow()) && navigator.serviceWorker?.controller && !attempt.problem) wait();
}

/** What was handed in is not changed any more: it only waits to be sent. */
function close() {
  for (const question of questions) question.disabled = true;
}

const wait = () => trouble !== "signed_out" && location.replace(`/attempts/${attempt.id}/`);

/** Go where the attempt has gone: to its result, or anew to the attempt of a phone that was first.
 *
 * In place of this page: by "back" it would lead to the result again, and never to where one came from. */
async function follow() {
  attempt = (await get("attempts", person, attempt.id)) ?? attempt;
  document.querySelector("[data-refused]").hidden = !attempt.problem;
  document.querySelector("[data-refused-text]").textContent = attempt.problem ?? "";
  if (attempt.state === "open") return false;
  if (!left) attempt.resultUrl ? location.replace(attempt.resultUrl) : location.reload();
  left = true;
  return true;
}

/** Another tab has gone on with the same attempt: show its answers here too. */
async function catchUp() {
  await keeping;
  early.clear();
  const before = changes;
  if ((await follow()) || before !== changes) return;
  fill();
  draw();
}

async function start() {
  const { quiz: module, title, version, attempt: open, retry, rendered } = form.dataset;
  const shown = questions.map((question) => [question.dataset.item, shownIn(question)]);
  const chosen = Object.fromEntries(shown.filter(([, options]) => options.length));
  const before = place;
  attempt = await begin({
    person, module, title, version, chosen, attempt: open, retry: retry === "true", renderedAt: rendered, items: questions.length,
  });
  if (await follow()) return;
  if (attempt.submitAt && navigator.serviceWorker?.controller && !attempt.problem) wait();
  fill();
  if (!early.size && place === before) place = Math.max(firstOpen(), 0);
  begun = true;
  draw();
  if (attempt.submitAt) close();
  attend("quiz", module);
  report();
}

// The second tap of two is not meant for the question that has just come, where the button skips it.
go.addEventListener("click", (event) => {
  if (event.detail && event.timeStamp - turnedAt < AT_REST) event.preventDefault();
});
form.addEventListener("change", ({ target }) => {
  turnedAt = -Infinity; // who has chosen something has seen it
  keep(target.closest("[data-item]"));
  draw();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.submitter === anyway) send();
  else next();
});
back.addEventListener("click", () => show(place - 1));
review.addEventListener("click", ({ target }) => {
  const row = target.closest("[data-review-item]");
  if (row) show(questions.findIndex((question) => question.dataset.item === row.dataset.reviewItem));
});
addEventListener("pageshow", (event) => event.persisted && location.reload()); // come back to by "back"
document.addEventListener("tomoni:sent", ({ detail }) => {
  if (detail.id === attempt?.id && !sending) detail.elsewhere ? catchUp() : follow();
});
keeping = start(); // an answer that comes before waits for it, also one from before this script
for (const question of questions.filter(isTouched)) keep(question);
