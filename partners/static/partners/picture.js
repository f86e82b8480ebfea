/* Shows a chosen picture as it will look, before it is sent. The page works without. */
const form = document.querySelector("[data-picture]");
const input = form?.querySelector('input[type="file"]');
const face = form?.querySelector("[data-picture-face]");
const preview = form?.querySelector("[data-picture-preview]");
let shown = "";

input?.addEventListener("change", () => {
  const [file] = input.files;
  if (!file?.type.startsWith("image/")) return;
  const image = preview.content.firstElementChild.cloneNode();
  URL.revokeObjectURL(shown);
  shown = URL.createObjectURL(file);
  image.src = shown;
  face.replaceChildren(image);
});
