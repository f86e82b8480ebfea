/* A module's page: the video (where it resumes, captions, speed, size, really watched seconds) and keeping it. */

import { attend, flush, keepBeat, uuid } from "../catalog/phone.js";
import { canKeep, drop, keep, kept } from "./keep.js";

const TICK = 5000;
const TICKS_A_FLUSH = 3;
const LONGEST_STEP = 1500; // between two looks at a playing video; more is a jump
const ALMOST_OVER = 5000;

const page = document.querySelector("[data-module-page]");
const module = page.dataset.modulePage;

const remember = (name, value) => {
  try {
    if (value === undefined) return localStorage.getItem(name);
    localStorage.setItem(name, value);
  } catch {
    // a private window may have no storage: then it is only not remembered
  }
  return null;
};

// --- The player ------------------------------------------------------------------------------------------
function player(root) {
  const figure = root.querySelector("[data-player]");
  const video = figure.querySelector("video");
  const isSecond = figure.hasAttribute("data-second");
  const { asset } = figure.dataset;
  const placeKey = `place:${document.querySelector('meta[name="person"]').content}:${module}:${asset}`;
  const resume = (isSecond ? 0 : Number(remember(placeKey))) || Number(figure.dataset.resume);
  watch(video, isSecond, placeKey, asset);
  resumeAt(figure, video, resume / 1000);
  bigButton(figure, video);
  tools(root, video);
  sizes(root, video);
  video.addEventListener("error", () => away(root, true), true);
  video.addEventListener("playing", () => away(root, false));
}

const away = (root, is) => (root.querySelector("[data-player-offline]").hidden = !is);

function resumeAt(figure, video, seconds) {
  const go = () => {
    if (seconds && video.currentTime < 1 && seconds * 1000 < video.duration * 1000 - ALMOST_OVER) {
      video.currentTime = seconds;
    }
  };
  video.addEventListener("loadedmetadata", go, { once: true });
  const clock = figure.parentElement.querySelector("[data-time]");
  video.addEventListener("timeupdate", () => (clock.textContent = asClock(video.currentTime)));
}

