/* Asks for the ranking anew every 15 seconds while somebody looks at it. The server answers 304, and
 * nothing is drawn, as long as nothing has changed. Without this script the link does it by hand. */

const EVERY = 15_000;
let asked = Date.now();
let timer = setTimeout(poll, EVERY);

function poll() {
  clearTimeout(timer);
  if (document.hidden) return; // goes on when the page is looked at again
  const wait = asked + EVERY - Date.now();
  if (wait <= 0 && navigator.onLine) {
    asked = Date.now();
    document.querySelector("[data-poll]")?.dispatchEvent(new CustomEvent("tomoni:poll"));
  }
  timer = setTimeout(poll, wait > 0 ? wait : EVERY);
}

document.addEventListener("visibilitychange", poll);
