/* The library of pictures and videos, to choose one from. */

import { api } from "./api.js";
import { ask, word } from "./page.js";

const dialog = document.querySelector("[data-library]");

/** Let somebody choose; resolves to the asset, or null where they left. */
export async function chooseFromLibrary(kind, url) {
  const input = dialog.querySelector("input");
  const list = dialog.querySelector("[data-library-list]");
  const none = dialog.querySelector("[data-library-none]");
  const ending = new AbortController();
  let chosen = null;
  let timer = 0;
  let asked = 0;

  async function search() {
    const mine = (asked += 1);
    let assets = [];
    try {
      const { ok, body } = await api.get(url, { q: input.value.trim(), kind });
      assets = ok ? body.assets : [];
      none.textContent = word("library-none");
    } catch {
      none.textContent = word("not-reached");
    }
    if (mine !== asked) return;
    list.replaceChildren(...assets.filter((asset) => asset.src || asset.poster).map(tile));
    none.hidden = list.children.length > 0;
  }

  function tile(asset) {
    const item = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { type: "button", className: "tile-btn" });
    const image = Object.assign(document.createElement("img"), { src: asset.poster || asset.src, alt: "", loading: "lazy" });
    button.append(image, Object.assign(document.createElement("span"), { textContent: asset.alt || asset.name }));
    button.addEventListener("click", () => {
      chosen = asset;
      dialog.close("chosen");
    });
    item.append(button);
    return item;
  }

  input.value = "";
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, 250);
  }, { signal: ending.signal });
  search();
  await ask(dialog);
  clearTimeout(timer);
  ending.abort();
  asked += 1;
  return chosen;
}
