/* A practice run played without network: draws its scenes, what choices bring, and the end from the page's templates.
 * What is done is kept in the run's line (see catalog/phone.js) and sent by itself once there is network. */

import { extend, uuid } from "../catalog/phone.js";
import { available, begin, choose, open, timeOut } from "./machine.js";

const PACES = { normal: 1, slow: 3, off: 0 };
const TONES = { best: "ok", ok: "", poor: "try" };
const MOST_DOTS = 10;

const template = (name) => document.querySelector(`template[data-view="${name}"]`).content.cloneNode(true);
const word = (name) => document.querySelector(`template[data-word="${name}"]`).content.textContent.trim();
const filled = (name, values) => word(name).replace(/\[(\w+)\]/g, (_all, each) => values[each]);

/** Return the state at the start of a run. */
export const begun = (pack, attempt) => begin(open(pack), attempt);

const done = (pack, state, { choice }) => (choice ? choose(pack, state, choice) : timeOut(pack, state));

/** Fill the parts of a view; a part without a value goes. */
function fill(view, values) {
  for (const [name, value] of Object.entries(values)) {
    const part = view.querySelector(`[data-slot="${name}"]`);
    if (!value || value.length === 0) part.remove();
    else if (part.tagName === "IMG") part.src = value;
    else if (Array.isArray(value)) part.replaceChildren(...value);
    else part.append(...lines(value));
  }
  return view;
}

const lines = (text) => String(text).split("\n").flatMap((each, place) => (place ? [document.createElement("br"), each] : [each]));

export class Stage {
  /** `line` names the run's line, `leave(url)` goes to the server's page, `again()` begins another run. */
  constructor(root, pack, { line, pace, leave, again }) {
    Object.assign(this, { root, raw: pack, pack: open(pack), line, pace, leave, again, view: "", busy: false });
  }

  /** Show where a line's run stands; `tells`: first what its last choice brought. */
  async open(row, tells) {
    this.row = row;
    if (tells && row.acts.length) return this.tell();
    return this.go();
  }

  states() {
    const from = this.row.answer?.state ?? this.row.from;
    const found = [from];
    for (const act of this.row.acts) found.push(done(this.pack, found.at(-1), act));
    return found;
  }

  /** The server has taken what waited: the end leads to the result, a scene to the server's own page. */
  sent(row) {
    this.row = row;
    if (row.acts.length || !row.answer || this.busy) return;
    if (this.view !== "told") this.leave(row.answer.url);
  }

  go() {
    if (!this.row.acts.length && this.row.answer && navigator.onLine) return this.leave(this.row.answer.url);
    const state = this.states().at(-1);
    return state.status === "finished" ? this.end(state) : this.scene(state);
  }

  draw(name, view) {
    clearInterval(this.timer);
    this.view = name;
    this.root.lang = this.raw.language;
    this.root.replaceChildren(view);
    this.root.hidden = false;
    scrollTo({ top: 0 });
    this.root.querySelector("[tabindex]").focus({ preventScroll: true });
  }

  // --- A scene -----------------------------------------------------------------------------------------------
  scene(state) {
    const scene = this.pack.scene.get(state.scene);
    const [speaker, role] = who(scene.speaker);
    const number = Object.values(state.visits).reduce((sum, each) => sum + each, 0);
    const title = scene.title ? filled("titled", { number, title: scene.title }) : filled("number", { number });
    const mood = scene.mood === "neutral" || !speaker ? "" : word(`mood-${scene.mood}`);
    const view = fill(template("scene"), {
      title, speaker, role, mood, text: scene.text, face: this.media("face", scene.face), picture: this.media("picture", scene.picture),
      video: this.video(scene.video), skills: this.skills(state), choices: this.choices(state),
    });
    const picture = view.querySelector('[data-slot="picture"]');
    if (picture) picture.alt = scene.alt;
    if (scene.limit) this.limit(view, scene.limit.seconds * PACES[this.pace], state);
    this.since = Date.now();
    this.draw("scene", view);
  }

  choices(state) {
    return available(this.pack, state).map(({ key, text }) => {
      const view = fill(template("choice"), { text });
      view.querySelector("button").addEventListener("click", () => this.act(state, key));
      return view;
    });
  }

  limit(view, seconds, state) {
    const clock = view.querySelector("[data-limit]");
    clock.hidden = false;
    const says = clock.querySelector("[data-limit-left]");
    clock.querySelector("[data-limit-off]").addEventListener("click", (event) => {
      clearInterval(this.timer);
      this.pace = "off";
      extend(this.line, () => ({ pace: "off" }));
      says.textContent = word("no-limit");
      event.target.remove();
    });
    if (!seconds) {
      says.textContent = word("no-limit");
      clock.querySelector("[data-limit-off]").remove();
      return;
    }
    const until = Date.now() + seconds * 1000;
    setTimeout(() => {
      const tick = () => {
        const left = Math.max(Math.ceil((until - Date.now()) / 1000), 0);
        says.textContent = filled("seconds", { seconds: left });
        if (!left) this.act(state, "");
      };
      this.timer = setInterval(tick, 1000);
    });
  }

