"""What the validator says: a code, where, and what the words for it need. The words are made in `scenarios.words`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ERRORS = frozenset(
    [
        "no_title",
        "no_scenes",
        "no_start",
        "start_unknown",
        "start_is_ending",
        "start_parked",
        "duplicate_key",
        "recycled_key",
        "too_many_scenes",
        "too_many_choices",
        "too_many_variables",
        "scene_without_choices",
        "ending_with_choices",
        "route_nowhere",
        "no_else",
        "goes_nowhere",
        "no_timeout_route",
        "leads_to_parked",
        "dead_end",
        "bad_bounds",
        "bad_initial",
        "enum_without_words",
        "undeclared_variable",
        "ill_typed",
        "unknown_reference",
        "may_offer_nothing",
        "exam_without_success",
        "pass_mark_too_high",
        "media_missing",
        "media_not_ready",
        "media_wrong_kind",
        "scene_without_words",
        "choice_without_words",
        "ending_without_words",
        "stuck_state",
        "trapped_state",
    ]
)
WARNINGS = frozenset(
    [
        "unreachable",
        "farmed_points",
        "no_best_choice",
        "several_best_choices",
        "best_unexplained",
        "shadowed_route",
        "never_holds",
        "unused_variable",
        "variable_unnamed",
        "captions_missing",
        "transcript_missing",
        "alt_missing",
        "choice_too_long",
        "too_many_to_choose",
        "explanation_of_nothing",
        "exam_with_rewind",
        "not_proven",
    ]
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to be mended (an error) or to be thought about (a warning)."""

    code: str
    scene: str = ""
    choice: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_error(self) -> bool:
        """Whether it keeps the scenario from being published."""
        return self.code in ERRORS

    def to_json(self) -> dict[str, Any]:
        """Return it as a version's report keeps it."""
        return {
            "code": self.code,
            "scene": self.scene,
            "choice": self.choice,
            "params": dict(self.params),
        }

    @classmethod
    def of_json(cls, raw: Mapping[str, Any]) -> "Finding":
        """Return a kept finding."""
        return cls(raw["code"], raw["scene"], raw["choice"], raw["params"])


@dataclass(frozen=True, slots=True)
class File:
    """What the validator has to know of a file: `kind` is image or video."""

    kind: str
    is_ready: bool = True
    has_captions: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """All findings about a scenario, errors first, in the order of its scenes."""

    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What blocks publishing."""
        return tuple(each for each in self.findings if each.is_error)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What only informs."""
        return tuple(each for each in self.findings if not each.is_error)

    def to_json(self) -> list[dict[str, Any]]:
        """Return it as a version keeps it."""
        return [each.to_json() for each in self.findings]
