/* A video: uploaded piece by piece or chosen from the library; shows how far it is, and which captions it lacks. */

import { forget, send } from "../../core/js/resumable.js";
import { chooseFromLibrary } from "../desk/library.js";
import { tieFields } from "./fields.js";

const MOST = 500 * 1024 * 1024;
const [SOON, LATER] = [1500, 4000];

export function mount(root, data, context) {
  const part = (name) => root.querySelector(`[data-${name}]`);
  const input = root.querySelector('input[type="file"]');
  const film = part("film").querySelector("video");
  const fields = tieFields(root, data, ["title"], context.changed);
  const ending = new AbortController();
  const { signal } = ending;
  let now = data.asset ?? null;
  let sending = null;
  let timer = 0;

  // --- Showing -----------------------------------------------------------------------------------------
  function show() {
    const asset = now ? context.media.get(now) : null;
    const isMoving = ["waiting", "working"].includes(asset?.state);
    part("chosen").hidden = !now;
    part("none").hidden = Boolean(now || sending);
    part("sending").hidden = !sending;
    part("choosing").hidden = Boolean(sending);
    part("away").hidden = !now;
    part("retry").hidden = !asset?.retry_url;
    part("video-name").textContent = asset?.name ?? "";
    part("length").textContent = asset?.duration_ms ? clock(asset.duration_ms) : "";
    part("moving").hidden = !isMoving;
    part("moving").querySelector("progress").value = asset?.progress ?? 0;
    for (const each of part("moving").querySelectorAll("[data-when]")) each.hidden = each.dataset.when !== asset?.state;
    part("failed").hidden = asset?.state !== "failed";
    part("why").textContent = asset?.error ?? "";
    part("film").hidden = !asset?.src;
    if (asset?.src && pathOf(film.src) !== pathOf(asset.src)) Object.assign(film, { src: asset.src, poster: asset.poster ?? "" });
    film.setAttribute("aria-label", asset?.name ?? "");
    showCaptions(asset);
  }

  function showCaptions(asset) {
    part("captions").hidden = asset?.state !== "ready";
    const spoken = Object.keys(asset?.tracks ?? {});
    const language = spoken.includes(document.documentElement.lang) ? document.documentElement.lang : spoken[0];
    const track = film.querySelector("track");
    if (language && pathOf(track.src) !== pathOf(asset.tracks[language])) {
      Object.assign(track, { src: asset.tracks[language], srclang: language });
    }
    for (const line of root.querySelectorAll("[data-language]")) {
      const isThere = asset?.captions?.includes(line.dataset.language);
      for (const each of line.querySelectorAll("[data-there]")) each.hidden = !isThere;
      for (const each of line.querySelectorAll("[data-missing]")) each.hidden = isThere;
      line.querySelector("a").href = `${asset?.page_url || `/media/library/${now}/`}captions/${line.dataset.language}/`;
    }
  }

  function complain(text) {
    part("error-text").hidden = !text;
    part("error-text").textContent = text;
  }

  // --- How far it is -------------------------------------------------------------------------------------
  async function refresh() {
    clearTimeout(timer);
    const mine = now;
    if (!mine || signal.aborted) return;
    const before = context.media.get(mine)?.state;
    try {
      const answer = await fetch(`/api/media/${mine}/`, { headers: { Accept: "application/json" }, signal });
      if (!answer.ok) return;
      context.media.set(mine, { ...context.media.get(mine), ...(await answer.json()) });
    } catch {
      // no network just now: asked again in a while
    }
    if (mine !== now || signal.aborted) return;
    show();
    const { state } = context.media.get(mine) ?? {};
    if (before && before !== "ready" && state === "ready") {
      context.say(context.words("video-ready"));
      context.changed("asset"); // publishing is no longer held up: let the page look again
    }
    if (state !== "ready" && state !== "failed") timer = setTimeout(refresh, document.hidden ? LATER : SOON);
  }

  function put(id, asset) {
    if (asset) context.media.set(id, asset);
    now = id;
    complain("");
    show();
    context.changed("asset");
    refresh();
  }

  // --- Getting one -----------------------------------------------------------------------------------------
  async function take(file) {
    if (!file || sending) return;
    complain("");
    if (file.size > MOST) return complain(context.words("video-too-large"));
    sending = new AbortController();
    signal.addEventListener("abort", () => sending?.abort());
    tell({ sent: 0, size: file.size });
    show();
    part("stop").focus();
    try {
      const { asset } = await send(file, { words: { kind: "video" }, tell, signal: sending.signal });
      sending = null;
      context.say(context.words("video-arrived"));
      put(asset, { id: asset, kind: "video", name: file.name, state: "waiting", progress: 0, captions: [] });
    } catch (error) {
      if (error.name !== "AbortError") complain(error.message || context.words(`video-${error.code ?? "offline"}`));
      else if (!signal.aborted) await forget(file);
    } finally {
      sending = null;
      show();
      if (root.contains(document.activeElement)) part(now ? "away" : "upload-file").focus();
    }
  }

  function tell({ sent, size, waiting = false }) {
    const percent = Math.floor((100 * sent) / Math.max(size, 1));
    part("sending").querySelector("progress").value = percent;
    part("percent").textContent = `${percent}%`;
    for (const each of part("sending").querySelectorAll("[data-when]")) {
      each.hidden = (each.dataset.when === "away") !== waiting;
    }
  }

  async function fromLibrary() {
    const asset = await chooseFromLibrary("video", context.urls.media);
    if (asset) put(asset.id, asset);
  }

  async function retry() {
    const url = context.media.get(now)?.retry_url;
    const { ok, body } = await context.api.post(url).catch(() => ({}));
    if (ok) context.media.set(now, body);
    show();
    refresh();
  }

  // --- Hands -----------------------------------------------------------------------------------------------
  const drop = root.closest("[data-block]") ?? root;
  const filesOf = (event) => [...(event.dataTransfer?.files ?? [])];
  const carriesFile = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  drop.addEventListener("dragover", (event) => carriesFile(event) && event.preventDefault(), { signal });
  drop.addEventListener("drop", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    take(filesOf(event)[0]);
  }, { signal });
  input.addEventListener("change", () => {
    take(input.files[0]);
    input.value = "";
  });
  part("upload-file").addEventListener("click", () => input.click());
  part("from-library").addEventListener("click", fromLibrary);
  part("retry").addEventListener("click", retry);
  part("stop").addEventListener("click", () => sending?.abort());
  part("away").addEventListener("click", () => {
    put(null);
    part("upload-file").focus();
  });
  document.addEventListener("visibilitychange", () => document.hidden || refresh(), { signal });
  addEventListener("beforeunload", (event) => sending && event.preventDefault(), { signal });
  show();
  refresh();

  return {
    value: () => ({ ...fields.read(), asset: now }),
    focus: (name) => (name === "title" ? fields.focus("title") : part("upload-file").focus()),
    take,
    destroy() {
      clearTimeout(timer);
      ending.abort();
    },
    set(next) {
      fields.write(next);
      if ((next.asset ?? null) === now) return;
      now = next.asset ?? null;
      show();
      refresh();
    },
  };
}

const pathOf = (url) => (url ? new URL(url, location.href).pathname : "");

function clock(ms) {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
