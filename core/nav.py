"""The main navigation: apps say in their `slots.py` which places they add to it."""

import dataclasses
from collections.abc import Callable, Iterable

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import fixed


@dataclasses.dataclass(frozen=True)
class NavItem:
    """One place in the tab bar (phone) or side bar (PC), for people with one of `roles` of whom `only` is true."""

    key: str
    label: "str | Promise"
    icon: str
    url_name: str
    roles: frozenset[str]
    order: int
    only: Callable[[HttpRequest], bool]


@dataclasses.dataclass(frozen=True)
class NavLink:
    """A place as the template draws it; on a phone it stands behind "More" where the bar has no room for it."""

    label: "str | Promise"
    icon: str
    url: str
    current: bool
    is_more: bool = False


PLACES = 5
"""So many places a phone's bar has room for."""

_items: dict[str, NavItem] = {}
_below: list[tuple[str, str]] = []
_named: "dict[str, str | Promise]" = {"core:notices": _("Notices")}


def _always(_request: HttpRequest) -> bool:
    return True


def register(
    key: str,
    label: "str | Promise",
    icon: str,
    url_name: str,
    *,
    roles: Iterable[str],
    order: int,
    only: Callable[[HttpRequest], bool] = _always,
) -> None:
    """Add a place to the navigation. Registering a key again replaces it."""
    _items[key] = NavItem(key, label, icon, url_name, frozenset(roles), order, only)


def put_below(key: str, url_name: str) -> None:
    """Say that a page, and those below its address, belong to a place whose address they don't begin with.

    Of several places that somebody has, it is the one of which this was said first.
    """
    _below.append((key, url_name))


def name(url_name: str, label: "str | Promise") -> None:
    """Name a page that has no place of its own, for who is to be told of it where it can't be shown."""
    _named[url_name] = label


def names() -> "list[tuple[str, str | Promise]]":
    """Return the address and name of every page that has one, whoever it is for."""
    places = [(item.url_name, item.label) for item in _items.values()]
    return [(fixed.address(url_name), label) for url_name, label in (*places, *_named.items())]


def links(request: HttpRequest, roles: frozenset[str]) -> list[NavLink]:
    """Return the places of somebody with these roles, the current one marked.

    Where there are more than the bar has room for, its last place leads to the rest.
    """
    theirs = (item for item in _items.values() if item.roles & roles and item.only(request))
    mine = sorted(theirs, key=lambda item: item.order)
    room = PLACES if len(mine) <= PLACES else PLACES - 1
    urls = [(item, fixed.address(item.url_name)) for item in mine]
    held = [(url, item.key) for item, url in urls] + [
        (fixed.address(name), key) for key, name in _below if any(key == item.key for item in mine)
    ]
    _url, best = max(
        (
            (url, key)
            for url, key in held
            if request.path == url or (url != "/" and request.path.startswith(url))
        ),
        key=lambda each: len(each[0]),
        default=("", ""),
    )
    return [
        NavLink(item.label, item.icon, url, item.key == best, is_more=place >= room)
        for place, (item, url) in enumerate(urls)
    ]
