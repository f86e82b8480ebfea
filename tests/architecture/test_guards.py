"""The list of guards that `bench.mutations` takes away: it may not rot while nobody runs it."""

from pathlib import Path

import pytest

from bench.guards import EVERY, Guard
from bench.mutations import MIGRATED_ONCE
from tools.launch.places import ROOT


@pytest.mark.parametrize("guard", EVERY, ids=lambda guard: guard.name)
def test_every_guard_stands_where_it_is_taken_away(guard: Guard) -> None:
    for edit in guard.edits:
        assert edit.stands(ROOT), f"{edit.path}: mend bench/guards for {edit.old!r}"
        assert edit.old != edit.new
    for test in guard.tests:
        path, _, name = test.partition("::")
        told = Path(ROOT, path).read_text(encoding="utf-8")
        assert not name or f"def {name}(" in told, f"{path} has no test {name} any more"


def test_the_copy_can_be_made_ready() -> None:
    assert MIGRATED_ONCE.stands(ROOT)


def test_guards_have_names_of_their_own() -> None:
    assert len({guard.name for guard in EVERY}) == len(EVERY)
