/* A table too big for a form's field goes as a file, so that nothing that was pasted is lost. */

const MOST = 150_000;

for (const form of document.querySelectorAll("form[data-big-text]")) {
  form.addEventListener("submit", () => {
    const { text, file } = form.elements;
    const blob = new Blob([text.value]);
    if (blob.size < MOST || file.files.length) return;
    const carried = new DataTransfer();
    carried.items.add(new File([blob], "table.tsv", { type: "text/tab-separated-values" }));
    file.files = carried.files;
    text.disabled = true;
  });
}