  /** Keep a choice; another page that was first is shown instead. */
  async act(state, choice) {
    if (this.busy) return;
    this.busy = true;
    clearInterval(this.timer);
    const act = { key: uuid(), scene: state.scene, choice, ms: Date.now() - this.since };
    this.row = await extend(this.line, (row) => {
      this.row = row;
      return this.states().at(-1).turn === state.turn ? { acts: [...row.acts, act] } : null;
    });
    this.busy = false;
    document.dispatchEvent(new CustomEvent("tomoni:sync", { detail: { state: "phone", count: this.row.acts.length } }));
    if (this.row.acts.at(-1)?.key === act.key) this.tell();
    else this.go();
  }

  // --- What a choice brought, and why --------------------------------------------------------------------------
  tell() {
    const states = this.states();
    const [before, after] = states.slice(-2);
    const act = this.row.acts.at(-1);
    const offered = available(this.pack, before);
    const made = offered.find(({ key }) => key === act.choice);
    const best = betterThan(made, offered);
    const whys = [this.raw.explanations[act.choice] ?? this.raw.explanations[act.scene], ...best.map(({ key }) => this.raw.explanations[key])];
    const name = whys.find(Boolean)?.name;
    const view = fill(template("told"), {
      title: name ? filled("thinks", { name }) : word("brought"),
      mine: [this.answer(made ? word(`is-${made.quality}`) : word("late"), made?.text ?? word("nothing-said"), TONES[made?.quality ?? "poor"])],
      reaction: made?.reaction,
      skills: this.skills(after, before),
      best: best.map(({ text }) => this.answer(word("best"), text, "ok")),
      whys: whys.filter(Boolean).map((why) => this.why(why)),
    });
    view.querySelector("[data-on]").addEventListener("click", () => this.go());
    this.draw("told", view);
  }

  answer(label, text, tone) {
    const view = fill(template("answer"), { label, text });
    if (tone) view.querySelector(".ans").classList.add(`ans-${tone}`);
    return view;
  }

  why({ name, why, thinking, words, transcript, video }) {
    const said = (words ?? "").split("\n").filter((each) => each.trim());
    const view = fill(template("why"), {
      name, why, thinking, transcript, video: this.video(video), words: said.map((text) => fill(template("say"), { text })),
    });
    for (const part of view.querySelectorAll("[data-with]")) {
      if (!view.querySelector(`[data-slot="${part.dataset.with}"]`)) part.remove();
    }
    return view;
  }

  // --- The end -----------------------------------------------------------------------------------------------
  end(state) {
    const scene = this.pack.scene.get(state.scene);
    const states = this.states();
    const steps = this.row.acts.map((act, place) => {
      const offered = available(this.pack, states[place]);
      const made = offered.find(({ key }) => key === act.choice);
      const best = betterThan(made, offered);
      const here = this.pack.scene.get(act.scene);
      return fill(template("step"), {
        title: here.title || here.text,
        mine: [this.answer(word("mine"), made?.text ?? word("nothing-said"), TONES[made?.quality ?? "poor"])],
        best: best.map(({ text }) => this.answer(word("ace"), text, "ok")),
      });
    });
    const view = fill(template("ended"), { outcome: word(`outcome-${scene.outcome}`), text: scene.text, message: scene.message, steps });
    view.querySelector("[data-again]").addEventListener("click", () => this.again());
    this.draw("ended", view);
  }

  // --- Parts -------------------------------------------------------------------------------------------------
  media = (field, asset) => (asset ? this.raw.media[`${field}:${asset}`] : "");

  video(asset) {
    const found = asset && this.raw.media[`video:${asset}`];
    if (!found) return [];
    const video = Object.assign(document.createElement("video"), { controls: true, playsInline: true, preload: "none", poster: found.poster, src: found.src, className: "still" });
    for (const [place, { src, lang, label }] of found.tracks.entries()) {
      video.append(Object.assign(document.createElement("track"), { kind: "captions", src, srclang: lang, label, default: !place }));
    }
    return [video];
  }

  /** The skills that are numbers, as dots; with `before`, those only that changed. */
  skills({ values }, before) {
    const shown = [...this.pack.variable.values()].filter(({ skill, kind, low, high }) => skill && kind === "int" && high > low && high - low <= MOST_DOTS);
    return shown.filter(({ key }) => !before || before.values[key] !== values[key]).slice(0, 3).map(({ key, name, low, high }) => {
      const [now, was, most] = [values[key] - low, (before?.values ?? values)[key] - low, high - low];
      const dots = Array.from({ length: most }, (_each, place) => Object.assign(document.createElement("i"), { className: place < now ? "on" : place < was ? "gone" : "" }));
      const view = fill(template("skill"), { name: name ?? "", dots, change: now === was ? "" : filled("change", { was, now }) });
      view.querySelector(".pips").setAttribute("aria-label", filled("pips", { name, now, most }));
      view.querySelector('[data-slot="change"]')?.classList.add(now > was ? "up" : "down");
      return view;
    });
  }
}

function who(speaker) {
  const split = /^(.+?)\s*[(（](.+)[)）]$/.exec(speaker);
  return split ? [split[1], split[2]] : [speaker, ""];
}

/** The best of what was offered: those marked so, unless one of them was chosen. Else nothing is said: points are the server's. */
const betterThan = (made, offered) => (made?.quality === "best" ? [] : offered.filter(({ quality }) => quality === "best"));
