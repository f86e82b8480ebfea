"""Published scenarios for tests, in one line.

>>> scenario = make_scenario(price())
>>> play(rep, scenario, "ask1", "sign")
"""

import dataclasses
import uuid
from typing import Any

from core.scope import CLIENT, scoped
from courses.progress.publishing import publish as publish_module
from courses.scenarios.actions import drafting, publishing, running
from courses.scenarios.actions.positions import Answer, Position
from courses.scenarios.document import Document
from courses.scenarios.models import Run, Scenario, ScenarioVersion
from partners.models import Person
from tests.courses.factories import make_module
from tests.courses.scenarios.samples import price


def make_scenario(
    document: Document | None = None, *, published: bool = True, **module_fields: Any
) -> Scenario:
    """Make a module without a quiz whose lesson is this scenario; published, both of them."""
    with scoped(CLIENT):
        module = make_module(items=[], published=False, **module_fields)
        scenario = drafting.create_scenario(module_id=module.pk, by=None)
        put(scenario, document or price())
        if published:
            publish_module(module_id=module.pk, by=None)
    scenario.refresh_from_db()
    return scenario


def put(scenario: Scenario, document: Document) -> None:
    """Make the draft say this."""
    base = scenario.draft.__class__.objects.get(pk=scenario.pk).revision
    drafting.save_whole(scenario_id=scenario.pk, base=base, document=document, by=None, op="import")


def republish(scenario: Scenario, document: Document) -> ScenarioVersion:
    """Publish this as the next version."""
    with scoped(CLIENT):
        put(scenario, document)
        return publishing.publish(scenario_id=scenario.pk, by=None).version


def changed(document: Document, key: str, **fields: object) -> Document:
    """Return a document with fields of one scene changed."""
    scenes = tuple(
        dataclasses.replace(each, **fields) if each.key == key else each for each in document.scenes
    )
    return dataclasses.replace(document, scenes=scenes)


def choose(person: Person, position: Position, choice: str, **given: object) -> Answer:
    """Make a choice where the run stands."""
    fields = {
        "expected_seq": position.state.turn,
        "scene": position.state.scene,
        "key": uuid.uuid4(),
    } | given
    return running.choose(person=person, run_id=position.run.pk, choice=choice, **fields)


def play(person: Person, scenario: Scenario, *choices: str) -> Run:
    """Start or go on, and make these choices."""
    position = running.start(person=person, scenario_id=scenario.pk)
    for choice in choices:
        position = choose(person, position, choice).position
    return Run.objects.get(pk=position.run.pk)
