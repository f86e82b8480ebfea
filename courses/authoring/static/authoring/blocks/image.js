/* A picture with what it shows in words, and a caption. */

import { formBlock } from "./fields.js";

export const mount = formBlock(["alt", "caption"], "asset");
