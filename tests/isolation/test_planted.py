"""The walk finds what it is there for: a leak of each kind, planted in a door, is found by the oracle for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests.architecture.doors import doors
from tests.isolation import planted
from tests.isolation.plan import Plan
from tests.isolation.scene import Scene, stage
from tests.isolation.test_declared import same
from tests.isolation.walk import Walked, walk


@pytest.fixture(scope="module")
def walked(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Walked]:
    """The walk through the doors that leak, once."""
    with (
        django_db_blocker.unblock(),
        override_settings(ROOT_URLCONF="tests.isolation.planted"),
        stage(Path(tmp_path_factory.mktemp("media"))),
    ):
        leaking = [door for door in doors() if door.name.startswith("planted:")]
        yield walk(Scene(), Plan(leaking, planted.SAMPLES))


def test_each_leak_is_found_by_its_oracle(walked: Walked) -> None:
    found = {(finding.ask.door, finding.oracle) for finding in walked.findings}
    with override_settings(ROOT_URLCONF="tests.isolation.planted"):
        found |= {(door.name, "undeclared") for door in doors() if door.access is None}
    missed = [
        (name, oracle)
        for name, oracle in planted.FOUND_BY.items()
        if (f"planted:{name}", oracle) not in found
    ]
    assert not missed, sorted(found)


def test_a_door_that_leaks_nothing_is_left_alone(walked: Walked) -> None:
    assert not [str(each) for each in walked.findings if each.ask.door == "planted:tight"]


def test_what_only_one_oracle_sees_is_seen_by_that_one(walked: Walked) -> None:
    by = {
        name: {each.oracle for each in walked.findings if each.ask.door == f"planted:{name}"}
        for name in ("counted", "searched", "unique", "hung")
    }
    assert by == {
        "counted": {"interference"},
        "searched": {"interference"},
        "unique": {"interference"},
        "hung": {"write", "interference"},
    }


@pytest.mark.parametrize("what", ["tasks", "tables", "exports"])
def test_what_nobody_declared_is_named(what: str) -> None:
    with pytest.raises(AssertionError, match="planted"):
        same({"known", "planted"}, {"known"}, what)
    with pytest.raises(AssertionError, match="aren't there"):
        same({"known"}, {"known", "gone"}, what)
