"""What is left out of the logs."""

from collections.abc import MutableMapping
from typing import Any

import structlog


def one_line_a_request(
    logger: Any, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Drop the line at a request's beginning: the one at its end says the same and how it ended."""
    if event.get("event") == "request_started":
        raise structlog.DropEvent
    return event
