/* Asks for the name of a new source only while a new one is chosen. Without script, the form says which is meant. */
const source = document.querySelector("[name=source]");
const named = document.querySelector("[data-new-source]");

function follow() {
  named.hidden = source.value !== "";
  named.querySelector("input").disabled = named.hidden;
}

if (source && named && !named.querySelector("[aria-invalid]")) follow();
source?.addEventListener("change", follow);
