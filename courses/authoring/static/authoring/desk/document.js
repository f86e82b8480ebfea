/* A draft's document, and what can be done with it. Nothing here is changed in place: every function returns
 * a new document that shares with the old one what is the same. */

export const FIELDS = ["title", "summary", "minutes", "language", "picture"];

const EMPTY = {
  text: () => ({ doc: { type: "doc", content: [{ type: "paragraph" }] } }),
  image: () => ({ asset: null, alt: "", caption: "" }),
  video: () => ({ asset: null }),
  story: () => ({ title: "", name: "", role: "", picture: null, before: "", turning_point: "", after: "", quote: "" }),
  phrases: () => ({ title: "", lines: [""] }),
  person: () => ({ name: "", role: "", ask_about: "", picture: null }),
  quiz: () => ({ items: [] }),
};

/** Return what a new block of a kind holds. */
export const emptyData = (kind) => EMPTY[kind]?.() ?? {};

/** Say whether two values are the same JSON; absent and null are alike, and the order of keys is no matter. */
export function same(a, b) {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return (a ?? null) === (b ?? null);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  if (Array.isArray(a)) return a.length === b.length && a.every((each, place) => same(each, b[place]));
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => same(a[key], b[key]));
}

export const placeOf = (document, key) => document.blocks.findIndex((block) => block.key === key);
export const blockOf = (document, key) => document.blocks.find((block) => block.key === key);

export const withField = (document, field, value) => ({ ...document, [field]: value });

export const withData = (document, key, data) => ({
  ...document,
  blocks: document.blocks.map((block) => (block.key === key ? { ...block, data } : block)),
});

/** Put other blocks where one stands. */
export const replaced = (document, key, blocks) => ({
  ...document,
  blocks: document.blocks.flatMap((block) => (block.key === key ? blocks : [block])),
});

export function inserted(document, place, block) {
  return { ...document, blocks: [...document.blocks.slice(0, place), block, ...document.blocks.slice(place)] };
}

export const without = (document, key) => replaced(document, key, []);

/** Move a block to a place, counted without the block itself. */
export function moved(document, key, place) {
  const block = blockOf(document, key);
  const kept = Math.max(0, Math.min(place, document.blocks.length - 1));
  return placeOf(document, key) === kept ? document : inserted(without(document, key), kept, block);
}

// --- Two who wrote at the same time ---------------------------------------------------------------

/** Return the differences between mine and theirs, as rows {field | key, mine, theirs, clash}.
 *
 * `base` is what both began with; a row clashes where both changed the same. */
export function differences(base, mine, theirs) {
  const row = (name, find) => {
    const [was, here, there] = [find(base), find(mine), find(theirs)];
    if (same(here, there)) return [];
    const side = same(was, there) ? "mine" : same(was, here) ? "theirs" : "both";
    return [{ ...name, mine: here, theirs: there, side, clash: side === "both" }];
  };
  const keys = [...new Set([...mine.blocks, ...theirs.blocks].map((block) => block.key))];
  return [
    ...FIELDS.flatMap((field) => row({ field }, (document) => document[field] ?? null)),
    ...keys.flatMap((key) => row({ key }, (document) => blockOf(document, key) ?? null)),
  ];
}

/** Join mine and theirs. `choose(row)` says "mine" or "theirs" for each difference. */
export function joined(base, mine, theirs, choose = (row) => (row.side === "theirs" ? "theirs" : "mine")) {
  const chosen = new Map(differences(base, mine, theirs).map((row) => [row.field ?? row.key, row[choose(row)]]));
  const result = { ...theirs };
  for (const field of FIELDS) if (chosen.has(field)) result[field] = chosen.get(field);
  const block = (key) => (chosen.has(key) ? chosen.get(key) : (blockOf(mine, key) ?? blockOf(theirs, key)));
  result.blocks = joinedOrder(base, mine, theirs).map(block).filter(Boolean);
  return result;
}

function joinedOrder(base, mine, theirs) {
  const orders = [base, mine, theirs].map((document) => document.blocks.map((each) => each.key));
  const common = (order) => order.filter((key) => orders.every((each) => each.includes(key)));
  const iMoved = !same(common(orders[1]), common(orders[0]));
  const [lead, other] = iMoved ? [orders[1], orders[2]] : [orders[2], orders[1]];
  const order = [...lead];
  for (const [place, key] of other.entries()) {
    if (!order.includes(key)) order.splice(place ? order.indexOf(other[place - 1]) + 1 : 0, 0, key);
  }
  return order;
}

// --- In words --------------------------------------------------------------------------------------

const inline = (node) => (node.text ?? "") + (node.content ?? []).map(inline).join("");
const BEGIN = { bulletList: "・", orderedList: "・" };

function linesOf(node, mark = "") {
  const children = node.content ?? [];
  if (node.type === "tableRow") return [children.map(inline).join(" | ")];
  if (["paragraph", "heading"].includes(node.type)) return [mark + inline(node)];
  return children.flatMap((child) => linesOf(child, BEGIN[node.type] ?? mark));
}

const ID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;
const HIDDEN = new Set(["key", "kind", "bank"]);
const FILE = "📎 …";
/** In this order a block's fields are read, whatever order they were kept in. */
const ORDER = ["title", "name", "role", "before", "turning_point", "after", "quote", "ask_about", "lines", "alt", "caption"];

const rank = (name) => (ORDER.indexOf(name) + 1 || ORDER.length + 1);
const inOrder = (data) => Object.entries(data).sort(([one], [other]) => rank(one) - rank(other) || one.localeCompare(other));

function strings(value, name = "") {
  if (typeof value === "string" && ID.test(value)) return HIDDEN.has(name) ? [] : [`${FILE}${value.slice(-6)}`];
  if (typeof value === "string") return HIDDEN.has(name) || !value.trim() ? [] : [value];
  if (Array.isArray(value)) return value.flatMap((each) => strings(each));
  return value && typeof value === "object" ? inOrder(value).flatMap(([key, each]) => strings(each, key)) : [];
}

const why = ({ explanation }) => (explanation ? `（${explanation}）` : "");

/** A question as its author reads it: what is right, and what it counts, are part of what it says. */
const question = (item) => [
  `${item.stem ?? ""}${item.weight > 1 ? ` ×${item.weight}` : ""}`,
  ...(item.options ?? []).map((option) => `${option.correct ? "✓" : "・"} ${option.text ?? ""}${why(option)}`),
  ...(item.explanation ? [item.explanation] : []),
];

/** Return the lines that a block says: for a glance, or `whole` to be compared, with a mark for each file. */
export function plain(block, whole = false) {
  if (!block) return [];
  const { doc, items } = block.data;
  const lines = doc ? linesOf(doc) : items ? items.flatMap(question) : strings(block.data);
  return lines.filter((line) => line.trim() && (whole || !line.startsWith(FILE)));
}
