"""Scenarios: their drafts, what was published of them, and people's runs through them."""

from courses.scenarios.models.contents import (
    Proof,
    Scenario,
    ScenarioDraft,
    ScenarioEdit,
    ScenarioVersion,
    Withdrawal,
)
from courses.scenarios.models.runs import Run, RunEvent

__all__ = [
    "Proof",
    "Run",
    "RunEvent",
    "Scenario",
    "ScenarioDraft",
    "ScenarioEdit",
    "ScenarioVersion",
    "Withdrawal",
]
