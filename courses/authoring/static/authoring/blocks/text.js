/* A text: headings, lists, links, tables, quotes, terms. Its undo is the page's, so Tiptap's own is left out. */

import { Editor } from "../../vendor/tiptap@3.32.2/tiptap.js";
import { act } from "../rich/actions.js";
import { clean } from "../rich/clean.js";
import { askLink } from "../rich/link.js";
import { extensions } from "../rich/schema.js";
import { Slash } from "../rich/slash.js";
import { askTerm } from "../rich/terms.js";
import { armToolbar } from "../rich/toolbar.js";

const EMPTY = { type: "doc", content: [{ type: "paragraph" }] };
const isEmpty = (doc) => doc.childCount === 0 || (doc.childCount === 1 && doc.firstChild.isTextblock && !doc.firstChild.content.size);
const imagesIn = (transfer) => [...(transfer?.files ?? [])].filter((file) => file.type.startsWith("image/"));

export function mount(root, data, context) {
  const place = root.querySelector("[data-field]");
  const toolbar = root.querySelector('[role="toolbar"]');
  let filling = false;
  let slash;
  let show;

  const editor = new Editor({
    element: place,
    extensions: extensions(context.words("placeholder")),
    content: data.doc ?? EMPTY,
    injectCSS: false,
    enableInputRules: true,
    editorProps: {
      attributes: {
        role: "textbox",
        "aria-multiline": "true",
        "aria-label": place.dataset.label,
        "aria-haspopup": "listbox",
        "data-field": "doc",
        class: "rich-text",
        lang: context.language(),
      },
      transformPastedHTML: clean,
      handleKeyDown: (_view, event) => slash.onKey(event) || onKey(event),
      handlePaste: (_view, event) => !event.clipboardData.getData("text/html") && takeImages(imagesIn(event.clipboardData)),
      handleDrop: (_view, event) => takeImages(imagesIn(event.dataTransfer)),
    },
    onUpdate: () => filling || context.changed(),
    onTransaction: () => {
      if (filling) return;
      slash?.look();
      show?.();
    },
    onBlur: () => slash?.close(),
  });
  place.removeAttribute("data-field"); // the text itself is the field now
  slash = new Slash(editor, (name, kind) => (kind ? insert(kind) : run(name)));
  show = armToolbar(toolbar, editor, run);

  function run(name) {
    if (name === "link") askLink(editor);
    else if (name === "term") askTerm(editor, context.urls.terms);
    else act(editor, name);
  }

  function onKey(event) {
    const meant = event.ctrlKey || event.metaKey;
    if (event.altKey && event.key === "F10") (toolbar.querySelector('[tabindex="0"]') ?? toolbar).focus();
    else if (meant && event.key.toLowerCase() === "k") askLink(editor);
    else return false;
    event.preventDefault();
    return true;
  }

  /** Put a block of another kind where the cursor is: the text parts around it. */
  function insert(kind, give = null) {
    const { doc, selection } = editor.state;
    const { $from } = selection;
    const index = $from.index(0);
    const own = $from.depth ? doc.child(index) : null;
    const here = own && own.isTextblock && !own.content.size; // an empty line makes room for the block
    const parts = (from, to) => {
      const part = doc.copy(doc.content.cut(from, to));
      return isEmpty(part) ? null : { doc: part.toJSON() };
    };
    const start = own ? $from.before(1) : selection.from;
    const end = own ? $from.after(1) : selection.to;
    context.insert(kind, { before: parts(0, here ? start : end), after: parts(end, doc.content.size), give });
  }

  function takeImages(files) {
    if (!files.length) return false;
    insert("image", files[0]);
    return true;
  }

  return {
    value: () => ({ doc: editor.getJSON() }),
    focus: () => editor.commands.focus(isEmpty(editor.state.doc) ? "start" : "end"),
    destroy: () => {
      slash.close();
      editor.destroy();
    },

    /** Show another state of the same text, with the cursor where it differs. */
    set(next) {
      filling = true;
      const before = editor.state.doc;
      const after = editor.schema.nodeFromJSON(next.doc ?? EMPTY);
      const start = before.content.findDiffStart(after.content);
      if (start !== null) {
        let { a, b } = before.content.findDiffEnd(after.content);
        const overlap = start - Math.min(a, b);
        if (overlap > 0) [a, b] = [a + overlap, b + overlap];
        editor.view.dispatch(editor.state.tr.replace(start, a, after.slice(start, b)).setMeta("addToHistory", false));
        if (!editor.state.doc.eq(after)) editor.commands.setContent(next.doc ?? EMPTY, { emitUpdate: false });
        if (editor.isFocused) editor.commands.setTextSelection(Math.min(b, editor.state.doc.content.size));
      }
      filling = false;
      show();
    },
  };
}
