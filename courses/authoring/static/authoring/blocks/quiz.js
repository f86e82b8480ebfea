/* A quiz: its questions in order, picked from the bank or written here. `quiz/question.js` draws one of them. */

import { showUnpressed } from "../desk/press.js";
import { BankDialog } from "./quiz/bank.js";
import { KeepDialog } from "./quiz/keep.js";
import { arrange, armOrder, newKey } from "./quiz/order.js";
import { Question } from "./quiz/question.js";
import { showAt } from "./quiz/problems.js";
import { wordsOf } from "./quiz/words.js";

const MOST = 30;

/** Draw a quiz block and return what the desk asks of it: {value, focus, set, problems, part, destroy}. */
export function mount(root, data, context) {
  const list = root.querySelector("[data-questions]");
  const tools = { root, word: wordsOf(root), say: (text) => context.say?.(text), changed, keep };
  const questions = () => [...list.children].map((each) => each.question);
  let known = data;
  let told = [];

  function changed(field = "items") {
    context.changed(field);
  }

  function number() {
    const all = questions();
    for (const [place, each] of all.entries()) each.number(place + 1, all.length);
    const full = all.length >= MOST;
    root.querySelector("[data-quiz-full]").hidden = !full;
    for (const button of root.querySelectorAll("[data-add-question], [data-open-bank]")) button.disabled = full;
  }

  function add(raw, before = null) {
    const question = new Question(raw, tools);
    list.insertBefore(question.root, before);
    return question;
  }

  /** Put a question in, say so, and return it; null where there is no room. */
  function put(raw, before = null) {
    if (questions().length >= MOST) {
      tools.say(tools.word("full"));
      return null;
    }
    const question = add({ ...raw, key: newKey() }, before);
    number();
    tools.say(tools.word("added", { n: questions().indexOf(question) + 1 }));
    changed();
    return question;
  }

  function remove(question) {
    const next = question.root.nextElementSibling ?? question.root.previousElementSibling;
    question.root.remove();
    number();
    (next ? next.question : { focus: () => root.querySelector("[data-add-question]").focus() }).focus("head");
    tools.say(tools.word("removed-question"));
    changed();
  }

  function move(question, place) {
    const others = questions().filter((each) => each !== question);
    const to = Math.max(0, Math.min(place, others.length));
    if (questions()[to] === question) return;
    list.insertBefore(question.root, others[to]?.root ?? null);
    number();
    tools.say(tools.word("moved-question", { n: to + 1 }));
    changed();
  }

  const bank = new BankDialog(root, {
    ...tools, context,
    take: (item) => put({
      kind: item.kind, stem: item.stem, weight: item.weight, explanation: item.explanation,
      options: item.options.map((option) => ({ ...option })), bank: item.id,
    }),
    holds: (id) => questions().some((each) => each.bank === id),
  });
  const keeping = new KeepDialog(root, { ...tools, context });

  function keep(question) {
    keeping.ask(question);
  }

  function onClick(event) {
    const target = event.target.closest("[data-add-question], [data-open-bank], [data-act]");
    if (!target) return;
    const { addQuestion, act } = target.dataset;
    if (addQuestion) put({ kind: addQuestion })?.focus("stem");
    else if (!act) bank.open();
    else if (!target.closest("[data-option]")) actOn(target.closest("[data-question]").question, act);
  }

  function actOn(question, act) {
    const place = questions().indexOf(question);
    question.closeMenu();
    if (act === "remove") remove(question);
    else if (act === "keep") keep(question);
    else if (act === "copy") put(question.copy(), question.root.nextElementSibling)?.focus("stem");
    else {
      move(question, place + (act === "up" ? -1 : 1));
      question.focus("menu");
    }
  }

  function show(problems) {
    told = problems;
    const own = problems.filter(({ field }) => !/^items\.\d+\./.test(field));
    showAt(root.querySelector("[data-quiz-problems]"), tools, own.map(({ message }) => message));
    for (const [place, each] of questions().entries()) {
      const start = `items.${place + 1}.`;
      each.problems(problems.filter(({ field }) => field.startsWith(start)).map(({ field, message }) => ({ field: field.slice(start.length), message })));
    }
  }

  /** Draw what is different and leave the rest, with whoever is writing in it. */
  function set(next) {
    known = next;
    const there = new Map(questions().map((each) => [each.key, each]));
    const now = (next.items ?? []).map((raw) => {
      const question = there.get(raw.key) ?? add(raw);
      if (there.has(raw.key)) question.set(raw);
      question.settle();
      return question.root;
    });
    arrange(list, now);
    number();
    show(told);
  }

  root.addEventListener("click", onClick);
  list.addEventListener("focusout", ({ target, relatedTarget }) => {
    const left = target.closest("[data-question]");
    if (left && !left.contains(relatedTarget) && left.question.settle()) showUnpressed(() => show(told));
  });
  const disarm = armOrder(list, "[data-question]", (row, place) => move(row.question, place));
  set(data);
  if (list.children.length > 2) for (const each of questions()) each.fold(true);

  return {
    value: () => ({ ...known, items: questions().map((each) => each.value()) }),
    focus(field = "") {
      const place = Number(/^items\.(\d+)/.exec(field)?.[1] ?? 1) - 1;
      const question = questions()[place];
      if (question) question.focus(field.replace(/^items\.\d+\.?/, "") || "stem");
      else root.querySelector("[data-add-question]").focus();
    },
    set,
    problems: show,
    part(field) {
      const [, n, , place] = /^items\.(\d+)(\.options\.(\d+))?/.exec(field) ?? [];
      const letter = place && String.fromCharCode(64 + Number(place));
      return n ? tools.word(letter ? "question-option" : "question", { n, letter }) : "";
    },
    destroy() {
      root.removeEventListener("click", onClick);
      disarm();
      bank.destroy();
      keeping.destroy();
    },
  };
}
