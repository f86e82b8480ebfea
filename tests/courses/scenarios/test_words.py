"""Every finding, fault and refusal has words, in both languages, for the parameters that it comes with."""

import ast
from pathlib import Path

import pytest
from django.utils import translation

from courses.scenarios import refusals, words
from courses.scenarios.validator import validate
from courses.scenarios.validator.findings import ERRORS, WARNINGS, Finding
from tests.courses.scenarios.test_validator import _EXAMPLES, _MEDIA

_APP = Path(words.__file__).parent


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_finding_can_be_said(language: str) -> None:
    assert words.codes() == ERRORS | WARNINGS
    with translation.override(language):
        for document in _EXAMPLES.values():
            for found in validate(document, media=_MEDIA, history={"oldy": "scene"}).findings:
                assert "%" not in words.finding(found).replace("60%", "").replace("50%", "")


@pytest.mark.parametrize(
    "code", ["bad_bounds", "bad_initial", "enum_without_words", "unused_variable"]
)
def test_what_is_wrong_with_a_variable_names_it_as_one(code: str) -> None:
    """Beside it stands “The scenario”, which would else be read as what is named."""
    said = words.finding(Finding(code, params={"var": "calm", "name": "落ちつき"}))
    assert "変数「落ちつき」" in said


def _codes(name: str, place: int = 0) -> set[object]:
    """Return the codes with which this is called or raised anywhere in the app."""
    return {
        ast.literal_eval(node.args[place])
        for path in _APP.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and name == getattr(node.func, "id", getattr(node.func, "attr", ""))
        and len(node.args) > place
        and isinstance(node.args[place], ast.Constant)
    }


def test_every_refusal_can_be_said() -> None:
    assert _codes("FaultError") == set(refusals._FAULTS)
    assert _codes("_wrong", 2) == set(refusals._CELLS)
    assert _codes("RefusedError") == set(refusals._ACTS)
