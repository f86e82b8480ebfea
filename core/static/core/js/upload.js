/* Sends a form's file so that it goes on after a lost network, and shows how far it is. Without it the form
 * works as any form does.
 *
 * <form data-upload data-most="bytes" data-kind="video"> with [data-upload-progress] (holds a <progress>,
 * [data-upload-percent] and [data-upload-cancel]) and words that are shown when they are true:
 * [data-upload-sending], -waiting, -done, -too-large, -offline, -unreadable, -signed_out, and -refused, which
 * says what the server said. [data-upload-renews="id"]: what is fetched anew afterwards. */

import { forget, send } from "./resumable.js";

const SAYINGS = ["done", "too-large", "offline", "unreadable", "signed_out", "refused"];
const OF_THE_FILE = new Set(["too-large", "unreadable", "refused"]);

function show(form, name, shown = true) {
  const element = form.querySelector(`[data-upload-${name}]`);
  if (element) element.hidden = !shown;
  return element;
}

function say(form, name, words = "") {
  for (const each of SAYINGS) show(form, each, false);
  const element = name && (show(form, name) ?? show(form, "refused"));
  if (words) element.querySelector("span").textContent = words;
  describe(form.elements.file, OF_THE_FILE.has(name) ? element.id : "");
}

function describe(field, id) {
  field.toggleAttribute("aria-invalid", false);
  const [hint] = (field.getAttribute("aria-describedby") ?? "").split(" ");
  field.setAttribute("aria-describedby", id ? `${hint} ${id}` : hint);
  if (!id) return;
  field.setAttribute("aria-invalid", "true");
  field.focus();
}

function progress(form, { sent, size, waiting = false }) {
  const percent = Math.floor((100 * sent) / Math.max(size, 1));
  form.querySelector("[data-upload-progress] progress").value = percent;
  form.querySelector("[data-upload-percent]").textContent = `${percent}%`;
  show(form, "sending", !waiting);
  show(form, "waiting", waiting);
}

async function upload(form, file, button) {
  const stop = new AbortController();
  const cancel = form.querySelector("[data-upload-cancel]");
  const halt = () => stop.abort();
  const stay = (event) => event.preventDefault();
  cancel.addEventListener("click", halt);
  addEventListener("beforeunload", stay);
  button.setAttribute("aria-busy", "true");
  form.dataset.sending = "yes";
  say(form, "");
  progress(form, { sent: 0, size: file.size });
  show(form, "progress");
  try {
    const words = { title: form.elements.title?.value, kind: form.dataset.kind };
    await send(file, { words, tell: (state) => progress(form, state), signal: stop.signal });
    form.reset();
    say(form, "done");
    renew(form.dataset.uploadRenews);
  } catch (error) {
    if (error.name === "AbortError") await forget(file);
    else say(form, error.message ? "refused" : (error.code ?? "offline"), error.message);
  } finally {
    cancel.removeEventListener("click", halt);
    removeEventListener("beforeunload", stay);
    show(form, "progress", false);
    button.removeAttribute("aria-busy");
    delete form.dataset.sending;
  }
}

function renew(id) {
  if (id) globalThis.htmx?.ajax("GET", location.pathname, { target: `#${id}`, swap: "outerHTML" });
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-upload]");
  const file = form?.elements.file.files[0];
  if (!file) return;
  event.preventDefault();
  if (form.dataset.sending) return;
  if (file.size > Number(form.dataset.most)) say(form, "too-large");
  else upload(form, file, event.submitter ?? form.querySelector(".btn"));
});
