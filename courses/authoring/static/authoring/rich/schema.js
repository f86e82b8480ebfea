/* What a text is made of, in the words of Tiptap. The server knows the same nodes and marks, and no others. */

import {
  Blockquote, Bold, BulletList, Code, Document, Dropcursor, Gapcursor, HardBreak, Heading, HorizontalRule, Italic, Link,
  ListItem, ListKeymap, Mark, OrderedList, Paragraph, Placeholder, Table, TableCell, TableHeader, TableRow, Text,
} from "../../vendor/tiptap@3.32.2/tiptap.js";
import { isSafe } from "./clean.js";

const MOST_LEVELS = 3;

/** A word whose meaning readers can open: the mark holds the term's id. */
const Term = Mark.create({
  name: "term",
  inclusive: false,
  addAttributes() {
    return {
      term: { default: null, parseHTML: (element) => element.dataset.term, renderHTML: ({ term }) => ({ "data-term": term }) },
    };
  },
  parseHTML: () => [{ tag: "span[data-term]" }],
  renderHTML: ({ HTMLAttributes }) => ["span", { class: "term", ...HTMLAttributes }, 0],
});

const PlainLink = Link.extend({
  addAttributes: () => ({ href: { default: null, parseHTML: (element) => element.getAttribute("href") } }),
}).configure({
  openOnClick: false,
  linkOnPaste: true,
  HTMLAttributes: { target: null, rel: null, class: null },
  isAllowedUri: (href) => isSafe(href),
});

const span = (name) => ({
  default: 1,
  parseHTML: (element) => Math.min(Math.max(Number(element.getAttribute(name)) || 1, 1), 20),
});
const spans = () => ({ colspan: span("colspan"), rowspan: span("rowspan") });
const PlainTable = Table.extend({
  renderHTML: () => ["table", ["tbody", 0]],
  addNodeView: null,
  addKeyboardShortcuts() {
    return { ...this.parent?.(), Tab: () => this.editor.commands.goToNextCell() };
  },
}).configure({ resizable: false });

function listDepth({ $from }) {
  let depth = 0;
  for (let level = $from.depth; level > 0; level -= 1) depth += $from.node(level).type.name === "listItem" ? 1 : 0;
  return depth;
}

/* Tab does what it means in lists and tables, and where it can do no more it stays the way out of the text. */
const ShallowItem = ListItem.extend({
  addKeyboardShortcuts() {
    const canSink = () => listDepth(this.editor.state.selection) < MOST_LEVELS;
    return { ...this.parent?.(), Tab: () => canSink() && this.editor.commands.sinkListItem(this.name) };
  },
});

/* Ctrl+Enter is the desk's: it adds a block. */
const ShiftBreak = HardBreak.extend({
  addKeyboardShortcuts() {
    return { "Shift-Enter": () => this.editor.commands.setHardBreak() };
  },
});

/** Return the extensions of a text; `placeholder` stands where it is still empty. */
export const extensions = (placeholder) => [
  Document, Paragraph, Text, ShiftBreak, HorizontalRule, Blockquote, BulletList, OrderedList, ShallowItem, ListKeymap,
  Heading.configure({ levels: [2, 3] }),
  Bold, Italic, Code, PlainLink, Term,
  PlainTable, TableRow, TableHeader.extend({ addAttributes: spans }), TableCell.extend({ addAttributes: spans }),
  Dropcursor.configure({ color: false, width: 3, class: "dropcursor" }), Gapcursor,
  Placeholder.configure({ placeholder, showOnlyWhenEditable: true }),
];
