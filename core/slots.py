"""Slots: places in a lower app's page that higher apps fill in, in the same response.

`{% slot "attempt.result" attempt=attempt %}` renders what was registered for that name, in order.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

Filler = Callable[..., str]

_fillers: dict[str, list[tuple[int, Filler]]] = {}


def fill(name: str, *, order: int = 50) -> Callable[[Filler], Filler]:
    """Register a function `(request, **values) -> html` for a slot. `docs/slots.md` lists the names."""

    def register(filler: Filler) -> Filler:
        entries = _fillers.setdefault(name, [])
        entries.append((order, filler))
        entries.sort(key=lambda entry: entry[0])
        return filler

    return register


def render(name: str, request: HttpRequest, **values: Any) -> SafeString:
    """Return the HTML of all fillers of this slot, one after the other."""
    parts = [filler(request, **values) for _, filler in _fillers.get(name, [])]
    return mark_safe("".join(parts))


def names() -> set[str]:
    """Return the names of all slots that something fills."""
    return set(_fillers)
