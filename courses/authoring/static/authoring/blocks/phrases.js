/* Words to use: one sentence a line. Enter makes the next line, Backspace in an empty one takes it away. */

import { tieFields } from "./fields.js";

const MOST = 30;

export function mount(root, data, context) {
  const fields = tieFields(root, data, ["title"], context.changed);
  const list = root.querySelector("[data-lines]");
  const template = root.querySelector("template[data-line]");
  const inputs = () => [...list.querySelectorAll("textarea")];
  const changed = () => context.changed("lines");

  function add(text, before = null) {
    const line = template.content.firstElementChild.cloneNode(true);
    line.querySelector("textarea").value = text;
    list.insertBefore(line, before);
    number();
    return line.querySelector("textarea");
  }

  function number() {
    for (const [place, input] of inputs().entries()) {
      input.setAttribute("aria-label", context.words("line", { n: place + 1 }));
      input.closest("li").querySelector("[data-line-away] .sr").textContent = context.words("line-away", { n: place + 1 });
    }
    root.querySelector("[data-line-more]").hidden = inputs().length >= MOST;
  }

  function takeAway(line) {
    const next = (line.previousElementSibling ?? line.nextElementSibling)?.querySelector("textarea");
    line.remove();
    (next ?? add("")).focus();
    number();
    changed();
  }

  /** Put lines where one is: what was pasted from a list. */
  function spread(input, lines) {
    const after = input.closest("li").nextElementSibling;
    const room = MOST - inputs().length;
    input.setRangeText(lines[0], input.selectionStart, input.selectionEnd, "end");
    const added = lines.slice(1, room + 1).map((text) => add(text, after));
    (added.at(-1) ?? input).focus();
    changed();
  }

  function draw(lines) {
    list.replaceChildren();
    for (const text of lines.length ? lines : [""]) add(text);
  }

  list.addEventListener("input", changed);
  list.addEventListener("keydown", (event) => {
    const input = event.target.closest("textarea");
    if (!input || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const line = input.closest("li");
    const step = { ArrowUp: "previousElementSibling", ArrowDown: "nextElementSibling" }[event.key];
    if (event.key === "Enter" && inputs().length < MOST) {
      const rest = input.value.slice(input.selectionEnd);
      input.value = input.value.slice(0, input.selectionStart);
      const next = add(rest, line.nextElementSibling);
      next.focus();
      next.setSelectionRange(0, 0);
      changed();
    } else if (event.key === "Backspace" && !input.value && inputs().length > 1) takeAway(line);
    else if (event.key === "Enter") { /* no more lines fit in, and none holds a break */ }
    else if (step && !input.value.includes("\n")) line[step]?.querySelector("textarea").focus();
    else return;
    event.preventDefault();
  });
  list.addEventListener("paste", (event) => {
    const lines = (event.clipboardData.getData("text/plain") ?? "")
      .split(/\r?\n/)
      .map((text) => text.replace(/^\s*(?:[・•●\-*–]|\d+[.)．])\s*/, "").trim())
      .filter(Boolean);
    if (lines.length < 2) return;
    event.preventDefault();
    spread(event.target, lines);
  });
  root.addEventListener("click", ({ target }) => {
    if (target.closest("[data-line-away]")) takeAway(target.closest("li"));
    else if (target.closest("[data-line-more]")) add("").focus();
  });
  draw(data.lines ?? []);

  return {
    value: () => ({ ...fields.read(), lines: inputs().map((input) => input.value.replace(/\s*\n\s*/g, " ")) }),
    focus: (name) => (name === "title" ? fields.focus("title") : inputs()[0].focus()),
    set(next) {
      const had = inputs().indexOf(document.activeElement);
      fields.write(next);
      draw(next.lines ?? []);
      if (had >= 0) inputs()[Math.min(had, inputs().length - 1)].focus();
    },
  };
}
