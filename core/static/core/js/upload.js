/* Shows how far an upload is, and answers at once to a file that is too large. Without it the form works
 * as any form does.
 *
 * <form data-upload data-most="bytes"> with [data-upload-progress] (holds a <progress>),
 * [data-upload-too-large] and [data-upload-broken]: words that are shown when they are true. */

function show(form, name, shown) {
  const element = form.querySelector(`[data-upload-${name}]`);
  if (element) element.hidden = !shown;
}

function isTooLarge(form) {
  const most = Number(form.dataset.most);
  return [...form.elements].some((field) => [...(field.files ?? [])].some((file) => file.size > most));
}

/* The answer is a whole page: after success another one, else this one with what has to be mended. */
function take(form, request) {
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const fresh = page.getElementById("main");
  if (request.status < 400 && request.responseURL) {
    location.assign(request.responseURL);
  } else if (fresh) {
    document.getElementById("main").replaceWith(document.adoptNode(fresh));
    document.querySelector(".summary")?.focus();
  } else {
    stop(form);
    show(form, "broken", true);
  }
}

function stop(form) {
  show(form, "progress", false);
  for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-busy");
  delete form.dataset.sending;
}

function send(form, button) {
  const request = new XMLHttpRequest();
  const bar = form.querySelector("[data-upload-progress] progress");
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total;
  });
  request.addEventListener("load", () => take(form, request));
  request.addEventListener("error", () => {
    stop(form);
    show(form, "broken", true);
  });
  request.open("POST", form.action);
  request.send(new FormData(form));
  form.dataset.sending = "yes";
  button?.setAttribute("aria-busy", "true");
  show(form, "progress", true);
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-upload]");
  if (!form) return;
  event.preventDefault();
  if (form.dataset.sending) return;
  show(form, "broken", false);
  const tooLarge = isTooLarge(form);
  show(form, "too-large", tooLarge);
  if (!tooLarge) send(form, event.submitter);
});
