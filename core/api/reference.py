"""The description of the doors as a page shows it: operations by group, with their fields laid flat."""

import functools
import json
from collections.abc import Iterator
from typing import Any

from django.utils.translation import override
from drf_spectacular.generators import SchemaGenerator

_VERBS = ("get", "post")


@functools.cache
def schema() -> dict[str, Any]:
    """Return the description. It is in English and the same for everybody, so it is made once."""
    with override("en"):
        made = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return dict(json.loads(json.dumps(made, default=str)))


def groups() -> dict[str, list[dict[str, Any]]]:
    """Return all operations, by group."""
    found: dict[str, list[dict[str, Any]]] = {}
    for operation in _operations(schema()):
        found.setdefault(operation["tag"], []).append(operation)
    return found


def _operations(made: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path, methods in made["paths"].items():
        for verb in _VERBS:
            if verb in methods:
                yield _operation(made, path, verb, methods[verb])


def _operation(made: dict[str, Any], path: str, verb: str, raw: dict[str, Any]) -> dict[str, Any]:
    body = raw.get("requestBody", {}).get("content", {}).get("application/json", {})
    good = next(each for status, each in raw["responses"].items() if status.startswith("2"))[
        "content"
    ]["application/json"]
    return {
        "id": raw["operationId"],
        "tag": raw["tags"][0],
        "verb": verb.upper(),
        "path": path,
        "summary": raw.get("summary", ""),
        "text": raw.get("description", "").split("\n\nScope of a token")[0].split("Scope of")[0],
        "scopes": next((each["token"] for each in raw["security"] if "token" in each), []),
        "parameters": [_parameter(each) for each in raw.get("parameters", [])],
        "sent": list(_fields(made, body.get("schema", {}))),
        "answered": list(_fields(made, good["schema"])),
        "examples": [
            *_examples(body, "sent"),
            *_examples(good, "answered"),
        ],
    }


def _parameter(raw: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": raw["name"],
        "kind": _kind(raw["schema"]),
        "text": raw.get("description", ""),
        "required": raw.get("required", False),
    }


def _examples(content: dict[str, Any], way: str) -> Iterator[dict[str, str]]:
    for each in content.get("examples", {}).values():
        text = json.dumps(each["value"], ensure_ascii=False, indent=2)
        yield {"way": way, "text": text}


def _fields(made: dict[str, Any], raw: dict[str, Any], path: str = "") -> Iterator[dict[str, Any]]:
    """Yield the fields of a shape, those of its parts after it, each with the way to it."""
    found = _resolved(made, raw)
    required = set(found.get("required", []))
    for name, each in found.get("properties", {}).items():
        inner = _resolved(made, each)
        yield {
            "name": f"{path}{name}",
            "kind": _kind(inner),
            "text": each.get("description") or inner.get("description", ""),
            "required": name in required,
        }
        item = inner.get("items", {}) if inner.get("type") == "array" else inner
        yield from _fields(made, item, f"{path}{name}.")


def _resolved(made: dict[str, Any], raw: dict[str, Any]) -> dict[str, Any]:
    """Return a shape where only its name stands; of alternatives the first."""
    for key in ("allOf", "oneOf", "anyOf"):
        if key in raw:
            return {**_resolved(made, raw[key][0]), **{k: v for k, v in raw.items() if k != key}}
    if "$ref" in raw:
        name = raw["$ref"].rpartition("/")[2]
        return {
            **_resolved(made, made["components"]["schemas"][name]),
            **{k: v for k, v in raw.items() if k != "$ref"},
        }
    return raw


def _kind(raw: dict[str, Any]) -> str:
    kind = raw.get("type", "object")
    if isinstance(kind, list):
        kind = " | ".join(kind)
    if "enum" in raw:
        return " | ".join(str(each) for each in raw["enum"] if each is not None)
    return f"{kind} ({raw['format']})" if "format" in raw else str(kind)
