"""The time zones that a client may choose from."""

import zoneinfo
from collections import defaultdict


def zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the time zones of the world by continent."""
    areas: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name in sorted(zoneinfo.available_timezones()):
        area, _slash, place = name.partition("/")
        if place and area not in {"Etc", "SystemV", "US", "posix", "right"}:
            areas[area].append((name, place.replace("_", " ")))
    return [*areas.items(), ("UTC", [("UTC", "UTC")])]
