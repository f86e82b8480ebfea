/* A scenario: its words lie on a desk of their own; the block is only its place in the module. */

export const mount = (root) => ({
  value: () => ({}),
  focus: () => root.querySelector("a").focus(),
  set() {},
});
