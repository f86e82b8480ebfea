/* Faces, pictures and videos of a form: the choosers of the modules' desk, mounted where they are first seen. */

import { api } from "../authoring/desk/api.js";
import { mountPicture } from "../authoring/blocks/picture.js";
import { mount as mountVideo } from "../authoring/blocks/video.js";
import { makeIdsOwn, say, word } from "../authoring/desk/page.js";

let counter = 0;
let mounted = [];

/** Arm the choosers in a piece of the page; `changed(name, id, kind)` is called when one was chosen. */
export function armKits(root, media, urls, changed) {
  for (const handle of mounted) handle.destroy?.();
  mounted = [];
  for (const place of root.querySelectorAll("[data-kit]")) {
    const fold = place.closest("details");
    const put = () => mount(place, media, urls, changed);
    if (!fold || fold.open) put();
    else fold.addEventListener("toggle", put, { once: true });
  }
}

function mount(place, media, urls, changed) {
  if (place.childElementCount || !place.isConnected) return;
  const { kit, name, value } = place.dataset;
  place.append(document.querySelector(`template[data-kit-of="${kit}"]`).content.cloneNode(true));
  makeIdsOwn(place, `k${(counter += 1)}`);
  let handle;
  const told = () => {
    const now = kit === "video" ? handle.value().asset : handle.value();
    if ((now ?? "") !== place.dataset.value) changed(name, (place.dataset.value = now ?? ""), kit);
  };
  const context = { words: word, say, api, media, urls, changed: () => handle && told(), module: "", key: name };
  if (kit === "video") {
    place.querySelector('[data-field="title"]').closest("label").hidden = true;
    handle = mountVideo(place, { asset: value || null, title: "" }, context);
  } else {
    handle = mountPicture(place.querySelector("[data-picture]"), value || null, context, told);
  }
  mounted.push(handle);
}
