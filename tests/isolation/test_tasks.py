"""Tasks: what they do for a partner is the same with a rival in the world, and they begin and end without a scope."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser
from pytest_django import DjangoDbBlocker

from core import bell, scope
from core.scope import CLIENT, NONE, scoped
from partners.models import Person
from tests.architecture.doors import doors
from tests.architecture.world import CANARY
from tests.isolation import plan as planning
from tests.isolation import registry
from tests.isolation.asking import taken_back
from tests.isolation.oracles import Knowledge
from tests.isolation.rows import ids_in
from tests.isolation.scene import Scene, stage, task
from tests.partners.factories import sign_in

ELSEWHERE = {"webhooks.send": "talks to other systems, by threads with connections of their own"}
"""Tasks that can't run inside a test's transaction, and why."""

ARGUMENTS: dict[str, tuple[Any, ...]] = {"core.drain": ([], "score"), "core.sing": ("score",)}


@pytest.fixture(scope="module")
def scene(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Scene]:
    """The world, for a while with a rival."""
    with django_db_blocker.unblock(), stage(Path(tmp_path_factory.mktemp("media"))):
        yield Scene()


@pytest.fixture(autouse=True)
def _no_bells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bell, "call", lambda *_: True)


def _effects(scene: Scene, theirs: Any = ()) -> dict[str, list[str]]:
    """Return, by task, the partner's rows after it has run."""
    side = scene.mine
    ids = {side.organisation.pk, side.ids["team_id"], *(each.pk for each in side.people.values())}
    known, found = Knowledge(ids_in(scene.own_keys), theirs), {}
    for name in sorted(registry.TASKS.keys() - ELSEWHERE):
        with taken_back():
            scope.enter(NONE)
            task(name).run(*ARGUMENTS.get(name, ()))
            assert scope.current() == NONE, f"{name} leaves a scope behind"
            rows = scene.rows.texts({}, ids)
        found[name] = sorted(
            known.plain(f"{table} {row}") for table, each in rows.items() for row in each
        )
    return found


def test_a_rival_makes_no_difference_to_what_tasks_do(scene: Scene) -> None:
    with scene.with_rival() as (_rival, theirs):
        there = _effects(scene, ids_in(theirs))
    gone = _effects(scene)
    assert len(gone) >= registry.LEAST["tasks"] - len(ELSEWHERE)
    for name, rows in there.items():
        assert not [row for row in rows if CANARY in row], name
        assert rows == gone[name], name
        assert len(rows) > 50, name


def _exports(scene: Scene, role: str) -> list[str]:
    return [
        planning.url(door, scene.mine.ids)
        for door in doors()
        if door.name in registry.EXPORTS
        and door.access
        and role in planning.askers(scene.mine, door)
    ]


@pytest.mark.parametrize("change", [{"is_active": False}, {"roles": ["rep"]}])
def test_a_file_is_handed_out_by_the_rights_of_the_moment(
    scene: Scene, change: dict[str, Any]
) -> None:
    manager, asked = scene.mine.people["manager"], 0
    browser = sign_in(Browser(), manager)
    addresses = [url for url in _exports(scene, "manager") if url not in _exports(scene, "rep")]
    for address in addresses:
        before = browser.get(address).status_code
        with taken_back(), scoped(CLIENT):
            Person.objects.filter(pk=manager.pk).update(**change)
            after = browser.get(address)
            assert after.status_code in {302, 401, 404}, address
            assert "attachment" not in after.get("Content-Disposition", "")
        asked += before == 200
    assert asked >= 3
