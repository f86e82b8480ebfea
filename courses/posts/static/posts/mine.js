/* One's own posts: what is among them needs no draft any more. */

import { draft, throwAway } from "./draft.js";

const kept = draft();
if (kept && document.querySelector(`[data-post-key="${CSS.escape(kept.key)}"]`)) throwAway();