function asClock(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function bigButton(figure, video) {
  const button = figure.querySelector("[data-play]");
  video.controls = false; // the poster is whole until it begins
  video.addEventListener("play", () => {
    button.hidden = true;
    video.controls = true;
    figure.querySelector("[data-resume-bar]")?.remove();
    const note = figure.parentElement.querySelector("[data-resumes]");
    if (note) note.style.visibility = "hidden"; // it keeps its room: what stands below would jump
  });
  button.addEventListener("click", () => {
    video.play().catch(() => (button.hidden = video.controls = true)); // the browser's own controls do it then
    video.focus();
  });
  button.hidden = false;
}

function tools(root, video) {
  const captions = root.querySelector("[data-captions]");
  captions?.addEventListener("click", () => {
    const on = captions.getAttribute("aria-pressed") !== "true";
    captions.setAttribute("aria-pressed", String(on));
    const first = [...video.querySelectorAll("track")].find((track) => track.default);
    for (const track of video.querySelectorAll("track")) {
      track.track.mode = on && track === first ? "showing" : "disabled";
    }
  });
  const speed = root.querySelector("[data-speed]");
  speed.value = remember("speed") ?? "1";
  if (!speed.value) speed.value = "1";
  const apply = () => (video.playbackRate = video.defaultPlaybackRate = Number(speed.value));
  speed.addEventListener("change", () => {
    remember("speed", speed.value);
    apply();
  });
  apply();
  root.querySelector("[data-player-tools]").hidden = false;
}

/** Let the person choose how much data the video costs; the choice holds for the next ones too. */
function sizes(root, video) {
  const choice = root.querySelector("[data-sizes]");
  if (!choice) return;
  const use = (name) => {
    const { currentTime, paused } = video;
    video.querySelector("source").src = video.dataset[name];
    video.load();
    if (currentTime) video.addEventListener("loadedmetadata", () => (video.currentTime = currentTime), { once: true });
    if (!paused) video.play();
    showSize(name);
  };
  const wanted = remember("size") ?? (navigator.connection?.saveData ? "saver" : "main");
  choice.querySelector(`[value="${wanted}"]`).checked = true;
  if (wanted === "saver") use("saver");
  choice.addEventListener("change", ({ target }) => {
    remember("size", target.value);
    use(target.value);
  });
  choice.hidden = false;
}

function showSize(name) {
  for (const size of document.querySelectorAll("[data-size]")) size.hidden = size.dataset.size !== name;
}

// --- Really watched seconds --------------------------------------------------------------------------------
/** Tell in heartbeats which stretches of the video really played, and how long that took. */
function watch(video, isSecond, placeKey, asset) {
  const session = uuid();
  let seq = 0;
  let ticks = 0;
  let from = null;
  let last = 0;
  let millis = 0;

  const close = () => {
    const stretch = { from_ms: Math.round(from ?? 0), to_ms: Math.round(last) };
    const seconds = Math.round(millis / 1000);
    if (from !== null && stretch.to_ms > stretch.from_ms) {
      if (!isSecond) remember(placeKey, stretch.to_ms);
      keepBeat({ module, session, seq: seq++, kind: "video", seconds, ...(isSecond ? {} : { ...stretch, video: asset }) });
    }
    from = null;
    millis -= seconds * 1000; // what was rounded away counts with the next beat
  };

  video.addEventListener("timeupdate", () => {
    const now = video.currentTime * 1000;
    const step = now - last;
    if (video.seeking || step < 0 || step > LONGEST_STEP * video.playbackRate) close();
    else if (!video.paused || video.ended) {
      from ??= last;
      millis += step / video.playbackRate;
    }
    last = now;
  });
  const over = () => {
    close();
    flush();
  };
  video.addEventListener("pause", over);
  video.addEventListener("ended", over);
  addEventListener("pagehide", close, { capture: true });
  setInterval(() => {
    if (video.paused) return;
    close();
    from = last;
    if (++ticks % TICKS_A_FLUSH === 0) flush();
  }, TICK);
}

// --- Keep on this phone --------------------------------------------------------------------------------------
function keeping(root) {
  const show = (state) => {
    for (const part of root.querySelectorAll("[data-keep-if]")) part.hidden = part.dataset.keepIf !== state;
  };
  let stop = null;

  const start = async () => {
    stop = new AbortController();
    show("busy");
    const bar = root.querySelector("progress");
    try {
      await keep(label(root), addresses(), (part) => (bar.value = Math.round(100 * part)), stop.signal);
      show("kept");
    } catch {
      show(stop.signal.aborted ? "none" : "failed");
    }
  };
  const begin = root.querySelector('[data-keep-if="none"]');
  for (const button of [begin, ...root.querySelectorAll("[data-keep-start]")]) button.addEventListener("click", start);
  root.querySelector("[data-keep-stop]").addEventListener("click", () => stop.abort());
  root.querySelector("[data-keep-remove]").addEventListener("click", async () => {
    await drop(module);
    show("none");
    begin.focus();
  });

  const look = async () => {
    await navigator.serviceWorker.ready;
    const found = (await kept()).find((one) => one.module === module);
    show(!found ? "none" : found.version === root.dataset.version ? "kept" : "old");
    root.hidden = !found && !navigator.onLine;
  };
  look();
}

function label(root) {
  const { version, title, minutesText: minutes } = root.dataset;
  const size = root.querySelector("[data-size]:not([hidden])")?.textContent ?? "";
  return { module, version, title, minutes, size, url: location.pathname };
}

/** Return what belongs to the module: its page, its quiz and its scenario for practice where it has one, and its media
 * in the chosen size. */
function addresses() {
  const media = new Set();
  for (const video of page.querySelectorAll("video")) {
    const urls = [video.poster, video.querySelector("source")?.src, ...[...video.querySelectorAll("track")].map((track) => track.src)];
    for (const url of urls) if (url) media.add(url);
  }
  for (const image of page.querySelectorAll("img")) if (image.src.includes("/media/")) media.add(image.src);
  const quiz = `${location.pathname}quiz/`;
  const pages = document.querySelector(`.act a[href^="${quiz}"]`) ? [location.pathname, quiz] : [location.pathname];
  const scenario = page.querySelector("[data-kept-scenario]");
  if (scenario) pages.push(scenario.dataset.keptScenario);
  return { pages, media: [...media], pack: scenario?.dataset.package ?? "" };
}

for (const root of document.querySelectorAll("[data-video]")) player(root);
attend("reading", module, () => [...document.querySelectorAll("video")].some((video) => !video.paused));
const keepRoot = document.querySelector("[data-keep]");
if (canKeep && keepRoot) keeping(keepRoot); // not while its video is still being prepared
