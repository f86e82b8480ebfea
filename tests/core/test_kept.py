"""What a process keeps is found anew in time."""

import itertools

import pytest

from core import kept
from core.kept import Kept


def test_a_value_is_found_once_until_it_is_too_old(monkeypatch: pytest.MonkeyPatch):
    now = 100.0
    monkeypatch.setattr("core.kept.time.monotonic", lambda: now)
    count = Kept(itertools.count().__next__, seconds=60)
    assert [count.get(), count.get()] == [0, 0]
    now = 160.0
    assert count.get() == 0
    now = 160.1
    assert [count.get(), count.get()] == [1, 1]
    kept.forget_all()
    assert count.get() == 2
