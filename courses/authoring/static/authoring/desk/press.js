/* Whether somebody's finger is down. What moves or replaces buttons waits until it is up: the click would be lost. */

let isPressed = false;
let held = [];
function lift() {
  isPressed = false;
  const shows = held;
  held = [];
  setTimeout(() => shows.forEach((show) => show())); // the click comes first
}
addEventListener("pointerdown", ({ button }) => (isPressed = button === 0), true);
addEventListener("pointermove", ({ buttons }) => isPressed && !buttons && lift(), true);
for (const end of ["pointerup", "pointercancel", "contextmenu", "dragend"]) addEventListener(end, lift, true);
addEventListener("blur", lift); // of the window: its fields' own don't bubble

/** Show something that moves what stands below: not while a button is pressed, which would slip away from under it. */
export function showUnpressed(show) {
  if (isPressed) held.push(show);
  else show();
}
