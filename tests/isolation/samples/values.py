"""Values for sample bodies: one's own, or the rival's in one place at a time."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.architecture.world import CANARY, Side

KEY = "01930000-0000-7000-8000-00000000aaaa"
"""What a form sends along so that it counts once."""

Body = Callable[["Values"], dict[str, Any]]


class Values:
    """What a body names: `v["team_id"]` is an id, `v.word("team", …)` a text that may be taken already.

    Names in `swap` come from the other side. `used` tells which names the body has asked for.
    """

    def __init__(
        self, own: Side, other: Side | None = None, swap: frozenset[str] = frozenset()
    ) -> None:
        self.own, self.other, self.swap = own, other, swap
        self.used: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.used.add(name)
        return (self.other if self.other and name in self.swap else self.own).ids[name]

    def many(self, name: str) -> list[Any]:
        """Return the own id and, where it is swapped, the other's behind it."""
        self.used.add(name)
        found = [self.own.ids[name]]
        if self.other and name in self.swap:
            found.append(self.other.ids[name])
        return found

    def word(self, name: str, plain: str) -> str:
        """Return a text of one's own, or the one that the other side has already."""
        self.used.add(name)
        return words_of(self.other)[name] if self.other and name in self.swap else plain

    def known(self, name: str) -> str:
        """Return a text that names one's own, or the other side's."""
        self.used.add(name)
        return words_of(self.other if self.other and name in self.swap else self.own)[name]


def words_of(side: Side) -> dict[str, str]:
    """Return what a side has named: values that could be taken."""
    rep, manager = side.people["rep"], side.people["manager"]
    mark = CANARY if side.organisation.name.startswith(CANARY) else ""
    return {
        "organisation": side.organisation.name,
        "team": rep.team.name if rep.team else "",
        "email": rep.email or "",
        "name": rep.family_name,
        "code": "Q-1",
        "deal": f"{mark}D-{side.organisation.pk.hex[-6:]}",
        "seller": manager.email or "",
        "endpoint": f"{mark}顧客管理",
        "token": f"{mark}CRM夜間",
        "phone_deal": phone_deal(side),
        "title": f"{mark}のひとこと",
    }


def phone_deal(side: Side) -> str:
    """Return the key that a rep's phone gave a deal."""
    return f"phone-{side.organisation.pk.hex[-8:]}"


@dataclasses.dataclass(frozen=True)
class Sample:
    """A body that a door takes: a form, or JSON. `query` is what its address asks for besides."""

    body: Body
    method: str = "post"
    as_json: bool = False
    query: Body | None = None
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)


def form(body: Body, *, query: Body | None = None) -> Sample:
    """Return a sample of a form."""
    return Sample(body, query=query)


def nothing() -> Sample:
    """Return a sample of a form without fields: a button."""
    return Sample(lambda _: {})


def told(body: Body, *, method: str = "post") -> Sample:
    """Return a sample of JSON."""
    return Sample(body, method=method, as_json=True)


def a_file(name: str, content: bytes, kind: str) -> SimpleUploadedFile:
    """Return a file to send."""
    return SimpleUploadedFile(name, content, kind)


def in_days(days: int) -> str:
    """Return the day in so many days."""
    return (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=days)).isoformat()
