/* What was copied in Word or on the web, brought down to what a text here is made of.
 *
 * First the markup is taken apart as text and written anew with known tags and harmless attributes only (a parser would
 * already complain of styles under the page's content security); then its meaning is read from what the styles said. */

const KNOWN = new Set(
  "p div h1 h2 h3 h4 h5 h6 ul ol li blockquote a b strong i em code span br hr table thead tbody tfoot tr td th pre".split(" "),
);
const BREAKING = new Set("section article header footer main aside dl dt dd figure figcaption address caption center".split(" "));
const DROPPED = new Set(
  "script style svg math head title template noscript iframe object embed select textarea button video audio canvas xml".split(" "),
);
const KEPT = new Set(["href", "colspan", "rowspan", "data-pm-slice", "data-term", "start"]);
const MOST = 2_000_000;
const MOST_LEVELS = 3;

const quoted = (text) => text.replace(/"/g, "&quot;").replace(/</g, "&lt;");

/** Return where a tag that begins at `start` ends: the place of its ">". */
function endOfTag(html, start, lost) {
  for (let at = start; at < html.length; at += 1) {
    const letter = html[at];
    if (letter === ">") return at;
    if ((letter !== '"' && letter !== "'") || lost[letter]) continue;
    const close = html.indexOf(letter, at + 1);
    if (close < 0) lost[letter] = true;
    else at = close;
  }
  return html.length;
}

function attributesOf(text) {
  const kept = [];
  for (const [, name, ...values] of text.matchAll(/([^\s=/>"']+)\s*(?:=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?/g)) {
    const value = values.find((each) => each !== undefined) ?? "";
    const lower = name.toLowerCase();
    if (KEPT.has(lower)) kept.push(` ${lower}="${quoted(value)}"`);
    else if (lower === "style" || lower === "class") kept.push(` data-${lower}="${quoted(value)}"`);
  }
  return kept.join("");
}

/** Write markup anew with nothing in it that could do or load anything. */
export function harmless(html) {
  const lost = { '"': false, "'": false };
  const parts = [];
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf("<", at);
    parts.push(html.slice(at, open < 0 ? html.length : open));
    if (open < 0) break;
    if (html.startsWith("<!--", open)) {
      const end = html.indexOf("-->", open);
      at = end < 0 ? html.length : end + 3;
      continue;
    }
    const found = /^<(\/?)([a-zA-Z][^\s/>]*)/.exec(html.slice(open, open + 60));
    if (!found && !/^<[!?]/.test(html.slice(open, open + 2))) {
      parts.push("&lt;");
      at = open + 1;
      continue;
    }
    const end = endOfTag(html, open + 1, lost);
    at = end + 1;
    if (!found) continue;
    const [start, slash, written] = found;
    const tag = written.toLowerCase();
    if (DROPPED.has(tag) && !slash) {
      const close = html.toLowerCase().indexOf(`</${tag}`, at);
      if (close >= 0) at = endOfTag(html, close + 1, lost) + 1;
    } else if (KNOWN.has(tag)) {
      parts.push(slash ? `</${tag}>` : `<${tag}${attributesOf(html.slice(open + start.length, end))}>`);
    } else if (BREAKING.has(tag)) parts.push(`<${slash}div>`);
  }
  return parts.join("");
}

// --- What the styles meant -------------------------------------------------------------------------
const styleOf = (element) => element.dataset.style ?? "";

function renamed(element, tag) {
  const other = element.ownerDocument.createElement(tag);
  other.append(...element.childNodes);
  for (const name of KEPT) if (element.hasAttribute(name)) other.setAttribute(name, element.getAttribute(name));
  element.replaceWith(other);
  return other;
}

const unwrap = (element) => element.replaceWith(...element.childNodes);

function weighLetters(body) {
  for (const element of body.querySelectorAll("span, b, strong, i, em")) {
    const style = styleOf(element);
    const weight = /(?:^|[;\s])font-weight:\s*(\w+)/i.exec(style)?.[1];
    const bold = weight ? weight === "bold" || Number(weight) >= 600 : element.matches("b, strong");
    const slanted = /(?:^|[;\s])font-style:\s*italic/i.test(style) || (element.matches("i, em") && !/font-style:\s*normal/i.test(style));
    if (element.hasAttribute("data-term")) continue;
    const inner = [...(bold ? ["strong"] : []), ...(slanted ? ["em"] : [])];
    let holder = element.ownerDocument.createDocumentFragment();
    holder.append(...element.childNodes);
    for (const tag of inner) {
      const mark = element.ownerDocument.createElement(tag);
      mark.append(holder);
      holder = mark;
    }
    element.replaceWith(holder);
  }
}

/** The highest heading becomes our higher one, all below it our lower one. */
function levelHeadings(body) {
  for (const title of body.querySelectorAll('p[data-class*="MsoTitle"]')) renamed(title, "h1");
  for (const title of body.querySelectorAll('p[data-class*="MsoSubtitle"]')) renamed(title, "h2");
  const headings = [...body.querySelectorAll("h1, h2, h3, h4, h5, h6")];
  const highest = Math.min(...headings.map((each) => Number(each.tagName[1])));
  for (const heading of headings) {
    const other = renamed(heading, Number(heading.tagName[1]) === highest ? "h2" : "h3");
    for (const bold of other.querySelectorAll("strong")) unwrap(bold);
    if (!other.textContent.trim()) other.remove();
  }
}

/** Word writes lists as paragraphs that look like them. */
function makeLists(body) {
  for (const line of body.querySelectorAll('p[data-style*="mso-list"], p[data-class*="MsoListParagraph"]')) {
    const level = Number(/level(\d+)/.exec(styleOf(line))?.[1] ?? 1);
    const marker = [...line.querySelectorAll("span")].find((span) => /mso-list:\s*ignore/i.test(styleOf(span)));
    const sign = (marker?.textContent ?? "").trim();
    marker?.remove();
    const item = renamed(line, "li");
    item.dataset.level = String(Math.min(level, MOST_LEVELS));
    item.dataset.list = /^[（(]?([0-9０-９]+|[a-zA-Z]|[ivxIVX]+|[①-⑳])[.)）．、]?$/.test(sign) && !/^[oO]$/.test(sign) ? "ol" : "ul";
  }
  for (const item of [...body.querySelectorAll("li[data-level]")]) placeItem(item);
}

function placeItem(item) {
  const { level, list: kind } = item.dataset;
  let list = item.previousElementSibling;
  if (!list?.dataset.made || (level === "1" && list.localName !== kind)) {
    list = item.ownerDocument.createElement(kind);
    list.dataset.made = "1";
    item.before(list);
  }
  for (let depth = 1; depth < Number(level); depth += 1) {
    const last = list.lastElementChild;
    if (!last) break;
    const inner = [...last.children].find((each) => each.matches("ul, ol"));
    list = inner ?? last.appendChild(item.ownerDocument.createElement(kind));
  }
  list.append(item);
}

function flatten(body) {
  for (const inner of body.querySelectorAll("table table")) {
    inner.replaceWith(...[...inner.querySelectorAll("td, th")].map((cell) => renamed(cell, "p")));
  }
  for (const table of body.querySelectorAll("table")) {
    const cells = table.querySelectorAll("td, th");
    if (cells.length <= 1) table.replaceWith(...(cells[0]?.childNodes ?? []));
  }
  const tooDeep = `${"li ".repeat(MOST_LEVELS)}:is(ul, ol)`;
  for (let list = body.querySelector(tooDeep); list; list = body.querySelector(tooDeep)) {
    list.closest("li").after(...list.children);
    list.remove();
  }
  for (const empty of body.querySelectorAll("p, div")) {
    if (!empty.textContent.trim() && !empty.querySelector("br, hr, table, td")) empty.remove();
  }
}

const SAFE = /^(https?:|mailto:|tel:)/i;

/** Say whether a link may lead there. */
export const isSafe = (href) => SAFE.test((href ?? "").trim());

/** Return markup of headings, lists, bold, links, tables and quotes from whatever was pasted. */
export function clean(html) {
  const page = new DOMParser().parseFromString(harmless(html.slice(0, MOST)), "text/html");
  const { body } = page;
  const ours = Boolean(body.querySelector("[data-pm-slice]"));
  for (const link of body.querySelectorAll("a")) if (!isSafe(link.getAttribute("href"))) unwrap(link);
  if (!ours) {
    makeLists(body);
    weighLetters(body);
    levelHeadings(body);
    flatten(body);
  }
  for (const element of body.querySelectorAll("*")) {
    for (const { name } of [...element.attributes]) if (!KEPT.has(name)) element.removeAttribute(name);
  }
  return new XMLSerializer().serializeToString(body);
}
