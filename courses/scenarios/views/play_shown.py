"""What the pages of a run show, ready to be drawn: faces, moods in words, skills in dots, the time that is left."""

import dataclasses
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core import rounding
from core.mediafiles import links, manifest
from courses.catalog import reading
from courses.catalog.reading import Video
from courses.scenarios import aces, shown
from courses.scenarios.acts import PACES
from courses.scenarios.debrief import Fork
from courses.scenarios.document import Document, Scene
from courses.scenarios.fold import State
from courses.scenarios.models import Run
from courses.scenarios.played import Told
from courses.scenarios.queries import Ended
from partners.models import Person

MOODS: Mapping[str, Promise] = {
    "neutral": gettext_lazy("a calm face"),
    "friendly": gettext_lazy("a friendly face"),
    "interested": gettext_lazy("an interested face"),
    "doubtful": gettext_lazy("a doubtful face"),
    "worried": gettext_lazy("a worried face"),
    "annoyed": gettext_lazy("an annoyed face"),
    "angry": gettext_lazy("an angry face"),
}
OUTCOMES: Mapping[str, Promise] = {
    "success": gettext_lazy("It worked out"),
    "partial": gettext_lazy("It worked out in part"),
    "fail": gettext_lazy("It didn't work out this time"),
    "neutral": gettext_lazy("You reached the end"),
}
QUALITIES: Mapping[str, Promise] = {
    "best": gettext_lazy("Your choice: the best move here"),
    "ok": gettext_lazy("Your choice: a fair move"),
    "poor": gettext_lazy("Your choice: there is a better move"),
}
TONES = {"best": "ok", "ok": "", "poor": "try"}
WATCHED = (25, 50, 75, 100)
"""At how many percent of a video it is noted that somebody watched so far."""

_MOST_DOTS = 10
_MOST_SKILLS = 3
_SPEAKER = re.compile(r"^(.+?)\s*[(（](.+)[)）]$")


@dataclasses.dataclass(frozen=True)
class Skill:
    """A skill or relation as dots. `words` says it for those who don't see them, `change` what has just happened."""

    key: str
    name: str
    dots: Sequence[str]
    words: str
    change: str = ""
    has_risen: bool = False


def skills(document: Document, state: State, before: State | None = None) -> list[Skill]:
    """Return the skills that are numbers; with `before`, those only that changed since."""
    found = []
    for variable in document.variables:
        most = variable.high - variable.low
        if not variable.is_skill or variable.kind != "int" or not 0 < most <= _MOST_DOTS:
            continue
        now = int(state.values.get(variable.key, variable.initial)) - variable.low
        was = now
        if before is not None:
            was = int(before.values.get(variable.key, variable.initial)) - variable.low
            if was == now:
                continue
        change = "" if was == now else _("from %(was)s to %(now)s") % {"was": was, "now": now}
        found.append(
            Skill(
                key=variable.key,
                name=variable.name,
                dots=[_dot(place, now, was) for place in range(most)],
                words=_("%(name)s: %(now)s of %(most)s")
                % {"name": variable.name, "now": now, "most": most},
                change=change,
                has_risen=now > was,
            )
        )
    return found[:_MOST_SKILLS]


def _dot(place: int, now: int, was: int) -> str:
    if place < now:
        return "on"
    return "gone" if place < was else ""


def speaker(scene: Scene) -> tuple[str, str]:
    """Return who speaks, and what stands in brackets behind the name: their role."""
    split = _SPEAKER.match(scene.speaker)
    return (split[1], split[2]) if split else (scene.speaker, "")


def picture(person_id: uuid.UUID, asset: str | None, size: str = "small") -> str:
    """Return the address of a picture; empty without one."""
    return links.picture_url(person_id, asset, size) if asset else ""


def video(person_id: uuid.UUID, asset: str | None) -> Video | None:
    """Return a video with its captions; None while it isn't there. Three queries, none without a video."""
    if not asset:
        return None
    described = manifest.of([uuid.UUID(asset)]).get(uuid.UUID(asset))
    if described is None or not described.get("main"):
        return None
    return reading.video(described, person_id, get_language() or "ja")


@dataclasses.dataclass(frozen=True)
class Look:
    """A scene as it is seen."""

    number: int
    scene: Scene
    name: str
    role: str
    mood: str
    face: str
    picture: str
    video: Video | None
    skills: Sequence[Skill]
    choices: Sequence[Mapping[str, str]]


def look(person_id: uuid.UUID, document: Document, state: State) -> Look:
    """Return the scene in which a run stands; nothing in it tells what is right."""
    scene = document.by_key[state.scene]
    name, role = speaker(scene)
    return Look(
        number=sum(state.visits.values()),
        scene=scene,
        name=name,
        role=role,
        mood=str(MOODS[scene.mood]),
        face=picture(person_id, scene.face),
        picture=picture(person_id, scene.picture, "medium"),
        video=video(person_id, scene.video),
        skills=skills(document, state),
        choices=shown.scene(document, state).get("choices", []),
    )


