/* What is to be mended in a quiz, at the field where it is. */

let counter = 0;

function line(root, message) {
  const copy = root.querySelector("template[data-problem-line]").content.firstElementChild.cloneNode(true);
  copy.querySelector("[data-text]").textContent = message;
  copy.dataset.told = "";
  copy.id = `quiz-problem-${(counter += 1)}`;
  return copy;
}

/** Fill a place with messages; it is left as it is where they are the same. */
export function showAt(place, { root }, messages) {
  const now = [...place.children].map((each) => each.textContent.trim());
  if (now.join("\n") !== messages.join("\n")) place.replaceChildren(...messages.map((message) => line(root, message)));
}

/** Take back what was told inside of this element. */
export function forget(element) {
  for (const old of element.querySelectorAll("[data-told]")) old.remove();
  for (const input of element.querySelectorAll("[aria-invalid]")) {
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
  }
}

/** Tell a message below a field, and tie it to what is written in. */
export function tell(root, input, place, message) {
  const told = line(root, message);
  place.append(told);
  if (input) {
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", told.id);
  }
}
