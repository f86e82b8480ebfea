/* What can be done with a text: by the toolbar, the slash menu and keys alike. */

const chain = (editor) => editor.chain().focus();

const ACTIONS = {
  paragraph: { run: (to) => chain(to).clearNodes().run(), on: (to) => to.isActive("paragraph") && !to.isActive("listItem") },
  heading: { run: (to) => chain(to).toggleHeading({ level: 2 }).run(), on: (to) => to.isActive("heading", { level: 2 }) },
  subheading: { run: (to) => chain(to).toggleHeading({ level: 3 }).run(), on: (to) => to.isActive("heading", { level: 3 }) },
  bold: { run: (to) => chain(to).toggleBold().run(), on: (to) => to.isActive("bold") },
  bullets: { run: (to) => chain(to).toggleBulletList().run(), on: (to) => to.isActive("bulletList") },
  numbers: { run: (to) => chain(to).toggleOrderedList().run(), on: (to) => to.isActive("orderedList") },
  quote: { run: (to) => chain(to).toggleBlockquote().run(), on: (to) => to.isActive("blockquote") },
  rule: { run: (to) => chain(to).setHorizontalRule().run() },
  table: { run: insertTable, on: (to) => to.isActive("table") },
  "row-below": { run: (to) => chain(to).addRowAfter().run() },
  "column-right": { run: (to) => chain(to).addColumnAfter().run() },
  "row-away": { run: (to) => chain(to).deleteRow().run() },
  "column-away": { run: (to) => chain(to).deleteColumn().run() },
  "table-away": { run: (to) => chain(to).deleteTable().run() },
};

/** A table stands by itself, never inside a list, a quote or another table. */
function insertTable(editor) {
  if (editor.isActive("table")) return;
  const { $from } = editor.state.selection;
  const nested = $from.depth > 1;
  if (nested) editor.commands.setTextSelection($from.after(1) - 1);
  const at = nested ? editor.state.selection.$from.after(1) : null;
  if (nested) editor.chain().insertContentAt(at, { type: "paragraph" }).setTextSelection(at + 1).run();
  chain(editor).insertTable({ rows: 3, cols: 2, withHeaderRow: true }).run();
  const { doc } = editor.state;
  const isLast = doc.lastChild.type.name === "table";
  if (isLast) editor.commands.insertContentAt(doc.content.size, { type: "paragraph" }, { updateSelection: false }); // a way on
}

/** Do something by its name; returns whether it is known here. */
export function act(editor, name) {
  ACTIONS[name]?.run(editor);
  return name in ACTIONS;
}

/** Say whether something is in force where the cursor is; undefined for what can't be. */
export const isOn = (editor, name) => ACTIONS[name]?.on?.(editor);
