/* Shows a chosen picture as it will look, before it is sent, and no longer what was wrong with the last one. The page works without. */
const form = document.querySelector("[data-picture]");
const input = form?.querySelector('input[type="file"]');
const face = form?.querySelector("[data-picture-face]");
const preview = form?.querySelector("[data-picture-preview]");
let shown = "";

input?.addEventListener("change", () => {
  const [file] = input.files;
  if (file) forgetErrors();
  if (!file?.type.startsWith("image/")) return;
  const image = preview.content.firstElementChild.cloneNode();
  URL.revokeObjectURL(shown);
  shown = URL.createObjectURL(file);
  image.src = shown;
  face.replaceChildren(image);
});

/** Take away what was said of the file that was sent before. */
function forgetErrors() {
  input.removeAttribute("aria-invalid");
  document.getElementById(`${input.id}_error`)?.remove();
  document.querySelector(`.summary a[href="#${input.id}"]`)?.closest(".summary").remove();
}
