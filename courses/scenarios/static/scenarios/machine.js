/* A practice run without network: what a choice does, and where it leads to. The same as `fold` does on the server,
 * for conditions, effects and routes; points and qualities are the server's alone. Pure: no page, no clock. */

const COMPARE = {
  "=": (one, other) => one === other,
  "!=": (one, other) => one !== other,
  "<": (one, other) => one < other,
  "<=": (one, other) => one <= other,
  ">": (one, other) => one > other,
  ">=": (one, other) => one >= other,
};

/** Return what is asked of a package often, by key. */
export function open(pack) {
  return {
    ...pack,
    scene: new Map(pack.scenes.map((scene) => [scene.key, scene])),
    variable: new Map(pack.variables.map((variable) => [variable.key, plain(variable)])),
  };
}

/** A variable is sent without what is usual. */
const plain = (variable) => ({ kind: "int", initial: 0, low: 0, high: 10, words: [], ...variable });

/** Return the state at the start of somebody's run number `attempt`. */
export function begin(pack, attempt) {
  const values = Object.fromEntries([...pack.variable.values()].map(({ key, initial }) => [key, initial]));
  const state = { seq: 1, turn: 0, scene: "", status: "running", attempt, values, visits: {}, chosen: {} };
  return enter(pack, state, pack.start);
}

/** Return the choices that are offered now, in their order. */
export function available(pack, state) {
  if (state.status !== "running") return [];
  return (pack.scene.get(state.scene).choices ?? []).filter(({ condition }) => holds(condition, state));
}

/** Return the state after a choice that is offered. */
export function choose(pack, state, key) {
  const choice = available(pack, state).find((each) => each.key === key);
  if (!choice) throw new Error(`${key} is not offered in ${state.scene}`);
  const values = affected(pack, state.values, choice.effects ?? []);
  const after = { ...state, seq: state.seq + 1, values, chosen: oneMore(state.chosen, key) };
  const route = (choice.routes ?? []).find(({ when }) => holds(when, after));
  return enter(pack, after, route ? route.to : choice.to);
}

/** Return the state after the time for the scene was over. */
export function timeOut(pack, state) {
  return enter(pack, { ...state, seq: state.seq + 1 }, pack.scene.get(state.scene).limit.to);
}

function enter(pack, state, scene) {
  const turn = state.seq + 1;
  const after = { ...state, seq: turn, turn, scene, visits: oneMore(state.visits, scene) };
  if (pack.scene.get(scene).kind !== "ending") return after;
  return { ...after, seq: turn + 1, status: "finished" };
}

const oneMore = (counts, key) => ({ ...counts, [key]: (counts[key] ?? 0) + 1 });

/** Say whether a condition holds; none at all always does. */
export function holds(condition, state) {
  if (!condition) return true;
  if (condition.all) return condition.all.every((each) => holds(each, state));
  if (condition.any) return condition.any.some((each) => holds(each, state));
  if (condition.not) return !holds(condition.not, state);
  return leafHolds(condition, state);
}

function leafHolds({ op, n, const: wanted, ...leaf }, { values, visits, chosen, attempt }) {
  if (leaf.visited) return (visits[leaf.visited] ?? 0) > 0;
  if (leaf.chose) return (chosen[leaf.chose] ?? 0) > 0;
  if (leaf.visits) return COMPARE[op](visits[leaf.visits] ?? 0, n);
  if (leaf.attempt) return COMPARE[op](attempt, n);
  const value = values[leaf.var];
  return typeof value === typeof wanted && COMPARE[op](value, wanted);
}

function affected(pack, values, effects) {
  const after = { ...values };
  for (const { var: key, op, value } of effects) {
    const variable = pack.variable.get(key);
    if (!variable || !fits(variable, value)) continue;
    if (variable.kind === "int") {
      const total = (op === "add" ? after[key] : 0) + value;
      after[key] = Math.min(Math.max(total, variable.low), variable.high);
    } else if (op === "set") after[key] = value;
  }
  return after;
}

function fits({ kind, words }, value) {
  if (kind === "bool") return typeof value === "boolean";
  return kind === "enum" ? words.includes(value) : typeof value === "number";
}
