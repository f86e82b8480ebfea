/* The toolbar of a text: one stop for the Tab key, arrows from button to button, Escape back into the text. */

import { isOn } from "./actions.js";

/** Arm a toolbar; `run(name)` is called for a button's data-do. Returns a function that shows what is in force. */
export function armToolbar(toolbar, editor, run) {
  const buttons = [...toolbar.querySelectorAll("[data-do]")];
  const shown = () => buttons.filter((button) => !button.closest("[hidden]"));
  const stopAt = (stop) => {
    for (const button of buttons) button.tabIndex = button === stop ? 0 : -1;
  };
  stopAt(buttons[0]);

  toolbar.addEventListener("pointerdown", (event) => event.target.closest("button") && event.preventDefault()); // the text keeps its selection
  toolbar.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-do]");
    if (!button) return;
    stopAt(button);
    run(button.dataset.do);
  });
  toolbar.addEventListener("keydown", (event) => {
    const all = shown();
    const at = all.indexOf(document.activeElement);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Escape") editor.commands.focus();
    else if (next === undefined || event.altKey) return;
    else {
      const stop = all[(next + all.length) % all.length];
      stopAt(stop);
      stop.focus();
    }
    event.preventDefault();
    event.stopPropagation();
  });

  return function show() {
    toolbar.querySelector("[data-in-table]").hidden = !editor.isActive("table");
    for (const button of buttons) {
      const on = button.hasAttribute("aria-pressed") ? mark(editor, button.dataset.do) : undefined;
      if (on !== undefined && button.getAttribute("aria-pressed") !== String(on)) button.setAttribute("aria-pressed", String(on));
    }
    if (!shown().some((button) => button.tabIndex === 0)) stopAt(buttons[0]);
  };
}

const mark = (editor, name) => isOn(editor, name) ?? editor.isActive(name);
