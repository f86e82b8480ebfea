"""Every page that somebody can reach, and what must be true of each of them."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from core.access import Access
from tests.architecture import world
from tests.architecture.doors import Door, doors

NOT_PAGES = (
    "api/",
    "healthz",
    "readyz",
    "manifest.webmanifest",
    "sw.js",
    "media/<",
    "media/captions/",
    "media/picture/",
    "media/uploads/",
    "demo/<",
    "styleguide/",  # has tests of its own, and shows what no page does
)
"""How the routes begin whose answers nobody reads in a window of their own."""

TAKES_ONLY_FORMS = (
    *(
        "language/",
        "retry/",
        "remove/",
        "archive/",
        "restore/",
        "remind/",
        "practise/",
        "new/reach/",
    ),
    *(
        "course_id>/move/",
        "module_id>/move/",
        "course_id>/copy/",
        "module_id>/copy/",
        "extend/",
        "take-back/",
    ),
    *("switch/", "test/", "compute/", "cell_id>/", "redeliver/", "scenario_id>/edit/"),
    *("look/", "draw/", "withdraw/"),
    *("chosen/", "chosen/invite/", "chosen/move/", "chosen/leave/"),
    *("link_id>/revoke/", "token>/uploads/", "token>/uploads/<uuid:upload_id>/"),
    *("choose/", "back/", "pace/", "give-up/", "run_id>/move/"),
    *("import_id>/columns/", "columns/again/", "import_id>/letters/", "import_id>/check/"),
    *("import_id>/start/", "import_id>/cancel/", "import_id>/undo/", "match_id>/forget/"),
)
"""How the routes end that are sent to and never opened."""

ARE_FILES = ("imports/export/", ".csv", ".xlsx", ".<slug:form>", "file.json")
"""How the routes end whose answers are saved rather than shown."""
LOOK = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")


@dataclasses.dataclass(frozen=True)
class Stop:
    """One page of the walk."""

    name: str
    url: str


def stops(role: str, ids: dict[str, Any]) -> Iterator[Stop]:
    """Yield every page that this role opens and none before it does; for a stranger (""), what is open to all.

    What is open to everybody who signed in is the rep's to walk through, and an author's pages are left out of an
    administrator's walk. Home is shown to each of them.
    """
    for door in doors():
        if _is_page(door) and _opens(door, role):
            yield Stop(door.name, door.url(world.values_for(door.name, door.parameters, ids)))


def _is_page(door: Door) -> bool:
    return not door.route.startswith(NOT_PAGES) and not door.route.endswith(
        TAKES_ONLY_FORMS + ARE_FILES
    )


def _opens(door: Door, role: str) -> bool:
    access = door.access
    if not isinstance(access, Access):
        return False
    if door.name == "home":
        return True
    wanted = {"": "anyone", "rep": "person"}.get(role, role)
    return wanted in access.who and not (role == "admin" and "author" in access.who)


def troubles(page: Page, width: int, language: str) -> list[str]:
    """Return what is wrong with the page at this width of the window, in words."""
    assert page.viewport_size
    page.set_viewport_size({"width": width, "height": page.viewport_size["height"]})
    return [f"{width}: {each}" for each in page.evaluate(LOOK, [width, language == "ja"])]
