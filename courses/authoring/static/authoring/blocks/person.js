/* A key person: who it is, what they do, what to ask them about. */

import { formBlock } from "./fields.js";

export const mount = formBlock(["name", "role", "ask_about"], "picture");
