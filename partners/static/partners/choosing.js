/* Lists from which several people are chosen: all of a page with one tap, and how many they are.
 * Without script each is ticked by itself, and the button at the list's end appears by style alone. */
for (const form of document.querySelectorAll(".choosing")) {
  const boxes = [...form.querySelectorAll("[name=who]")];
  const label = form.querySelector("[data-choose-all]");
  const all = label.querySelector("input");
  const said = form.querySelector("[data-chosen]");

  const count = () => {
    const n = boxes.filter((box) => box.checked).length;
    said.querySelector("b").textContent = n;
    all.checked = n === boxes.length;
    all.indeterminate = n > 0 && n < boxes.length;
  };

  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
  });
  form.addEventListener("change", count);
  window.addEventListener("pageshow", count); // after going back the browser has ticked them again
  label.hidden = said.hidden = false;
  count();
}
