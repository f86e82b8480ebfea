"""Single fields of what comes from outside: each is of its type and within its bounds, or FaultError names it."""

import re
import uuid
from collections.abc import Callable, Collection, Mapping
from typing import Any

from courses.scenarios.faults import FaultError
from courses.scenarios.keys import KEY

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ufdd0-\ufdef\ufffe\uffff]")


def an_object(raw: Any, known: Collection[str], path: str) -> Mapping[str, Any]:
    """Return an object with none but these fields."""
    if not isinstance(raw, dict):
        raise FaultError("not_an_object", path)
    for name in raw:
        if name not in known:
            raise FaultError("unknown_field", _at(path, str(name)[:40]), {"name": str(name)[:40]})
    return raw


def _at(path: str, name: str | int) -> str:
    return f"{path}.{name}" if path else str(name)


def each(raw: Any, path: str, most: int, read: Callable[[Any, str], Any]) -> tuple[Any, ...]:
    """Return what `read` makes of each entry of a list that isn't too long."""
    if raw is None:
        return ()
    if not isinstance(raw, list):
        raise FaultError("not_a_list", path)
    if len(raw) > most:
        raise FaultError("too_many", path, {"most": most, "count": len(raw)})
    return tuple(read(each, f"{path}.{place}") for place, each in enumerate(raw))


def text(raw: Any, path: str, most: int) -> str:
    """Return a text; a missing one is empty. No control signs, no halves of letters."""
    if raw is None:
        return ""
    if not isinstance(raw, str):
        raise FaultError("not_a_text", path)
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > most:
        raise FaultError("too_long", path, {"most": most, "length": len(text)})
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise FaultError("bad_sign", path) from error
    if _UNSEEN.search(text):
        raise FaultError("bad_sign", path)
    return text


def one_of(raw: Any, path: str, known: Collection[str]) -> str:
    """Return one of these words."""
    if not isinstance(raw, str) or raw not in known:
        raise FaultError("not_one_of", path, {"known": ", ".join(known)})
    return raw


def number(raw: Any, path: str, low: int, high: int) -> int:
    """Return a whole number within these bounds."""
    if isinstance(raw, bool) or not isinstance(raw, int) or not low <= raw <= high:
        raise FaultError("bad_number", path, {"low": low, "high": high})
    return raw


def flag(raw: Any, path: str) -> bool:
    """Return true or false."""
    if not isinstance(raw, bool):
        raise FaultError("not_a_flag", path)
    return raw


def key(raw: Any, path: str) -> str:
    """Return a key."""
    if not isinstance(raw, str) or not KEY.fullmatch(raw):
        raise FaultError("bad_key", path)
    return raw


def link(raw: Any, path: str) -> str | None:
    """Return where something goes to: a key, which the document need not have (the validator says so)."""
    return None if raw is None else key(raw, path)


def an_id(raw: Any, path: str) -> str | None:
    """Return the id of a file or person in its one written form."""
    if raw is None:
        return None
    try:
        return str(uuid.UUID(raw)) if isinstance(raw, str) and len(raw) == 36 else _no_id(path)
    except ValueError:
        return _no_id(path)


def _no_id(path: str) -> str | None:
    raise FaultError("bad_id", path)
