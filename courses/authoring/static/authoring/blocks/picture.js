/* Choosing a picture: by the file picker, by dropping or pasting one, or from the library. */

import { NotReachedError } from "../desk/api.js";
import { chooseFromLibrary } from "../desk/library.js";

const MOST = 20 * 1024 * 1024;

/** Arm a picture's frame. `id`: the picture's, or null. Returns {value, set, take, focus, destroy}. */
export function mountPicture(frame, id, context, onChange) {
  const part = (name) => frame.querySelector(`[data-pick-${name}]`);
  const input = frame.querySelector('input[type="file"]');
  let now = id ?? null;
  let upload = 0;

  function show() {
    const asset = now ? context.media.get(now) : null;
    const image = part("image");
    image.hidden = !asset?.src;
    if (asset?.src && image.getAttribute("src") !== asset.src) image.src = asset.src;
    image.alt = asset?.alt ?? "";
    part("empty").hidden = Boolean(now);
    part("missing").hidden = !now || Boolean(asset?.src);
    part("remove").hidden = !now;
    frame.toggleAttribute("data-filled", Boolean(now));
  }

  function put(asset) {
    if (asset) context.media.set(asset.id, asset);
    now = asset?.id ?? null;
    show();
    onChange();
  }

  function complain(text) {
    part("error").hidden = !text;
    part("error-text").textContent = text;
  }

  async function take(file) {
    if (!file) return;
    complain("");
    if (!file.type.startsWith("image/")) return complain(context.words("not-a-picture"));
    if (file.size > MOST) return complain(context.words("picture-too-large"));
    const mine = (upload += 1);
    part("busy").hidden = false;
    context.say(context.words("uploading"));
    const form = new FormData();
    form.append("file", file, file.name || "picture");
    form.append("alt", "");
    try {
      const { ok, body } = await context.api.post(context.urls.pictures ?? "/api/authoring/pictures/", form);
      if (mine !== upload) return; // another one was chosen meanwhile
      if (!ok) return complain(body.message ?? context.words("upload-failed"));
      put(body);
      context.say(context.words("uploaded"));
    } catch (error) {
      if (!(error instanceof NotReachedError)) throw error;
      complain(context.words("upload-failed"));
    } finally {
      if (mine === upload) part("busy").hidden = true;
    }
  }

  async function fromLibrary() {
    const asset = await chooseFromLibrary("image", context.urls.media);
    if (asset) put(asset);
  }

  const filesOf = (transfer) => [...(transfer?.files ?? [])];
  const drop = frame.closest("[data-block]") ?? frame;
  const ending = new AbortController();
  const { signal } = ending;
  const carriesFile = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

  input.addEventListener("change", () => {
    take(input.files[0]);
    input.value = "";
  });
  part("choose").addEventListener("click", () => input.click());
  part("library").addEventListener("click", fromLibrary);
  part("remove").addEventListener("click", () => {
    put(null);
    part("choose").focus();
  });
  for (const type of ["dragenter", "dragover"]) {
    drop.addEventListener(type, (event) => {
      if (!carriesFile(event)) return;
      event.preventDefault();
      frame.dataset.over = "true";
    }, { signal });
  }
  drop.addEventListener("dragleave", (event) => drop.contains(event.relatedTarget) || delete frame.dataset.over, { signal });
  drop.addEventListener("drop", (event) => {
    delete frame.dataset.over;
    if (!carriesFile(event)) return;
    event.preventDefault();
    take(filesOf(event.dataTransfer)[0]);
  }, { signal });
  drop.addEventListener("paste", (event) => {
    const file = filesOf(event.clipboardData).find((each) => each.type.startsWith("image/"));
    if (!file) return;
    event.preventDefault();
    take(file);
  }, { signal });
  show();

  return {
    value: () => now,
    take,
    focus: () => part("choose").focus(),
    destroy: () => ending.abort(),
    set(next) {
      now = next ?? null;
      show();
    },
  };
}
