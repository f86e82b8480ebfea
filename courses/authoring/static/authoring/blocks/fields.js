/* Blocks that are forms: plain fields by their data-field, and a picture. Story and key person are nothing else. */

import { mountPicture } from "./picture.js";

/** Tie fields to data; `onChange(name)` is called when somebody has written. Returns {read, write, focus}. */
export function tieFields(root, data, names, onChange) {
  const inputs = names.map((name) => root.querySelector(`[data-field="${name}"]`));
  for (const [place, input] of inputs.entries()) {
    input.value = data[names[place]] ?? "";
    input.addEventListener("input", () => onChange(names[place]));
  }
  return {
    read: () => Object.fromEntries(names.map((name, place) => [name, inputs[place].value])),
    write(next) {
      const changed = inputs.filter((input, place) => input.value !== (next[names[place]] ?? ""));
      for (const input of changed) input.value = next[names[inputs.indexOf(input)]] ?? "";
      if (changed.length && root.contains(document.activeElement)) changed[0].focus();
    },
    focus: (name) => (inputs[names.indexOf(name)] ?? inputs[0])?.focus(),
  };
}

/** Return the `mount` of a form block: `names` its fields, `picture` the field that holds a picture's id, if any. */
export function formBlock(names, picture = "") {
  return function mount(root, data, context) {
    const fields = tieFields(root, data, names, context.changed);
    const frame = picture && root.querySelector(`[data-picture="${picture}"]`);
    const face = frame && mountPicture(frame, data[picture], context, () => context.changed(picture));
    return {
      value: () => ({ ...fields.read(), ...(face && { [picture]: face.value() }) }),
      focus: (name) => (face && name === picture ? face.focus() : fields.focus(name)),
      take: (file) => face?.take(file),
      destroy: () => face?.destroy(),
      set(next) {
        fields.write(next);
        face?.set(next[picture]);
      },
    };
  };
}
