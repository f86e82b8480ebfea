/* The words of a post that isn't published yet, as this device keeps them for who writes it; one post at a time.
 *
 * They are written where writing is done at once: a reload or an empty battery takes nothing. Who signs out takes them
 * along (core's `ui.js` removes what begins with "tomoni-draft-"), and nobody else's are ever read. `key` is the
 * form's, so what had been published although nobody was told isn't published twice. */

const NAME = "tomoni-draft-post";
const person = document.querySelector('meta[name="person"]')?.content ?? "";

/** Return {key, text, title} of what this person has begun, or null. */
export function draft() {
  try {
    const kept = JSON.parse(localStorage.getItem(NAME) ?? "null");
    return kept?.person === person ? kept : null;
  } catch {
    return null; // forbidden in some private windows
  }
}

export function keepDraft({ key, text, title }) {
  if (!text.trim() && !title.trim()) return throwAway();
  try {
    localStorage.setItem(NAME, JSON.stringify({ person, key, text, title }));
  } catch {} // full, or forbidden: then it stands in the page alone
}

export function throwAway() {
  try {
    localStorage.removeItem(NAME);
  } catch {}
}
