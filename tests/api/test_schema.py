"""The description is true: whatever it allows is answered as it says, and nothing breaks a door."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema import Draft202012Validator
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from core.api import reference
from lms.wsgi import application
from tests.api.programs import make_token
from tests.architecture.doors import doors
from tests.architecture.shared import Sides, built, sides
from tests.plugin.thorough import times

__all__ = ["built", "sides"]  # fixtures

# A few for each operation on every run; `THOROUGH=100 ./test tests/api/test_schema.py` for many.
SOME = settings(
    max_examples=times(6),
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)

# What no schema says: that a cursor is one of ours, that a source exists, that a month has begun.
UNSAID = [positive_data_acceptance]


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Keep the test's connection: a web server would open another one, outside of the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def token(sides: Sides, one_connection: None) -> str:
    """A token that may do everything, in a small world."""
    ours, _, _ = sides
    return make_token(ours.people["admin"])


def _operations() -> Iterator[Any]:
    schema = schemathesis.openapi.from_dict(reference.schema())
    schema.app = application
    for found in schema.get_all_operations():
        yield found.ok()


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
def test_every_operation_answers_as_it_says(token: str, mode: GenerationMode) -> None:
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
    tried = 0
    for operation in _operations():

        @SOME
        @given(case=operation.as_strategy(generation_mode=mode))
        def answers(case: Any) -> None:
            case.call_and_validate(headers=headers, excluded_checks=UNSAID)

        answers()
        tried += 1
    assert tried == sum(len(methods) for methods in reference.schema()["paths"].values()) > 20


REGISTER = Path(__file__).with_name("operations.txt")
"""Every operation with its scope: names are a promise. `python -m tests.api.test_schema` writes it."""


def lines() -> list[str]:
    """Return the register as it should be now."""
    return [
        f"{each['id']} | {each['verb']} {each['path']} | {' '.join(each['scopes'])}"
        for group in reference.groups().values()
        for each in group
    ]


def test_names_of_operations_stay() -> None:
    assert lines() == REGISTER.read_text(encoding="utf-8").splitlines()


def test_every_door_stands_in_the_description() -> None:
    paths = {re.sub(r"<\w+:(\w+)>", r"{\1}", f"/{door.route}") for door in doors()}
    ours = {path for path in paths if path.startswith("/api/v1/")}
    assert ours - {"/api/v1/openapi.json", "/api/v1/docs/"} == set(reference.schema()["paths"])
    assert len(ours) > 20


def test_everything_is_explained_and_has_an_example() -> None:
    for group in reference.groups().values():
        for each in group:
            assert each["summary"], each["id"]
            assert any(example["way"] == "answered" for example in each["examples"]), each["id"]
            for field in (*each["parameters"], *each["sent"], *each["answered"]):
                assert field["text"], (each["id"], field["name"])


def test_examples_are_as_the_description_says() -> None:
    made = reference.schema()
    for path, methods in made["paths"].items():
        for operation in methods.values():
            bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
            for body in bodies:
                for content in body.get("content", {}).values():
                    for name, found in content.get("examples", {}).items():
                        shape = {**content["schema"], "components": made["components"]}
                        wrong = list(Draft202012Validator(shape).iter_errors(found["value"]))
                        assert not wrong, (path, name, wrong)


if __name__ == "__main__":
    REGISTER.write_text("\n".join(lines()) + "\n", encoding="utf-8")
