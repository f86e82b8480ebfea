"""A scenario as one immutable value, and its hashes. No Django.

`reading.parse` makes it from JSON, `writing.dump` makes JSON of it, `docs/scenarios.md` describes that JSON.
Keys name everything, never positions.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from courses.scenarios.conditions import Condition, Value

SCHEMA = 1
FORMAT = "tomoni-scenario"

MAX_SCENES = 2_000
MAX_CHOICES = 8
MAX_VARIABLES = 50

QUALITIES = ("best", "ok", "poor")
OUTCOMES = ("success", "partial", "fail", "neutral")
MOODS = ("neutral", "friendly", "interested", "doubtful", "worried", "annoyed", "angry")
MODES = ("practice", "exam")
POINTS = ("first", "last", "best")
BACK = ("none", "look", "rewind")
KINDS = ("int", "bool", "enum")


@dataclass(frozen=True, slots=True)
class Variable:
    """Something that a run remembers: a bounded number, yes or no, or one word of a list.

    A *skill* is one that choices can exercise (`Choice.skills`), which is shown in the debriefing.
    """

    key: str
    name: str = ""
    kind: str = "int"
    initial: Value = 0
    low: int = 0
    high: int = 10
    words: tuple[str, ...] = ()
    is_skill: bool = False

    def fits(self, value: Value) -> bool:
        """Say whether a value is of this variable's kind; a number may lie outside of the bounds."""
        if self.kind == "bool":
            return isinstance(value, bool)
        if self.kind == "enum":
            return isinstance(value, str) and value in self.words
        return isinstance(value, int) and not isinstance(value, bool)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a choice does to a variable: `set` it, or `add` to a number, which stays within its bounds."""

    var: str
    op: str
    value: Value


@dataclass(frozen=True, slots=True)
class Route:
    """Where a choice goes to when a condition holds."""

    when: Condition
    to: str | None


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person can say or do in a scene. `to` is where it goes to when no route holds (its *else*)."""

    key: str
    text: str = ""
    reaction: str = ""
    quality: str = "ok"
    condition: Condition | None = None
    effects: tuple[Effect, ...] = ()
    points: int = 0
    skills: tuple[str, ...] = ()
    routes: tuple[Route, ...] = ()
    to: str | None = None

    def targets(self) -> Iterator[str | None]:
        """Yield where it may go to, in the order in which that is decided."""
        for route in self.routes:
            yield route.to
        yield self.to


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a person may think, and where the time-out goes to."""

    seconds: int
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """A moment of the conversation, or an ending of it (`kind`)."""

    key: str
    kind: str = "scene"
    title: str = ""
    chapter: str = ""
    speaker: str = ""
    mood: str = "neutral"
    face: str | None = None
    text: str = ""
    picture: str | None = None
    alt: str = ""
    video: str | None = None
    parked: bool = False
    limit: Limit | None = None
    choices: tuple[Choice, ...] = ()
    outcome: str = "neutral"
    score: int | None = None
    message: str = ""

    @property
    def is_ending(self) -> bool:
        """Whether the conversation is over here."""
        return self.kind == "ending"


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why, by the ace: of a choice or of a whole scene. `ace` is a person's id, `name` how they are shown."""

    ace: str | None = None
    name: str = ""
    why: str = ""
    thinking: str = ""
    words: str = ""
    video: str | None = None
    transcript: str = ""

    @property
    def says_something(self) -> bool:
        """Whether there is anything to read or to watch."""
        return bool(self.why or self.thinking or self.words or self.video)


@dataclass(frozen=True, slots=True)
class Settings:
    """How it is played: practice or exam, which points of a scene count, how far back one may go, what passes."""

    mode: str = "practice"
    points: str = "first"
    back: str = "none"
    pass_mark: int | None = None


@dataclass(frozen=True)
class Document:
    """A whole scenario. The order of scenes is the author's outline; nothing in a run depends on it."""

    title: str = ""
    summary: str = ""
    language: str = "ja"
    start: str | None = None
    settings: Settings = Settings()
    variables: tuple[Variable, ...] = ()
    scenes: tuple[Scene, ...] = ()
    explanations: Mapping[str, Explanation] = field(default_factory=dict)

    @cached_property
    def by_key(self) -> Mapping[str, Scene]:
        """The scenes by their keys."""
        return {scene.key: scene for scene in self.scenes}

    @cached_property
    def variable(self) -> Mapping[str, Variable]:
        """The variables by their keys."""
        return {variable.key: variable for variable in self.variables}

    @cached_property
    def choice(self) -> Mapping[str, tuple[Scene, Choice]]:
        """Each choice with its scene, by the choice's key."""
        return {c.key: (scene, c) for scene in self.scenes for c in scene.choices}

    def keys(self) -> dict[str, str]:
        """Return what each key names: `scene`, `choice` or `variable`."""
        found = {variable.key: "variable" for variable in self.variables}
        for scene in self.scenes:
            found[scene.key] = "scene"
            found.update((choice.key, "choice") for choice in scene.choices)
        return found

    def media(self) -> Iterator[tuple[str, str, str]]:
        """Yield (key of scene or choice, field, asset) of every file that it shows."""
        for scene in self.scenes:
            for name in ("face", "picture", "video"):
                asset = getattr(scene, name)
                if asset:
                    yield scene.key, name, asset
        for key, explanation in self.explanations.items():
            if explanation.video:
                yield key, "explanation", explanation.video
