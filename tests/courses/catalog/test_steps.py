"""The steps of a module, as its page takes them."""

from typing import Any

import pytest
from django.utils import translation

from courses.catalog.reading import steps


def block(kind: str, items: int = 0) -> dict[str, Any]:
    return {"key": kind, "kind": kind, "data": {"items": items}}


@pytest.fixture(autouse=True)
def _in_english(_own_language: None) -> None:
    translation.activate("en")


def test_quiz_and_scenario_come_last_wherever_they_were_put() -> None:
    document = {"blocks": [block("text"), block("quiz", 3), block("video"), block("scenario")]}
    found = steps(document, watched=False, finished=False)
    assert [step["label"] for step in found] == ["Read", "Video", "Scenario", "Quiz: 3 questions"]
    assert [step["state"] for step in found] == ["now", "", "", ""]


def test_a_scenario_that_nobody_can_play_is_no_step() -> None:
    document = {"blocks": [block("video"), block("scenario")]}
    found = steps(document, watched=False, finished=False, plays=False)
    assert [step["label"] for step in found] == ["Video"]
