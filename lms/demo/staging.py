"""The scenarios of the demo: modules whose lesson is a conversation, published by the product's own door.

One stays a draft that has errors, for authors to mend.
"""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from courses.catalog import markdown
from courses.catalog.models import Block, Module, ModuleVersion
from courses.progress.publishing import publish
from courses.scenarios import reading, scoring, writing
from courses.scenarios.document import Document
from courses.scenarios.models import Scenario, ScenarioDraft, ScenarioVersion
from courses.scenarios.scoring import Attainable
from lms.demo import rows, script
from lms.demo.calendar import Calendar
from lms.demo.chance import stream, uuid_at
from lms.demo.content import Content, ScenarioText
from lms.demo.media import Picture, Studio


@dataclasses.dataclass(frozen=True)
class Stage:
    """A scenario as people play it, apart from its media: pure, and the same for the same content."""

    key: str
    opens: int
    document: Document
    attainable: Attainable
    published: dt.datetime


@dataclasses.dataclass(frozen=True)
class Staged:
    """Under which ids a scenario stands."""

    module_id: uuid.UUID
    scenario_id: uuid.UUID
    version_id: uuid.UUID


def stages(content: Content, calendar: Calendar) -> list[Stage]:
    """Return what can be played."""
    found = []
    for text in content.scenarios:
        if text.published:
            document = reading.parse(_body(text.document, {}, {}))
            found.append(
                Stage(
                    key=text.key,
                    opens=script.SCENARIOS[text.key],
                    document=document,
                    attainable=scoring.attainable(document),
                    published=script.scenario_out(text.key, calendar),
                )
            )
    return found


def wanted_media(content: Content) -> Iterator[Picture]:
    """Return the pictures that the scenarios show."""
    for text in content.scenarios:
        yield _cover(text)
        yield from faces(text).values()


def _cover(text: ScenarioText) -> Picture:
    return Picture("pictures", text.picture, text.title)


def faces(text: ScenarioText) -> dict[str, Picture]:
    """Return the faces of those who speak, by the name that the scenario gives them."""
    return {
        scene["face"]: Picture("faces", f"{scene['face']}.webp", scene["speaker"])
        for scene in reversed(text.document["scenes"])
        if scene.get("face")
    }


def _body(
    raw: Mapping[str, Any], pictures: Mapping[str, str], people: Mapping[str, str]
) -> dict[str, Any]:
    """Return a scenario with ids for names; whoever is nobody here is left out."""
    fields = {name: value for name, value in raw.items() if name != "format"}
    fields["scenes"] = [_named(scene, "face", pictures) for scene in raw["scenes"]]
    fields["explanations"] = {
        key: _named(told, "ace", people) for key, told in raw.get("explanations", {}).items()
    }
    return fields


def _named(raw: Mapping[str, Any], field: str, ids: Mapping[str, str]) -> dict[str, Any]:
    known = ids.get(raw.get(field, ""))
    rest = {name: value for name, value in raw.items() if name != field}
    return rest | ({field: known} if known else {})


@dataclasses.dataclass(frozen=True)
class Stagehand:
    """Writes the scenarios of a world. `courses` and `people` are ids by key, `author` who published."""

    content: Content
    calendar: Calendar
    studio: Studio
    courses: Mapping[str, uuid.UUID]
    people: Mapping[str, uuid.UUID]
    author: uuid.UUID
    seed: int

    def build(self) -> dict[str, Staged]:
        """Insert modules and drafts, publish those that are ready, and date them back. Returns ids by key."""
        modules = {text.key: self._module(text) for text in self.content.scenarios}
        rows.insert(modules.values())
        rows.insert(self._blocks(modules))
        scenarios = {text.key: self._scenario(text, modules[text.key]) for text in self._texts()}
        rows.insert(scenarios.values())
        rows.insert(self._draft(text, scenarios[text.key]) for text in self._texts())
        return {
            text.key: self._publish(text, modules[text.key], scenarios[text.key])
            for text in self._texts()
            if text.published
        }

    def _texts(self) -> Sequence[ScenarioText]:
        return self.content.scenarios

    def _out(self, text: ScenarioText) -> dt.datetime:
        return script.scenario_out(text.key, self.calendar)

    def _module(self, text: ScenarioText) -> Module:
        last = max(len([m for m in self.content.modules if m.course == text.course]), 1)
        own = [each.key for each in self._texts() if each.course == text.course]
        return Module(
            id=uuid_at(stream(self.seed, "module", text.key), self._out(text)),
            course_id=self.courses[text.course],
            title=text.title,
            summary=text.summary,
            minutes=text.minutes,
            language=self.content.language,
            picture_id=self.studio.asset(_cover(text)).pk,
            position=last + own.index(text.key) + 1,
            is_demo=True,
            created_at=self._out(text),
        )

    def _blocks(self, modules: Mapping[str, Module]) -> Iterator[Block]:
        for text in self._texts():
            rng = stream(self.seed, "blocks", text.key)
            for position, block in enumerate(text.blocks, start=1):
                is_text = block["kind"] == "text"
                yield Block(
                    id=uuid_at(rng, self._out(text)),
                    module_id=modules[text.key].pk,
                    key=block["key"],
                    kind=block["kind"],
                    data={"doc": markdown.to_doc(block["data"]["markdown"])} if is_text else {},
                    position=position,
                )

    def _scenario(self, text: ScenarioText, module: Module) -> Scenario:
        return Scenario(
            id=uuid_at(stream(self.seed, "scenario", text.key), self._out(text)),
            module_id=module.pk,
            version=None,
            made_by=self.author,
            created_at=self._out(text),
        )

    def _draft(self, text: ScenarioText, scenario: Scenario) -> ScenarioDraft:
        pictures = {
            face: str(self.studio.asset(picture).pk) for face, picture in faces(text).items()
        }
        people = {key: str(pk) for key, pk in self.people.items()}
        document = reading.parse(_body(text.document, pictures, people))
        return ScenarioDraft(
            scenario_id=scenario.pk,
            document=writing.dump(document),
            doc_sha256=writing.doc_sha256(document),
            saved_by=self.author,
            saved_at=self._out(text),
        )

    def _publish(self, text: ScenarioText, module: Module, scenario: Scenario) -> Staged:
        """Publish a module with its scenario as of the day on which it came out."""
        version = publish(module_id=module.pk, by=self.author).version
        ModuleVersion.objects.filter(pk=version.pk).update(published_at=self._out(text))
        played = ScenarioVersion.objects.filter(scenario_id=scenario.pk)
        played.update(published_at=self._out(text))
        return Staged(module.pk, scenario.pk, played.values_list("pk", flat=True).get())
