/* Asking where a link leads. */

import { ask } from "../desk/page.js";
import { isSafe } from "./clean.js";

const linking = document.querySelector("[data-link-dialog]");

/** Return an address that was typed as people type them, made whole. */
export function wholeAddress(typed) {
  const text = typed.normalize("NFKC").trim();
  if (!text || isSafe(text)) return text;
  if (/^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/.test(text)) return `mailto:${text}`;
  if (/^[\w-]+(\.[\w-]+)+([/?#]\S*)?$/.test(text)) return `https://${text}`;
  return "";
}

/** Ask where a link leads, and set, change or take it away. */
export async function askLink(editor) {
  const input = linking.querySelector("input");
  const error = linking.querySelector("[data-link-error]");
  const now = editor.getAttributes("link").href ?? "";
  input.value = now;
  error.hidden = true;
  linking.querySelector('[value="away"]').hidden = !now;
  const onSubmit = (event) => {
    const bad = event.submitter?.value === "set" && !wholeAddress(input.value);
    error.hidden = !bad;
    input.setAttribute("aria-invalid", String(bad));
    if (bad) event.preventDefault();
  };
  linking.addEventListener("submit", onSubmit);
  const answer = await ask(linking);
  linking.removeEventListener("submit", onSubmit);
  const edit = editor.chain().focus().extendMarkRange("link");
  const href = wholeAddress(input.value);
  if (answer === "away") edit.unsetLink().run();
  else if (answer === "set" && !now && editor.state.selection.empty) {
    editor.chain().focus().insertContent({ type: "text", text: input.value.trim(), marks: [{ type: "link", attrs: { href } }] }).run();
  } else if (answer === "set") edit.setLink({ href }).run();
  else editor.commands.focus();
}
