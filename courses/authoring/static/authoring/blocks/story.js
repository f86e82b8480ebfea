/* A story: who tells it, what was hard, what settled it, what is now. */

import { formBlock } from "./fields.js";

export const mount = formBlock(["title", "name", "role", "before", "turning_point", "after", "quote"], "picture");
