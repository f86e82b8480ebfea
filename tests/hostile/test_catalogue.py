"""The catalogue of bad input names tests that are there."""

import re

from tests.hostile.test_addresses import ROOT


def test_every_test_of_the_catalogue_is_there() -> None:
    text = (ROOT / "docs" / "bad-input.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text))
    assert len(named) > 70
    lost = {
        (path, name)
        for path, name in named
        if f"\ndef {name}(" not in (ROOT / path).read_text(encoding="utf-8")
    }
    assert not lost
