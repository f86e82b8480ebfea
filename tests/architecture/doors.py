"""Every door of the product: walks the URL resolver down to its leaves."""

import dataclasses
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from core.access import Access

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")

REGISTER = Path(__file__).with_name("doors.txt")
"""Every door with who may use it, as somebody has looked at it: `python -m tests.architecture.doors`."""


@dataclasses.dataclass(frozen=True)
class Door:
    """One address: its route, its name for `reverse()`, and what its view declares."""

    route: str
    name: str
    access: Access | None
    view: Any = dataclasses.field(default=None, compare=False, repr=False)

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names in the route, in order."""
        return tuple(_PARAMETER.findall(self.route))

    @property
    def who(self) -> str:
        """Who may use it, as one word list."""
        return " ".join(sorted(self.access.who)) if self.access else "(undeclared)"

    @property
    def interface(self) -> Any:
        """The class behind a door of the programming interface, None for a page."""
        return getattr(self.view, "cls", None)

    def url(self, values: Mapping[str, Any]) -> str:
        """Return the address with these values for its parameters."""
        return reverse(self.name, kwargs={key: values[key] for key in self.parameters})


def doors() -> list[Door]:
    """Return every door, sorted by route."""
    return sorted(_walk(get_resolver().url_patterns, "", ""), key=lambda door: door.route)


def _walk(patterns: Any, route: str, namespace: str) -> Iterator[Door]:
    for pattern in patterns:
        path = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, path, inner)
        elif isinstance(pattern, URLPattern):
            view = pattern.callback
            yield Door(path, f"{namespace}{pattern.name}", getattr(view, "access", None), view)


def lines() -> list[str]:
    """Return the register as it should be now."""
    return [f"{door.route} | {door.name} | {door.who}" for door in doors()]


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    django.setup()
    REGISTER.write_text("\n".join(lines()) + "\n", encoding="utf-8")