@dataclasses.dataclass(frozen=True)
class Clock:
    """The time for a scene by our clock. `seconds` is None where the person has switched it off."""

    seconds: int | None
    left_ms: int
    pace: str

    @property
    def is_over(self) -> bool:
        """Whether it has run out."""
        return self.seconds is not None and self.left_ms <= 0


def clock(run: Run, document: Document, state: State, now: int) -> Clock | None:
    """Return the time that is left for the scene; None where the author set no limit."""
    limit = document.by_key[state.scene].limit
    if limit is None:
        return None
    seconds = limit.seconds * PACES[run.pace]
    if not seconds:
        return Clock(None, 0, run.pace)
    return Clock(seconds, max(state.entered_at + seconds * 1000 - now, 0), run.pace)


@dataclasses.dataclass(frozen=True)
class Why:
    """What the ace says, with its video."""

    name: str
    why: str
    thinking: str
    words: Sequence[str]
    transcript: str
    video: Video | None
    face: str = ""


def why(
    person_id: uuid.UUID, told: Mapping[str, Any] | None, faces: Mapping[str, str]
) -> Why | None:
    """Return an explanation ready to be drawn; None where there is none. `faces`: addresses by the ace's id."""
    if told is None:
        return None
    return Why(
        face=faces.get(told.get("ace") or "", ""),
        name=told.get("name", ""),
        why=told.get("why", ""),
        thinking=told.get("thinking", ""),
        words=[line for line in told.get("words", "").splitlines() if line.strip()],
        transcript=told.get("transcript", ""),
        video=video(person_id, told.get("video")),
    )


@dataclasses.dataclass(frozen=True)
class Step:
    """A fork of the way that was taken, as the debriefing shows it."""

    fork: Fork
    title: str
    line: str
    said: str
    best: Sequence[str]
    tone: str
    why_url: str

    @property
    def seconds(self) -> int:
        """How long was thought."""
        return rounding.divided(self.fork.ms, 1000)


def _told_url(run_id: uuid.UUID) -> Callable[[Fork], str]:
    return lambda fork: reverse("scenarios:told", args=[run_id, fork.seq])


def way(found: Ended, url: Callable[[Fork], str]) -> list[Step]:
    """Return the way that was taken, fork by fork; `url` says where its why is told."""
    steps = []
    for fork in found.debrief.forks:
        scene = found.document.by_key[fork.scene]
        texts = {choice.key: choice.text for choice in scene.choices}
        steps.append(
            Step(
                fork=fork,
                title=scene.title,
                line=scene.text,
                said=texts.get(fork.choice, ""),
                best=[] if fork.was_best else [texts[key] for key in fork.best if key in texts],
                tone="ok" if fork.was_best else TONES[fork.quality],
                why_url=url(fork),
            )
        )
    return steps


def told(
    person: Person, found: Told, face: Callable[[str, uuid.UUID], str] | None = None
) -> dict[str, Any]:
    """Return what the page of a decision draws: what it brought, and why, beside the best answer.

    `face` says where the face of an ace is, from their id and that of the picture; else it is at the run's door.
    """
    scene = found.document.by_key[found.before.scene]
    consequence, person_id = found.consequence, person.pk
    whys = [consequence["why"], *(each["why"] for each in consequence["best"])]
    shown_aces = aces.pictures(person, [each.get("ace") for each in whys if each])
    at = face or (lambda ace, _asset: reverse("scenarios:ace_face", args=[found.run.pk, ace]))
    faces = {ace: at(ace, asset) for ace, asset in shown_aces.items()}
    return {
        "found": found,
        "consequence": consequence,
        "name": speaker(scene)[0],
        "face": picture(person_id, scene.face),
        "quality": QUALITIES[consequence["quality"]],
        "tone": TONES[consequence["quality"]],
        "skills": skills(found.document, found.after, found.before),
        "why": why(person_id, consequence["why"], faces),
        "best": [
            {"text": each["text"], "why": why(person_id, each["why"], faces)}
            for each in consequence["best"]
        ],
        "language": found.document.language,
    }


def ended(
    person_id: uuid.UUID, found: Ended, url: Callable[[Fork], str] | None = None
) -> dict[str, Any]:
    """Return what the page of a run that is over draws: outcome, skills, the way."""
    ending = found.document.by_key.get(found.run.ending)
    meters = {meter.key: meter for meter in skills(found.document, found.state)}
    return {
        "found": found,
        "run": found.run,
        "ending": ending,
        "outcome": OUTCOMES.get(found.run.outcome, ""),
        "name": speaker(ending)[0] if ending else "",
        "face": picture(person_id, ending.face) if ending else "",
        "picture": picture(person_id, ending.picture, "medium") if ending else "",
        "steps": way(found, url or _told_url(found.run.pk)),
        "skills": [
            (found.document.variable[each.key].name, each, meters.get(each.key))
            for each in found.debrief.skills
        ],
    }
