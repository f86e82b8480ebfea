/* Order by mouse, pen and finger at the grip, and by keys: Alt and an arrow. */

/** Return a random key for a question or an option. */
export function newKey(length = 8) {
  const letters = "abcdefghijkmnpqrstuvwxyz23456789";
  return [...crypto.getRandomValues(new Uint8Array(length))].map((each) => letters[each % letters.length]).join("");
}

/** Bring the rows of a list into this order and take the others away; whoever is writing in one keeps the focus. */
export function arrange(list, rows) {
  for (const gone of [...list.children].filter((row) => !rows.includes(row))) gone.remove();
  const focused = list.contains(document.activeElement) ? document.activeElement : null;
  for (const [place, row] of rows.entries()) {
    if (list.children[place] !== row) list.insertBefore(row, list.children[place] ?? null);
  }
  if (focused && focused !== document.activeElement) focused.focus({ preventScroll: true });
}

const EDGE = 70;
const SPEED = 14;

/** Let the rows of a list be ordered; `move(row, place)`: the place counts the other rows. Returns how to stop it. */
export function armOrder(list, selector, move) {
  let held = null;
  const rows = () => [...list.children];
  const rowOf = (target) => {
    const row = target.closest(selector);
    return row?.parentElement === list ? row : null;
  };

  function placeAt(y) {
    const others = rows().filter((row) => row !== held.row);
    const found = others.findIndex((row) => y < row.getBoundingClientRect().top + row.getBoundingClientRect().height / 2);
    return found < 0 ? others.length : found;
  }

  function mark() {
    const others = rows().filter((row) => row !== held.row);
    for (const row of rows()) delete row.dataset.drop;
    if (held.place < others.length) others[held.place].dataset.drop = "before";
    else if (others.length) others.at(-1).dataset.drop = "after";
  }

  /** Near the edge of the window the page goes on by itself. */
  function scroll() {
    if (!held) return;
    const way = held.y > innerHeight - EDGE ? 1 : held.y < EDGE + 56 ? -1 : 0;
    if (way && held.moved) {
      scrollBy(0, way * SPEED);
      held.place = placeAt(held.y);
      mark();
    }
    requestAnimationFrame(scroll);
  }

  function end(event) {
    if (!held || event.pointerId !== held.pointer) return;
    const { row, place, moved } = held;
    for (const each of rows()) delete each.dataset.drop;
    delete row.dataset.held;
    held = null;
    if (moved && event.type === "pointerup") move(row, place);
  }

  function onDown(event) {
    const grip = event.target.closest("[data-grip]");
    const row = grip && rowOf(grip);
    if (!row || event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation(); // the card around it has a grip of its own
    grip.setPointerCapture(event.pointerId);
    held = { row, pointer: event.pointerId, y: event.clientY, place: rows().indexOf(row), moved: false };
    row.dataset.held = "";
    requestAnimationFrame(scroll);
  }

  function onMove(event) {
    if (!held || event.pointerId !== held.pointer) return;
    held.moved = true;
    held.y = event.clientY;
    held.place = placeAt(held.y);
    mark();
  }

  function onKey(event) {
    const way = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const row = rowOf(event.target);
    if (event.key === "Escape" && held) end({ type: "pointercancel", pointerId: held.pointer });
    if (!way || !event.altKey || !row || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    const focused = event.target;
    move(row, rows().indexOf(row) + way);
    focused.focus();
  }

  const heard = { pointerdown: onDown, pointermove: onMove, pointerup: end, pointercancel: end, keydown: onKey };
  for (const [name, hear] of Object.entries(heard)) list.addEventListener(name, hear);
  return () => {
    for (const [name, hear] of Object.entries(heard)) list.removeEventListener(name, hear);
  };
}
