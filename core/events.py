"""The base of every domain event: a frozen dataclass of ids and plain values, in the past tense."""

import dataclasses
import datetime as dt
import functools
import uuid
from typing import Any, ClassVar, Self, get_type_hints


@dataclasses.dataclass(frozen=True, kw_only=True)
class Event:
    """News of one app that others may act on. An event gains fields, it never loses or renames one.

    Fields are `uuid.UUID`, `datetime`, `str`, `int`, `bool`, or one of these with `| None` and a default.
    """

    registry: ClassVar[dict[str, type["Event"]]] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        Event.registry[cls.__name__] = cls

    def to_payload(self) -> dict[str, Any]:
        """Return the event as JSON values."""
        return {f.name: _plain(getattr(self, f.name)) for f in dataclasses.fields(self)}

    @classmethod
    def from_payload(cls, payload: dict[str, Any]) -> Self:
        """Build the event again; fields that this version does not know are left out."""
        hints = _hints(cls)  # type: ignore[arg-type]
        known = {f.name for f in dataclasses.fields(cls)} & payload.keys()
        return cls(**{name: _rich(hints[name], payload[name]) for name in known})


@functools.cache
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls)


def _plain(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, dt.datetime):
        return value.isoformat()
    return value


def _rich(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    text = str(hint)
    if "UUID" in text:
        return uuid.UUID(value)
    if "datetime" in text:
        return dt.datetime.fromisoformat(value)
    return value
