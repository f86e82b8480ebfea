/* Says at a field why what it holds was refused, until it is written anew. */

export const fieldOf = (desk, name) => desk.querySelector(`[name="${CSS.escape(name)}"]`);
const wordsOf = (field) => document.getElementById(field.getAttribute("aria-errormessage"));

/** Mark the fields of these [name, message]; of a group that was refused as a whole the first one says why. */
export function mark(desk, refused) {
  const said = new Set();
  for (const [name, message] of refused) {
    const field = fieldOf(desk, name);
    if (!field) continue;
    field.setAttribute("aria-invalid", "true");
    wordsOf(field)?.remove();
    if (said.has(message)) continue;
    said.add(message);
    const words = document.createElement("span");
    words.className = "err";
    words.id = `refused-${name}`;
    words.textContent = message;
    field.setAttribute("aria-errormessage", words.id);
    field.setAttribute("aria-describedby", words.id);
    field.after(words);
  }
}

/** Take the words away from the fields of these names. */
export function clear(desk, names) {
  for (const name of names) {
    const field = fieldOf(desk, name);
    if (!field) continue;
    field.removeAttribute("aria-invalid");
    wordsOf(field)?.remove();
    field.removeAttribute("aria-errormessage");
    field.removeAttribute("aria-describedby");
  }
}
