"""What others may see of a partner, by policy: the fields that `@allow(..., shared=...)` names, and where they stand.

An answer of a door that declares such fields is compared without them. A word without an entry here, or an entry
that no door declares, fails the run.
"""

import dataclasses
import json
import re
from collections.abc import Iterable
from typing import Any


@dataclasses.dataclass(frozen=True)
class Policy:
    """Fields that are shared: in JSON by their names, on a page by the patterns that enclose them."""

    why: str
    fields: frozenset[str]
    places: tuple[str, ...]


POLICIES = {
    "place": Policy(
        "Everybody sees their place among all and how many are ranked; whose the other places are, nobody",
        frozenset({"place", "total", "skipped"}),
        (
            r'<p class="s end"><b class="num">.*?</p>',
            r'<p class="fig num">.*?<p class="s end"><span class="dim">.*?</span>',
            r'<p class="s">[^<]*(<b class="num">[\d,.]+ pt</b>)?[^<]*</p>',
            r'<p class="tile"><span>[^<]*</span><b>\d+位</b>.*?</p>',
            r'<p class="s dim">[^<]*</p>(?=\s*<div class="card card-pad0">)',
        ),
    ),
    "points": Policy(
        "Everybody sees the points behind the places that are shown",
        frozenset({"score", "lines"}),
        (r'<ol class="rank">.*?</ol>',),
    ),
}


def outside(body: str, words: Iterable[str]) -> str:
    """Return an answer without the fields that these policies share."""
    chosen = [POLICIES[word] for word in words]
    if not chosen:
        return body
    fields = frozenset().union(*(each.fields for each in chosen))
    try:
        return json.dumps(_without(json.loads(body), fields))
    except ValueError:
        for pattern in (pattern for each in chosen for pattern in each.places):
            body = re.sub(pattern, "", body, flags=re.DOTALL)
        return body


def _without(value: Any, fields: frozenset[str]) -> Any:
    if isinstance(value, dict):
        return {key: _without(each, fields) for key, each in value.items() if key not in fields}
    if isinstance(value, list):
        return [_without(each, fields) for each in value]
    return value
