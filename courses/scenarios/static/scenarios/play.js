/* A scenario's pages. A choice is kept on the phone at once, sent with its key, and the page goes to what it brought.
 * Without network it waits here; a practice run that was kept is played on (offline.js). Without this script the
 * pages are plain forms. */

import { attend, extend, flush, report, trouble, uuid } from "../catalog/phone.js";
import { all, get } from "../catalog/store.js";

const PATIENCE = 4000;
const SOON = 2000;
const SAID_AT = [30, 10];

const person = document.querySelector('meta[name="person"]')?.content ?? "";

// --- The scene, and how to begin ---------------------------------------------------------------------------
function stand(root) {
  const { scenario, title, version, package: packUrl, rendered } = root.dataset;
  const form = root.querySelector("[data-choose]");
  const begin = root.querySelector("[data-begin]");
  const opened = Date.now();
  let run = root.dataset.run;
  let busy = false;
  let pending = false;
  let left = false;
  let stage = null;

  const line = (id) => ({ id, url: `/api/scenarios/${scenario}/runs/${id}/`, title });

  /** Return what a practice run is played with here, if it is kept and is of this version. */
  const packed = async (wanted) => {
    if (!packUrl || !("caches" in globalThis)) return null;
    const found = await caches.match(packUrl, { ignoreVary: true });
    const pack = await found?.json();
    return pack?.version === wanted ? pack : null;
  };

  const leave = async (url) => {
    if (left) return;
    left = true;
    if (run) await extend(line(run), (row) => ({ moved: null, answer: row.moved ? null : row.answer }));
    location.assign(url);
  };

  /** Keep a choice (an empty one: the time was over), send it, and see what became of it. */
  const act = async (choice, button) => {
    if (busy || left) return;
    busy = pending = true;
    button?.setAttribute("aria-busy", "true");
    const { expected_seq: base, scene, key } = Object.fromEntries(new FormData(form));
    const from = root.dataset.state ? JSON.parse(root.dataset.state) : null;
    const acts = [{ key, scene, choice, ms: Date.now() - opened }];
    const about = { base: Number(base), offline: false, version };
    await extend(line(run), (row) => (row.acts.length && !row.problem ? null : { from, acts, about, scenario, answer: null, moved: null }));
    setTimeout(report, 400); // a quick answer of the server needs no word in between
    await flush();
    await follow();
    button?.removeAttribute("aria-busy");
    busy = false;
  };

  const follow = async () => {
    const row = run ? await get("lines", person, run) : null;
    if (!row || left) return;
    root.querySelector("[data-refused]").hidden = !row.problem;
    root.querySelector("[data-refused-text]").textContent = row.problem ?? "";
    if (row.problem) return;
    if (row.moved) await leave(row.moved.url);
    else if (stage) stage.sent(row);
    else if (!row.acts.length && row.answer && pending) await leave(row.answer.url);
    else if (row.acts.length) await wait(row);
  };

  const wait = async (row) => {
    pending = true;
    const pack = row.from && trouble === "offline" ? await packed(row.about.version) : null;
    if (pack) return playOn(row, pack, busy);
    for (const button of form?.querySelectorAll("button") ?? []) {
      button.disabled = true;
      button.toggleAttribute("data-chosen", button.value === row.acts[0].choice);
    }
    show(trouble === "busy" ? "busy" : "phone");
    return null;
  };

  const show = (state) => {
    for (const each of root.querySelectorAll("[data-waits]")) each.hidden = each.dataset.waits !== state;
  };

  /** Go on without network. */
  const playOn = async (row, pack, tells) => {
    const { Stage } = await import("./offline.js");
    for (const each of document.querySelectorAll("[data-shown], [data-act], [data-online]")) each.hidden = true;
    show("offline");
    run = row.id;
    stage = new Stage(root.querySelector("[data-offline]"), pack, {
      line: line(run), pace: row.pace ?? root.dataset.pace, leave, again: () => beginOffline(pack),
    });
    await stage.open(await extend(line(run), ({ about }) => ({ about: { ...about, offline: true } })), tells);
    report();
  };

  const beginOffline = async (pack) => {
    const { begun } = await import("./offline.js");
    const mine = (await all("lines", person)).filter((row) => row.scenario === scenario && (row.acts.length || row.answer));
    const attempt = Math.max(Number(root.dataset.attempt), ...mine.map((row) => (row.attempt ?? 0) + 1));
    run = uuid();
    const pace = new FormData(begin ?? undefined).get("pace") ?? "normal";
    const from = begun(pack, attempt);
    const about = { base: from.turn, offline: true, version: pack.version };
    const row = await extend(line(run), () => ({ from, acts: [], about, scenario, attempt, pace }));
    await playOn(row, pack, false);
  };

  const arm = async () => {
    const rows = (await all("lines", person)).filter((row) => row.scenario === scenario);
    const waiting = rows.filter((row) => row.acts.length && !row.problem).sort((a, b) => b.touched - a.touched)[0];
    if (waiting) {
      run = waiting.id;
      pending = true;
      await flush();
      return follow();
    }
    const mine = rows.find((row) => row.id === run);
    if (mine?.answer?.received_at > rendered) {
      // This page is an older one, kept for when there is no network.
      const pack = mine.answer.state && (await packed(mine.about.version));
      if (pack) return playOn(mine, pack, false);
      fallBehind();
    }
    return null;
  };

  /** Offer nothing: the conversation has gone on from here, and where it stands is shown with the network only. */
  const fallBehind = () => {
    left = true;
    for (const each of [form?.closest("section"), ...document.querySelectorAll("[data-online]")]) each?.toggleAttribute("hidden", true);
    show("behind");
    const again = async () => (await reach()) && location.reload();
    addEventListener("online", again);
    if (navigator.onLine) setTimeout(again, SOON); // the network was there, but too slow
  };

  const reach = () =>
    fetch(location.pathname, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout?.(PATIENCE) }).then(
      ({ status }) => status < 500,
      () => false,
    );

  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    act(event.submitter?.value ?? "", event.submitter);
  });
  root.querySelector("[data-time-out]")?.addEventListener("submit", (event) => {
    event.preventDefault();
    act("", event.submitter);
  });
  begin?.addEventListener("submit", async (event) => {
    if (!packUrl || !("caches" in globalThis)) return;
    event.preventDefault();
    const pack = await packed(version);
    if (!pack || (await reach())) begin.submit();
    else beginOffline(pack);
  });
  document.addEventListener("tomoni:sent", ({ detail }) => {
    if (detail.id === run && !busy) follow();
  });
  const clock = root.querySelector("[data-clock]");
  if (clock && Number(clock.dataset.left)) count(clock, () => act("", null));
  arm();
}

