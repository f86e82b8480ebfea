/* What the authors' editor takes from Tiptap and ProseMirror; tools/build_editor.py makes one file of it. */

export { Editor, Mark } from "@tiptap/core";
export { Blockquote } from "@tiptap/extension-blockquote";
export { Bold } from "@tiptap/extension-bold";
export { Code } from "@tiptap/extension-code";
export { Document } from "@tiptap/extension-document";
export { HardBreak } from "@tiptap/extension-hard-break";
export { Heading } from "@tiptap/extension-heading";
export { HorizontalRule } from "@tiptap/extension-horizontal-rule";
export { Italic } from "@tiptap/extension-italic";
export { Link } from "@tiptap/extension-link";
export { BulletList, ListItem, ListKeymap, OrderedList } from "@tiptap/extension-list";
export { Paragraph } from "@tiptap/extension-paragraph";
export { Table, TableCell, TableHeader, TableRow } from "@tiptap/extension-table";
export { Text } from "@tiptap/extension-text";
export { Dropcursor, Gapcursor, Placeholder } from "@tiptap/extensions";
