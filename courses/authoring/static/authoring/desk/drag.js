/* Moving cards by mouse, pen or finger at their grip. By keys it goes by the buttons and Alt+arrows. */

const EDGE = 70;
const SPEED = 14;

/** Let cards of a list be dragged; `drop(key, place)` is called with the place counted without the card itself. */
export function armDragging(list, drop) {
  let held = null;

  const others = () => [...list.children].filter((card) => card !== held.card);

  function placeAt(y) {
    const place = others().findIndex((card) => {
      const box = card.getBoundingClientRect();
      return y < box.top + box.height / 2;
    });
    return place < 0 ? others().length : place;
  }

  function mark() {
    held.place = placeAt(held.y);
    const cards = others();
    for (const card of list.children) delete card.dataset.drop;
    if (held.place < cards.length) cards[held.place].dataset.drop = "before";
    else if (cards.length) cards.at(-1).dataset.drop = "after";
  }

  function scroll() {
    if (!held) return;
    const down = held.y > innerHeight - EDGE;
    const up = held.y < EDGE + 56;
    if (up || down) {
      scrollBy(0, down ? SPEED : -SPEED);
      mark();
    }
    requestAnimationFrame(scroll);
  }

  function end(event) {
    if (!held || event.pointerId !== held.pointer) return;
    const { card, place, moved } = held;
    const gaveUp = event.type !== "pointerup" || !moved;
    for (const each of list.children) delete each.dataset.drop;
    delete card.dataset.held;
    list.removeAttribute("data-dragging");
    held = null;
    if (!gaveUp) drop(card.dataset.block, place);
  }

  list.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-card-grip]");
    if (!grip || event.button !== 0) return;
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);
    held = { card: grip.closest("[data-block]"), pointer: event.pointerId, y: event.clientY, place: 0, moved: false };
    held.card.dataset.held = "true";
    list.toggleAttribute("data-dragging", true);
    requestAnimationFrame(scroll);
  });
  list.addEventListener("pointermove", (event) => {
    if (!held || event.pointerId !== held.pointer) return;
    held.y = event.clientY;
    held.moved = true;
    mark();
  });
  list.addEventListener("pointerup", end);
  list.addEventListener("pointercancel", end);
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && held) end({ type: "pointercancel", pointerId: held.pointer });
  });
}
