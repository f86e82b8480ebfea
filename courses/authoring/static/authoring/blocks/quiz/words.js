/* The words of a quiz block, in the reader's language, and what is written into a question in the module's. */

/** Return a function that gives words by key; {name} in them stands for a value. */
export function wordsOf(root) {
  const holder = root.querySelector("[data-quiz-words]");
  const words = new Map([...holder.children].map((each) => [each.dataset.quizWord, each.textContent.trim()]));
  return (key, values = {}) => (words.get(key) ?? key).replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}

/** Return the two options of a statement, in the language that the module is written in; neither is right yet. */
export function trueAndFalse(root) {
  const chosen = document.querySelector('[data-doc="language"], select[data-field="language"]')?.value;
  const language = (chosen || document.documentElement.lang).startsWith("ja") ? "Ja" : "En";
  const { [`true${language}`]: yes, [`false${language}`]: no } = root.querySelector("[data-quiz-words]").dataset;
  return [{ key: "true", text: yes, correct: false, explanation: "" }, { key: "false", text: no, correct: false, explanation: "" }];
}
