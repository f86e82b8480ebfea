/* Pages that stand in for others while there is no network: they make room once the real one can be had. */

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 60_000;
const PATIENCE = 10_000;

let pause = 0;
let timer = 0;
let asking = false;
let isLeaving = false;

/** Load this page again as soon as the server gives it. That the browser believes to be online is a hint only:
 * it says so for a moment between two networks, and where there is Wi-Fi without any way out. */
export function makeRoom() {
  if (pause) return;
  pause = FIRST_PAUSE;
  addEventListener("online", look);
  document.addEventListener("visibilitychange", look);
  // Who has gone on is on the way already: loading this page again would call them back. iOS doesn't tell of
  // "beforeunload".
  addEventListener("beforeunload", () => (isLeaving = true));
  document.addEventListener("click", ({ target, defaultPrevented }) => {
    isLeaving ||= !defaultPrevented && Boolean(target.closest("a[href]"));
  });
  addEventListener("pageshow", comeBack);
  timer = setTimeout(look, pause);
}

/** By "back" it is the same page, which somebody had left. */
function comeBack({ persisted }) {
  if (!persisted) return;
  isLeaving = false;
  look();
}

async function look() {
  if (asking || isLeaving || document.visibilityState !== "visible") return;
  asking = true;
  clearTimeout(timer);
  const isThere = await canBeHad(location.href);
  asking = false;
  if (isThere && !isLeaving) location.reload();
  pause = Math.min(pause * 2, LONGEST_PAUSE);
  timer = setTimeout(look, pause);
}

const canBeHad = (url) =>
  fetch(url, { headers: { Accept: "text/html" }, cache: "no-store", signal: AbortSignal.timeout?.(PATIENCE) }).then(
    (response) => response.status < 500,
    () => false,
  );