/** Count the time down; `over` hears when there is none left. */
function count(clock, over) {
  const until = Date.now() + Number(clock.dataset.left);
  const says = clock.querySelector("[data-clock-says]");
  let last = Infinity;
  const tick = () => {
    const seconds = Math.max(Math.ceil((until - Date.now()) / 1000), 0);
    if (!clock.isConnected || clock.closest("[hidden]")) return clearInterval(timer);
    clock.querySelector("[data-clock-left]").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (SAID_AT.some((mark) => seconds <= mark && last > mark)) {
      const words = clock.querySelector("[data-clock-words]").content.cloneNode(true);
      words.querySelector("[data-seconds]").textContent = seconds;
      says.replaceChildren(words);
    }
    last = seconds;
    if (seconds) return null;
    clearInterval(timer);
    return over();
  };
  const timer = setInterval(tick, 500);
  tick();
}

// --- What a choice brought: that it was read and watched -----------------------------------------------------
function note(told) {
  const { notes: url, about, opened, watched } = told.dataset;
  if (!url) return;
  const token = document.cookie.match(/(?:^|; )(?:__Host-)?csrf=([^;]*)/)?.[1] ?? "";
  const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token, "X-Person": person };
  const send = (body) => fetch(url, { method: "POST", headers, keepalive: true, body: JSON.stringify({ about, ...body }) }).catch(() => {});
  send({ kind: "explanation_opened", key: opened });
  const marks = watched.split(" ").map((pair) => pair.split(":"));
  const video = told.querySelector("video[data-watch]");
  video?.addEventListener("timeupdate", () => {
    const percent = (100 * video.currentTime) / video.duration;
    while (marks.length && percent >= Number(marks[0][0]) - 1) {
      const [part, key] = marks.shift();
      send({ kind: "video_progress", key, percent: Number(part) });
    }
  });
}

addEventListener("pageshow", (event) => event.persisted && location.reload()); // come back to by "back"
const root = document.querySelector("[data-scenario]");
if (root) stand(root);
const told = document.querySelector("[data-told]");
if (told) note(told);
// Reading why, and how it ended, is where most is learnt.
const learnt = root ?? told ?? document.querySelector("[data-ended]");
if (learnt) attend("reading", learnt.dataset.module);
