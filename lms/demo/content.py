"""Reads the content of the demo world in one language: courses, modules, organisations, people. Files only."""

import dataclasses
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "content"
MEDIA = FOLDER / "media"
LANGUAGES = ("ja", "en")
CLIENT = "client"


@dataclasses.dataclass(frozen=True)
class CourseText:
    """A course as it was written."""

    key: str
    title: str
    summary: str
    position: int


@dataclasses.dataclass(frozen=True)
class ModuleText:
    """A module as it was written: `blocks` still name media by file and texts as Markdown."""

    key: str
    course: str
    title: str
    summary: str
    minutes: int
    blocks: tuple[Mapping[str, Any], ...]
    skills: tuple[str, ...] = ()

    def data(self, kind: str) -> list[Mapping[str, Any]]:
        """Return the data of all blocks of a kind."""
        return [block["data"] for block in self.blocks if block["kind"] == kind]

    @property
    def items(self) -> list[dict[str, Any]]:
        """The questions of its quiz."""
        return [item for data in self.data("quiz") for item in data["items"]]


@dataclasses.dataclass(frozen=True)
class ScenarioText:
    """A module whose lesson is a scenario, as it was written: `document` still names faces and people by key."""

    key: str
    course: str
    title: str
    summary: str
    minutes: int
    picture: str
    published: bool
    blocks: tuple[Mapping[str, Any], ...]
    skills: tuple[str, ...]
    document: Mapping[str, Any]


@dataclasses.dataclass(frozen=True)
class PostText:
    """A quick post as it was written: who posted it (a person's key), how long ago, for how many days."""

    key: str
    by: str
    hours_ago: float
    days: int
    title: str
    text: str
    picture: str = ""
    alt: str = ""


@dataclasses.dataclass(frozen=True)
class TermText:
    """A word that the modules' texts mark as `[word](term:key)`."""

    key: str
    word: str
    reading: str
    meaning: str
    note: str = ""


@dataclasses.dataclass(frozen=True)
class TeamText:
    """A team's name."""

    key: str
    name: str


@dataclasses.dataclass(frozen=True)
class OrganisationText:
    """The client or a partner; `reps` is how many a partner has."""

    key: str
    name: str
    area_key: str
    area: str
    teams: tuple[TeamText, ...]
    reps: int = 0


@dataclasses.dataclass(frozen=True)
class PersonText:
    """Somebody with a face and a log-in."""

    key: str
    login: str
    family_name: str
    given_name: str
    family_reading: str
    given_reading: str
    roles: tuple[str, ...]
    organisation: str
    team: str
    territory: str
    face: str


@dataclasses.dataclass(frozen=True)
class Content:
    """All of it; the client is the first of the organisations."""

    language: str
    courses: tuple[CourseText, ...]
    modules: tuple[ModuleText, ...]
    scenarios: tuple[ScenarioText, ...]
    posts: tuple[PostText, ...]
    terms: tuple[TermText, ...]
    organisations: tuple[OrganisationText, ...]
    people: tuple[PersonText, ...]


def read(language: str) -> Content:
    """Read the content in this language. Raises FileNotFoundError for one that is not there."""
    modules = sorted((FOLDER / language).glob("[0-9]*.json"))
    return Content(
        language=language,
        courses=tuple(_made(CourseText, raw) for raw in _json(FOLDER / language / "courses.json")),
        modules=tuple(
            _made(ModuleText, raw | {name: tuple(raw[name]) for name in ("blocks", "skills")})
            for raw in map(_json, modules)
        ),
        scenarios=tuple(
            _scenario(raw, FOLDER / language / "scenarios")
            for raw in _json(FOLDER / language / "scenarios.json")
        ),
        posts=tuple(_made(PostText, raw) for raw in _json(FOLDER / language / "posts.json")),
        terms=tuple(
            TermText(key=raw["key"], **raw[language]) for raw in _json(FOLDER / "terms.json")
        ),
        organisations=tuple(
            _organisation(raw, language)
            for raw in [_json(FOLDER / "client.json"), *_json(FOLDER / "partners.json")]
        ),
        people=tuple(_person(raw, language) for raw in _json(FOLDER / "people.json")),
    )


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _made(kind: type[Any], raw: Mapping[str, Any]) -> Any:
    """Make a dataclass of those values that it knows."""
    known = {field.name for field in dataclasses.fields(kind)}
    return kind(**{name: value for name, value in raw.items() if name in known})


def _scenario(raw: Mapping[str, Any], folder: Path) -> ScenarioText:
    values = dict(raw) | {name: tuple(raw[name]) for name in ("blocks", "skills")}
    return ScenarioText(**values, document=_json(folder / f"{raw['key']}.json"))


def _organisation(raw: Mapping[str, Any], language: str) -> OrganisationText:
    teams: Iterable[Mapping[str, str]] = raw["teams"]
    return OrganisationText(
        key=raw["key"],
        name=raw["name"][language],
        area_key=raw["area"]["key"],
        area=raw["area"][language],
        teams=tuple(TeamText(team["key"], team[language]) for team in teams),
        reps=raw.get("reps", 0),
    )


def _person(raw: Mapping[str, Any], language: str) -> PersonText:
    """Names stand in the script of the language; a Latin one needs no reading."""
    values = dict(raw) | {"roles": tuple(raw["roles"]), "territory": raw["territory"][language]}
    if language != "ja":
        values |= {
            "family_name": raw["latin"]["family"],
            "given_name": raw["latin"]["given"],
            "family_reading": "",
            "given_reading": "",
        }
    person: PersonText = _made(PersonText, values)
    return person
