/* Swapping pieces of the page that the server has drawn, without losing the place: focus, cursor, what is folded open (menus, too). */

/** Replace what stands in a place by markup of our own server. */
export function put(place, html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  place.replaceChildren(...parsed.body.childNodes);
}

const foldsOf = (root) => [...root.querySelectorAll("details")];

function nameOf(fold) {
  const choice = fold.closest("[data-choice]");
  const root = choice ?? fold.closest("[data-piece]");
  return `${choice?.dataset.choice ?? root?.dataset.piece}:${foldsOf(root).indexOf(fold)}`;
}

/** Remember the place of somebody's work. */
export function held(desk) {
  const focus = document.activeElement;
  const mine = desk.contains(focus) ? focus : null;
  return {
    scene: desk.querySelector('[name="scene"]')?.value,
    folds: new Map(foldsOf(desk).map((fold) => [nameOf(fold), fold.open])),
    focus: mine,
    name: mine?.name && CSS.escape(mine.name),
    value: mine?.matches("button") ? CSS.escape(mine.value) : "",
    link: mine?.dataset.scene,
    fold: mine?.matches("summary") && nameOf(mine.parentElement),
    piece: mine?.closest("[data-piece]")?.dataset.piece,
    cursor: mine?.matches("textarea, input:not([type=checkbox], [type=hidden], [type=file])") ? [mine.selectionStart, mine.selectionEnd] : null,
    scroll: scrollY,
    frame: [desk.querySelector(".map-frame")?.scrollLeft ?? 0, desk.querySelector(".map-frame")?.scrollTop ?? 0],
  };
}

/** Bring the place back after pieces were swapped; `typed`: fields that the server doesn't have yet. */
export function restore(desk, before, typed) {
  const isSame = desk.querySelector('[name="scene"]')?.value === before.scene;
  for (const fold of foldsOf(desk)) {
    const was = isSame || fold.closest('[data-piece="outline"], [data-piece="side"]') ? before.folds.get(nameOf(fold)) : undefined;
    if (was !== undefined && fold.open !== was) fold.open = was;
  }
  for (const [name, values] of typed) {
    const [field, more] = desk.querySelectorAll(`[name="${CSS.escape(name)}"]:not(button)`);
    if (field && !more && field.type !== "checkbox" && field.value !== values.at(-1)) field.value = values.at(-1);
  }
  const frame = desk.querySelector(".map-frame");
  if (frame) [frame.scrollLeft, frame.scrollTop] = before.frame;
  if (before.focus?.isConnected || !before.focus || !isSame) return;
  const value = before.value ? `[value="${before.value}"]` : "";
  const place = before.piece ? `[data-piece="${before.piece}"] ` : "";
  const named = before.name && `[name="${before.name}"]`; // "+ new scene" goes away with its use: then its field
  const again = named
    ? (desk.querySelector(`${named}${value}`) ?? desk.querySelector(named))
    : before.fold
      ? foldsOf(desk).find((fold) => nameOf(fold) === before.fold)?.querySelector("summary")
      : before.link && desk.querySelector(`${place}[data-scene="${before.link}"]`);
  again?.focus({ preventScroll: true });
  if (again && before.cursor && before.cursor[0] !== null) again.setSelectionRange(...before.cursor);
  scrollTo(scrollX, before.scroll);
}

/** Put the focus somewhere once the pieces stand. */
export function focusAfter(desk, element) {
  if (!element) return;
  element.focus({ preventScroll: true });
  const box = element.getBoundingClientRect();
  if (element.matches("[data-heading], [data-first]")) scrollTo(scrollX, Math.max(0, scrollY + box.top - 120));
  else if (box.top < 80 || box.bottom > innerHeight - 60) element.scrollIntoView({ block: "center" });
}
