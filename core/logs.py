"""What is left out of the logs, and how much of what others sent stands there."""

import logging
from collections.abc import MutableMapping
from typing import Any

import structlog

LONGEST = 200
"""So many signs of a text stand in a log line."""

_OURS = frozenset({"exception", "stack"})
"""Fields that hold our own lines, not what somebody sent."""


class Formatter(structlog.stdlib.ProcessorFormatter):
    """structlog's own, for lines that don't bring their words `ready`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        ready: str | None = record.__dict__.get("ready")
        return super().format(record) if ready is None else ready


def bounded(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Cut texts, and escape what would forge a line or hide in it: controls, signs of direction."""
    for name, value in event.items():
        if isinstance(value, str) and name not in _OURS:
            event[name] = shown(value)
    return event


def shown(text: str) -> str:
    """Return a text as it may stand in a log."""
    if text.isprintable() and len(text) <= LONGEST:
        return text
    kept = "".join(_escaped(sign) for sign in text[:LONGEST])
    return f"{kept[:LONGEST]}…" if len(kept) > LONGEST or len(text) > LONGEST else kept


def _escaped(sign: str) -> str:
    return sign if sign.isprintable() else sign.encode("unicode_escape").decode()
